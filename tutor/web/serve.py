"""Serves the page: it is up within seconds, while guide, index and model load behind it."""

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterable
from importlib.resources import files
from typing import Any

from tutor.engine.generate import Engine
from tutor.errors import SettingsError
from tutor.guide.read import Guide, read_guide
from tutor.settings import Settings
from tutor.start import Library
from tutor.terminal.show import Terminal
from tutor.web.loading import Loading

# What makes the panel beside the sources; see `tutor.web.chat.Panel`.
OpenPanel = Callable[[Settings, Callable[[], Library], Callable[[], Engine]], Any]

SCRIPTS = ("page.js", "draft.js", "editing.js", "listen.js", "practice.js", "access.js")
EARLY = ("storage.js", "clipboard.js")  # must be there before Gradio's own scripts run
STYLES = ("page.css", "progress.css")
# Seconds that answers under way have to end after a SIGTERM; a host that waits for 10 sees the end.
LONGEST_DRAIN = 4.0
LOOK = 0.1  # seconds between looks at them
OTHERS = 40  # threads for what is not a reply: Gradio's own number
CONNECTIONS = 65_536  # open at most, where the machine allows so many
MOST_UPLOADED = "1mb"  # no files are uploaded; the limit keeps others from trying


def launch_options(settings: Settings) -> dict[str, Any]:
    """How Gradio is to serve: no telemetry, no history kept, no tracebacks shown, no files."""
    from tutor.web.chat import AT_ONCE

    page = files("tutor.web")
    return {
        "server_name": settings.host,
        "server_port": settings.port,
        "root_path": settings.root_path or None,
        "css": "".join((page / name).read_text(encoding="utf-8") for name in STYLES),
        "head": "".join(
            f"<script>{(page / name).read_text(encoding='utf-8')}</script>" for name in EARLY
        ),
        "js": script((page / name).read_text(encoding="utf-8") for name in SCRIPTS),
        "theme": theme(),
        "max_threads": AT_ONCE + OTHERS,
        "quiet": True,
        "show_error": False,
        "ssr_mode": False,
        "run_history": False,
        "enable_monitoring": False,
        "max_file_size": MOST_UPLOADED,
        "footer_links": [],
        # Gradio asks its own page once, for three seconds at most, and ends the program if nothing
        # comes: on a busy machine nothing may, while a model is loaded beside it.
        "_frontend": False,
    }


def script(parts: Iterable[str]) -> str:
    """Functions of the page's script as the one function that Gradio takes."""
    return "() => {\n" + "\n".join(f"({part.strip()})();" for part in parts) + "\n}"


def theme() -> Any:
    """Gradio's soft theme in the system's own fonts: nothing to fetch, nothing that shifts.

    Its quiet text, labels, links and main buttons get colors that can be read: 4.5 to 1 at least
    against what is behind them (WCAG 2.2, 1.4.3).
    """
    import gradio as gr

    sans = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"]
    mono = ["ui-monospace", "SF Mono", "Menlo", "Consolas", "monospace"]
    soft = gr.themes.Soft(font=sans, font_mono=mono, text_size="md", spacing_size="sm")
    return soft.set(
        body_text_color_subdued="*neutral_500",
        input_placeholder_color="*neutral_500",
        color_accent="*primary_600",
        block_label_text_color="*primary_700",
        block_title_text_color="*primary_700",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        checkbox_label_background_fill_selected="*primary_600",
        link_text_color_visited="*secondary_600",
        link_text_color_dark="*secondary_400",
        link_text_color_hover_dark="*secondary_300",
        link_text_color_active_dark="*secondary_400",
        link_text_color_visited_dark="*secondary_400",
    )


def open_page(
    settings: Settings, open_panel: OpenPanel | None = None
) -> tuple[Any, Loading, Guide]:
    """The page, the loading behind it, and the guide; the loading has begun, the page is not
    launched yet.

    `open_panel` makes what stands beside the sources from the settings and from functions that
    wait for the library and the language model. Raises GuideError if the guide cannot be read or
    the category is unknown.
    """
    guide = read_guide(settings.corpus)
    if settings.category:
        guide.category(settings.category)
    loading = Loading(settings)
    from tutor.web.chat import AT_ONCE
    from tutor.web.page import build_page

    panel = open_panel(settings, loading.library, loading.engine) if open_panel else None
    page = build_page(loading, guide, panel).queue(max_size=AT_ONCE)
    loading.start()
    return page, loading, guide


def serve(settings: Settings, terminal: Terminal, open_panel: OpenPanel | None = None) -> None:
    """Serve until Ctrl-C or SIGTERM; answers under way may end, unless it is said twice.

    Raises SettingsError if the port cannot be had.
    """
    allow_connections()
    page, loading, guide = open_page(settings, open_panel)
    stopped, hurried = threading.Event(), threading.Event()
    from tutor.web.figures import add_figures
    from tutor.web.health import add_health

    try:
        app, _, _ = page.launch(**launch_options(settings), prevent_thread_lock=True)
        add_figures(app, guide)
        add_health(app, loading)
    except OSError as error:
        message = f"Port {settings.port} on {settings.host} cannot be used"
        raise SettingsError(f"{message}. Choose another: --port {settings.port + 1}") from error

    def stop(*_: Any) -> None:
        (hurried if stopped.is_set() else stopped).set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    print(f"LLM interview tutor on http://{host}:{settings.port} (Ctrl-C stops it)", flush=True)
    seen = ""
    while not stopped.wait(0.5):
        status = loading.status
        settled = status.ready or bool(status.problem)
        if settled and status.text != seen:
            terminal.end()
            print("\n".join(filter(None, [status.text, status.problem])), flush=True)
            seen = status.text
        elif not settled:
            terminal.report(status.text, status.share)
    terminal.end()
    loading.leave()
    drain(page, hurried)
    page.close(verbose=False)
    loading.close()


def allow_connections(most: int = CONNECTIONS) -> None:
    """Let this process hold as many connections as the machine allows, up to `most`.

    A connection is an open file, of which a process often begins with 1,024; a thousand people who
    only look at the page would leave no room for one who asks.
    """
    with contextlib.suppress(ImportError):  # Windows has no such limit
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def drain(page: Any, hurried: threading.Event, longest: float = LONGEST_DRAIN) -> None:
    """Wait until no answer grows any more, for `longest` seconds at most, or until hurried."""
    deadline = time.monotonic() + longest
    while any(page._queue.active_jobs) and time.monotonic() < deadline and not hurried.wait(LOOK):
        pass
