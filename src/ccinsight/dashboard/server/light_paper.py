"""Opens a page that is to be printed (``print=1``) on the light theme, whatever theme the browser keeps for the site.

Streamlit takes the theme of one visit from the address alone where the page is embedded, so the browser is sent to the
same address with that said; embedded, a page has no header of Streamlit's either.
"""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ccinsight.dashboard.navigation import PAGES, PRINT
from ccinsight.dashboard.session.printing import ON

_LIGHT = "embed=true&embed_options=light_theme"


class LightPaper:
    """Redirects within the same path; everything else is passed on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET" and _is_page(scope["path"]):
            query = scope["query_string"].decode("latin-1")
            asked = parse_qs(query)
            if asked.get(PRINT) == [ON] and "embed" not in asked:
                # relative: a proxy may serve the site under another path
                await RedirectResponse(f"?{query}&{_LIGHT}")(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _is_page(path: str) -> bool:
    """True of a page's path under any base path; the overview's is the root."""
    return path.endswith("/") or path.rpartition("/")[2] in PAGES
