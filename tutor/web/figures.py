"""The figures on the page: the HTML below an answer, and the route that serves the files."""

import html
from typing import Any

from tutor.guide.read import HOW_IT_WORKS, IN_SHORT, ONE_MINUTE, Figure, Guide
from tutor.reply.tutor import Reply

WHOLE = {IN_SHORT, ONE_MINUTE, HOW_IT_WORKS}  # sections that a figure of the question illustrates


def figure_below(reply: Reply, guide: Guide) -> str:
    """The figure of the guide question that a reply answers as a whole; empty if there is none."""
    if not reply.lead.chunks or reply.lead.chunks[0].section not in WHOLE:
        return ""
    figure = guide.questions[reply.lead.number].figure
    return figure_html(reply.lead.number, figure) if figure else ""


def figure_html(number: int, figure: Figure) -> str:
    """Both pictures, of which the page's style shows the one for its theme."""
    alt = html.escape(figure.alt)
    images = "".join(
        f'<img class="on-{theme}" src="figure/{number}/{theme}" alt="{alt}">'
        for theme in ("light", "dark")
    )
    caption = html.escape(figure.caption, quote=False)
    return f'<figure class="drawn">{images}<figcaption>{caption}</figcaption></figure>'


def add_figures(app: Any, guide: Guide) -> None:
    """Serve the figures of a guide as figure/NUMBER/light and figure/NUMBER/dark."""
    from fastapi import HTTPException
    from fastapi.responses import FileResponse

    def picture(number: int, theme: str) -> FileResponse:
        question = guide.questions.get(number)
        if question is None or question.figure is None or theme not in ("light", "dark"):
            raise HTTPException(404)
        path = question.figure.dark if theme == "dark" else question.figure.light
        return FileResponse(path, media_type="image/svg+xml")

    app.add_api_route("/figure/{number}/{theme}", picture, methods=["GET"])
