"""GET /health, for hosts and proxies: 200 once questions are answered, else 503; the state as JSON.

{"text": "Answering with qwen2.5-coder-0.5b", "share": null, "searchable": true, ...}
"""

from dataclasses import asdict
from typing import Any

from tutor.web.loading import Loading


def add_health(app: Any, loading: Loading) -> None:
    """Serve the state of a loading; before Gradio's own routes, which take /health for a place."""
    from fastapi.responses import JSONResponse
    from fastapi.routing import APIRoute

    def health() -> JSONResponse:
        status = loading.status
        return JSONResponse(asdict(status), 200 if status.searchable else 503)

    app.router.routes.insert(0, APIRoute("/health", health, methods=["GET"]))
