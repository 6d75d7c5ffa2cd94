"""What axe finds amiss on a page. Its script is 550 KB: it is put into a page once, however often that is asked."""

from __future__ import annotations

import json
from collections.abc import Sequence

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page


def faults(page: Page, rules: Sequence[str] = ()) -> str:
    """Every violation in words, or "" where there is none. With `rules`, only those are asked.

    Nothing is loaded for it: `preload` would fetch style sheets anew, which our pages' policy and speed do not want.
    """
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    options: dict[str, object] = {"resultTypes": ["violations"], "preload": False}
    if rules:
        options["runOnly"] = list(rules)
    found = page.evaluate(f"axe.run({json.dumps(options)}).then(({{violations}}) => ({{violations}}))")
    result = AxeResults(found)
    return result.generate_report() if result.violations_count else ""
