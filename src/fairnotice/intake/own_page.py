"""Whether a request was sent from a page of ours, without a cookie: whoever blocks them must get in, too.

Browsers say where a form was sent from (`Sec-Fetch-Site`, `Origin`), and a page elsewhere cannot change that.
A request that says nothing is let in: an old or a careful browser, or a program, which needs no browser.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest


def from_elsewhere(request: HttpRequest) -> bool:
    """Whether the browser says that another site's page sent this."""
    site = request.headers.get("Sec-Fetch-Site", "")
    if site:
        return site in ("cross-site", "same-site")
    origin = request.headers.get("Origin", "")
    if origin in ("", "null"):
        return False
    ours = {urlsplit(settings.FN_BASE_URL).netloc, request.get_host()}
    return urlsplit(origin).netloc not in ours
