"""Measures the tutor and the baseline on the test half of the sets: python -m tests.eval.run

    --answers N   graded answers to generate (all by default; 0 for retrieval alone)
    --no-baseline the tutor alone

Prints a table and the misses, and writes tests/eval/results.json, from which the README's table is
made by `python -m tests.docs`.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.eval.baseline import Baseline
from tests.eval.grade import claims_made, facts_stated
from tests.eval.sets import FOLDER, Case, read
from tests.eval.turns import figures_of, outcomes, share
from tutor.engine.generate import Sampling
from tutor.engine.llama_index import EngineLLM
from tutor.reply.tutor import Tutor
from tutor.settings import read_settings
from tutor.start import Library, open_tutor

RESULTS = FOLDER / "results.json"
Figures = dict[str, Any]


def hit(topics: Sequence[int], case: Case, k: int) -> bool:
    """Whether one of the first k topics is a label."""
    return any(topic in case.labels for topic in topics[:k])


def routing(tutor: Tutor) -> tuple[Figures, list[str]]:
    """Topics, refusals and times of the search, with every miss as a line."""
    questions, outside = read("questions", "test"), read("outofscope", "test")
    dialogues, misses, times = read("dialogues", "test"), [], []

    def look(case: Case) -> tuple[Sequence[int], bool]:
        reply = tutor.look_up(tutor.understand(case.question, case.history), case.history)
        times.append(reply.timings.evidence_ms)
        evidence = reply.evidence
        return (evidence.topics, evidence.covered) if evidence else ((), False)

    seen = {case.id: look(case) for case in [*questions, *outside, *dialogues]}
    for case in [*questions, *dialogues]:
        topics, covered = seen[case.id]
        if not hit(topics, case, 1):
            misses.append(f"topic {list(topics[:3])}, not {list(case.labels)}: {case.question}")
        if not covered:
            misses.append(f"refused: {case.question}")
    misses += [f"answered as {seen[c.id][0][:1]}: {c.question}" for c in outside if seen[c.id][1]]
    figures: Figures = {
        "hit@1": share([hit(seen[c.id][0], c, 1) for c in questions]),
        "hit@3": share([hit(seen[c.id][0], c, 3) for c in questions]),
        "follow-up hit@1": share([hit(seen[c.id][0], c, 1) for c in dialogues]),
        "false refusals": share([not seen[c.id][1] for c in questions]),
        "refused far": share([not seen[c.id][1] for c in outside if c.kind == "far"]),
        "refused near": share([not seen[c.id][1] for c in outside if c.kind == "near"]),
        "search p50 ms": round(statistics.median(times), 1),
        "search p95 ms": round(statistics.quantiles(times, n=20)[-1], 1),
    }
    return figures, misses


def answering(cases: Sequence[Case], answer: Callable[[Case], str]) -> tuple[Figures, list[str]]:
    """Facts stated and forbidden claims made in generated answers."""
    found = asked = wrong = 0
    misses, seconds = [], []
    for case in cases:
        start = time.perf_counter()
        text = answer(case)
        seconds.append(time.perf_counter() - start)
        stated, wanted = facts_stated(case, text)
        claims = claims_made(case, text)
        found, asked, wrong = found + stated, asked + wanted, wrong + bool(claims)
        if stated < wanted or claims:
            misses.append(f"{stated}/{wanted} facts {claims or ''}: {case.question}")
    figures: Figures = {
        "core facts": round(found / asked, 3) if asked else 0.0,
        "answers with a forbidden claim": round(wrong / len(cases), 3) if cases else 0.0,
        "answer p50 s": round(statistics.median(seconds), 1) if seconds else 0.0,
    }
    return figures, misses


def tutor_answers(tutor: Tutor, cases: Sequence[Case]) -> tuple[Figures, list[str]]:
    """The tutor's graded answers, and how much of what the model said was not supported."""
    firsts: list[float] = []
    shown = dropped = unsupported = 0

    def answer(case: Case) -> str:
        nonlocal shown, dropped, unsupported
        first, *_, last = tutor.reply(case.question, case.history)
        firsts.append(first.timings.evidence_ms)
        shown, dropped = shown + len(last.added), dropped + len(last.dropped)
        guide = " ".join(chunk.text for chunk in tutor.retriever.passages)
        unsupported += sum(check.sentence not in guide for check in last.added)
        return last.text

    figures, misses = answering(cases, answer)
    figures["generated sentences shown"] = shown
    figures["shown without support"] = round(unsupported / shown, 3) if shown else 0.0
    figures["generated sentences dropped"] = dropped
    figures["first words p50 ms"] = round(statistics.median(firsts), 1) if firsts else 0.0
    return figures, misses


def baseline_figures(library: Library, llm: EngineLLM | None, graded: Sequence[Case]) -> Figures:
    """The same questions put to LlamaIndex's defaults."""
    with tempfile.TemporaryDirectory() as folder:
        baseline = Baseline(library.guide, library.embedder, llm, Path(folder))
        questions, dialogues = read("questions", "test"), read("dialogues", "test")
        found = {c.id: baseline.topics(c.question) for c in [*questions, *dialogues]}
        figures: Figures = {
            "hit@1": share([hit(found[c.id], c, 1) for c in questions]),
            "hit@3": share([hit(found[c.id], c, 3) for c in questions]),
            "follow-up hit@1": share([hit(found[c.id], c, 1) for c in dialogues]),
        }
        if graded:
            figures |= answering(graded, lambda c: baseline.answer(c.question, c.history))[0]
    return figures


def main(argv: Sequence[str] | None = None) -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--answers", type=int, default=None)
    parser.add_argument("--baseline", action=argparse.BooleanOptionalAction, default=True)
    options = parser.parse_args(argv)
    settings = read_settings()
    library, engine, tutor = open_tutor(settings, lambda *_: None)
    graded = read("graded")[: options.answers]
    figures, misses = routing(tutor)
    answers, more = tutor_answers(tutor, graded)
    results = {"model": tutor.model, "tutor": figures | figures_of(list(outcomes(tutor))) | answers}
    if options.baseline:
        llm = EngineLLM(engine, settings.context, Sampling(settings.max_tokens)) if engine else None
        results["baseline"] = baseline_figures(library, llm, graded)
    print("\n".join(misses + more))
    for name, value in results["tutor"].items():
        print(f"{name:32} {value:>8} {results.get('baseline', {}).get(name, ''):>8}")
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    library.index.close()
    if engine:
        engine.close()


if __name__ == "__main__":
    main()
