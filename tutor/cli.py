"""The command line: python -m tutor COMMAND.

    serve    the page, on http://127.0.0.1:7860
    ask      one question, answered in the terminal; or --jsonl FILE, a line in, a line out
    search   the passages found for a question; or --jsonl FILE
    info     version, model, index, counts
    models   the known models and which are here
    pull     fetch a model and check its hash
    index    the indexes on a Chroma server; --prune deletes those that nobody reads
    check    proofread the guide

Options are made from `tutor.settings`; every one has a TUTOR_* variable. A TutorError ends a
command with its one line and status 2, Ctrl-C with 130.
"""

import argparse
import json
import os
import pkgutil
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from tutor import __version__
from tutor.errors import InputError, SettingsError, TutorError
from tutor.processors import limit_threads, processors
from tutor.settings import Settings, read_settings
from tutor.terminal.show import Terminal

LIBRARY = ("home", "corpus", "chroma")
ENGINE = (
    "model", "endpoint_model", "endpoint_key", "fallback", "hub", "threads", "context",
    "max_tokens", "timeout",
)  # fmt: skip
SERVER = ("host", "port", "root_path", "category", "slots", "queue", "panel")

EXAMPLES = """examples:
  python -m tutor serve --port 8000 --category 05_text_generation
  python -m tutor ask "Why would top-p keep only one token?"
  python -m tutor ask --jsonl questions.jsonl > answers.jsonl
"""


def make_parser() -> argparse.ArgumentParser:
    """The whole command line; options come from the fields of Settings."""
    parser = argparse.ArgumentParser(
        prog="python -m tutor",
        description="A tutor for LLM interviews that runs on your own machine.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(
        name: str, run: Callable[[argparse.Namespace, Terminal], None], text: str, *fields: str
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        made.set_defaults(run=run)
        for field in fields:
            add_option(made, field)
        return made

    command("serve", run_serve, "serve the page", *SERVER, *LIBRARY, *ENGINE)
    ask = command("ask", run_ask, "answer a question", "category", *LIBRARY, *ENGINE)
    search = command("search", run_search, "find the passages for a question", "category", *LIBRARY)
    for made in (ask, search):
        made.add_argument("question", nargs="*", help="the question, in quotes or not")
        made.add_argument(
            "--jsonl", metavar="FILE", help="read questions as JSON lines from FILE (- for stdin)"
        )
    info = command("info", run_info, "show version, model, index and counts", "model", *LIBRARY)
    info.add_argument("--json", action="store_true", help="print JSON")
    command("models", run_models, "list the known models", "home")
    pull = command("pull", run_pull, "fetch a model and check its hash", "home", "hub")
    pull.add_argument("name", help="a name from `models`, or a hub file as owner/repo:file.gguf")
    index = command("index", run_index, "list the indexes on a Chroma server", "chroma")
    index.add_argument(
        "--prune", action="store_true", help="delete those that nobody has read for a day"
    )
    check = command("check", run_check, "proofread the guide", "corpus")
    check.add_argument("folders", nargs="*", help="category folders (all of them by default)")
    return parser


def add_option(parser: argparse.ArgumentParser, name: str) -> None:
    """The option for one field of Settings; its value is None unless it is given."""
    field = Settings.model_fields[name]
    option = f"--{name.replace('_', '-')}"
    text = (field.description or "").replace("%", "%%")
    shown = (
        "" if field.default in ("", None) or name in ("home", "corpus") else f" [{field.default}]"
    )
    action: Any = argparse.BooleanOptionalAction if field.annotation is bool else "store"
    parser.add_argument(
        option, action=action, default=None, help=f"{text}{shown} (TUTOR_{name.upper()})"
    )


def settings_of(options: argparse.Namespace) -> Settings:
    """The settings that the options and the environment give."""
    given = {name: getattr(options, name, None) for name in Settings.model_fields}
    return read_settings(**given)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    # Set before any library is imported: nothing is reported to anyone, and nothing is fetched
    # except by `pull` and the start, from the catalogue.
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    limit_threads(os.environ, processors())
    # Threads that wait for each other sleep: while another program wants a core, or the search does
    # beside the model, threads that spin instead take it from the one they wait for.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    options = make_parser().parse_args(arguments)
    terminal = Terminal()
    try:
        options.run(options, terminal)
    except TutorError as error:
        terminal.end()
        print(f"tutor: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader of our output has left; Python's own flush at exit must not fail on it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        terminal.end()
        return 130
    return 0


def run_serve(options: argparse.Namespace, terminal: Terminal) -> None:
    """Serve the page until Ctrl-C."""
    from tutor.web.serve import serve

    settings = settings_of(options)
    serve(settings, terminal, panel_of(settings.panel))


def panel_of(name: str) -> Any:
    """The function named `module:function` that makes the page's panel; None for no name.

    Raises SettingsError if there is no such function.
    """
    if not name:
        return None
    try:
        return pkgutil.resolve_name(name)
    except (ImportError, AttributeError, ValueError) as error:
        message = f"There is no panel '{name}' ({error})."
        raise SettingsError(
            f"{message} Use demos.tabs:open_panel, or --panel '' for none."
        ) from error


def run_ask(options: argparse.Namespace, terminal: Terminal) -> None:
    """Answer one question as it is made, or a file of them."""
    from tutor.start import open_tutor
    from tutor.terminal.jsonl import answer_lines, ask_result

    question = asked(options)
    settings = settings_of(options)
    library, engine, tutor = open_tutor(settings, terminal.report)
    terminal.end()
    try:
        if options.jsonl:
            print_lines(answer_lines(lines_of(options.jsonl), lambda a: ask_result(tutor, a)))
        else:
            terminal.reply(tutor.reply(question, category=settings.category or None))
    finally:
        library.index.close()
        if engine:
            engine.close()


def run_search(options: argparse.Namespace, terminal: Terminal) -> None:
    """Show the passages for one question, or for a file of them."""
    from tutor.start import make_tutor, open_library
    from tutor.terminal.jsonl import answer_lines, search_result

    question = asked(options)
    settings = settings_of(options)
    library = open_library(settings, terminal.report)
    terminal.end()
    tutor = make_tutor(library, None, settings)
    try:
        if options.jsonl:
            print_lines(answer_lines(lines_of(options.jsonl), lambda a: search_result(tutor, a)))
        else:
            terminal.evidence(
                tutor.look_up(tutor.understand(question), (), settings.category or None)
            )
    finally:
        library.index.close()


def run_info(options: argparse.Namespace, terminal: Terminal) -> None:
    """Show what this installation consists of."""
    from tutor.start import describe

    facts = describe(settings_of(options), terminal.report)
    terminal.end()
    if options.json:
        print(json.dumps(facts, indent=2))
    else:
        for name, value in facts.items():
            print(f"{name:12} {value}")


def run_models(options: argparse.Namespace, _: Terminal) -> None:
    """List the catalogue with what is here."""
    from tutor.engine.models import listing

    for model, status in listing(settings_of(options).home):
        here = "here" if status.path else status.reason
        size = f"{model.bytes / 1e6:,.0f} MB"
        print(f"{model.name:20} {size:>9}  {here:9}  {model.licence:11} {model.purpose}")


def run_pull(options: argparse.Namespace, terminal: Terminal) -> None:
    """Fetch one model."""
    from tutor.engine.catalog import Model
    from tutor.engine.models import resolve
    from tutor.start import model_file

    settings = settings_of(options)
    source = resolve(options.name, settings.hub)
    if not isinstance(source, Model):
        raise InputError(f"'{options.name}' is nothing to fetch. See: python -m tutor models")
    path, _ = model_file(source, settings, terminal.report)
    terminal.end()
    print(path)


def run_index(options: argparse.Namespace, _: Terminal) -> None:
    """List the indexes on a Chroma server, or delete the old ones."""
    from tutor.search.remote import prune, versions

    address = settings_of(options).chroma
    if not address:
        message = "The index in the home folder is looked after by itself."
        raise InputError(f"{message} For a Chroma server: --chroma http://host:port")
    if options.prune:
        print("\n".join(f"deleted {name}" for name in prune(address)) or "nothing to delete")
    for one in versions(address):
        print(f"{one.mark}  {one.entries:7,} entries  read {one.unread / 3600:.1f} h ago")


def run_check(options: argparse.Namespace, _: Terminal) -> None:
    """Print what the proofreader finds; InputError if it finds anything."""
    from tutor.guide.proofread import proofread

    root = settings_of(options).corpus
    findings = proofread(root, [root / Path(name).name for name in options.folders] or None)
    for finding in findings:
        print(finding)
    if findings:
        raise InputError(f"{len(findings)} findings in {root}.")


def asked(options: argparse.Namespace) -> str:
    """The question of the command line; InputError unless there is exactly one source of them."""
    question = " ".join(options.question)
    if bool(question) == bool(options.jsonl):
        raise InputError(f"Give a question or --jsonl FILE: python -m tutor {options.command} -h")
    return question


def lines_of(name: str) -> Iterable[str]:
    """The lines of a file, or of standard input for `-`; InputError if it cannot be read."""
    try:
        if name == "-":
            yield from sys.stdin
        else:
            with Path(name).open(encoding="utf-8", errors="replace") as file:
                yield from file
    except OSError as error:
        raise InputError(f"{name} cannot be read ({error.strerror}).") from error


def print_lines(results: Iterable[dict[str, Any]]) -> None:
    """One JSON object a line, each as soon as it is there."""
    for result in results:
        print(json.dumps(result, ensure_ascii=False), flush=True)
