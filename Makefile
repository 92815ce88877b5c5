# make run     everything from a bare machine to the page on http://127.0.0.1:7860
# make setup   the same without starting it
# make test    the tests that take seconds        make test-slow   the others
# make lint    format, lint, types                make eval    figures over tests/eval
# make bench   start-up, memory, search times     make train   the trained readers, from their data
# make figures the guide's pictures               make demo NAME=tokenization
# make speech  adds answering aloud: your microphone, written down on this machine

PYTHON ?= python3
BIN := .venv/bin
# PyTorch's own index has builds without CUDA, which are a tenth of the size. Where it does not
# answer within seconds, pip's usual source is asked for the same version.
TORCH_INDEX := https://download.pytorch.org/whl/cpu
TORCH := $(shell grep -i '^torch==' constraints.txt)
NAME ?= tokenization

.PHONY: run setup speech test test-slow lint train figures eval bench demo clean

run: .venv/installed
	@$(BIN)/python -m tutor serve

setup: .venv/installed
	@$(BIN)/python -m tutor pull $${TUTOR_MODEL:-qwen2.5-coder-0.5b}
	@$(BIN)/python -m tutor info

speech: .venv/installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[speech]'

test: .venv/developed
	@$(BIN)/python -m tutor pull smollm2-135m
	@$(BIN)/python -m pytest -m "not slow" --numprocesses 2 --dist loadfile $(ARGS)

# A thread of PyTorch that waits for a core leaves it to others: two test processes share two cores.
test test-slow: export OMP_WAIT_POLICY := PASSIVE
test-slow: .venv/developed
	@$(BIN)/python -m tutor pull smollm2-135m
	@$(BIN)/python -m pytest -m slow --numprocesses 2 --dist loadfile $(ARGS)

lint: .venv/developed
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

train: .venv/developed
	@$(BIN)/python -m training.vectors
	@$(BIN)/python -m training.reader
	@$(BIN)/python -m training.wishes
	@$(BIN)/python -m training.pairs
	@$(BIN)/python -m training.tagger
	@$(BIN)/python -m training.grader
	@$(BIN)/python -m training.fit

figures: .venv/developed
	@$(BIN)/python -m figures

eval: .venv/developed
	@$(BIN)/python -m tutor pull $${TUTOR_MODEL:-qwen2.5-coder-0.5b}
	@$(BIN)/python -m tests.eval.run

bench: .venv/developed
	@$(BIN)/python -m tutor pull $${TUTOR_MODEL:-qwen2.5-coder-0.5b}
	@$(BIN)/python -m tests.bench.run

demo: .venv/installed
	@$(BIN)/python -m demos.$(NAME)

clean:
	rm -rf .venv

.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	@if $(BIN)/python -c 'import urllib.request as r; r.urlopen("$(TORCH_INDEX)/torch/", timeout=5)' 2>/dev/null; \
	then echo "PyTorch from its own CPU index"; $(BIN)/python -m pip install --quiet --index-url $(TORCH_INDEX) $(TORCH); \
	else echo "PyTorch from pip's usual source"; $(BIN)/python -m pip install --quiet $(TORCH); fi
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

.venv/developed: .venv/installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev
	@touch $@
