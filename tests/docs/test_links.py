"""Whoever follows a link in the docs arrives."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.reading import PAGES, ROOT, anchors, links


def broken(page: Path, text: str) -> list[str]:
    """Targets of `text`, standing in `page`, that lead nowhere. Addresses on the web are not asked."""
    wrong = []
    for target in links(text):
        if "://" in target or target.startswith("mailto:"):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        arrives = file.exists() and file.is_relative_to(ROOT)
        if not arrives or (anchor and anchor not in anchors(file.read_text("utf-8"))):
            wrong.append(target)
    return wrong


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_arrives(page: Path) -> None:
    assert broken(page, page.read_text("utf-8")) == []


def test_a_broken_link_and_a_broken_anchor_are_found() -> None:
    text = "[a](LICENSE) [b](nowhere.md) [c](README.md#no-such-heading) [d](README.md#try-it) ![e](../outside.svg)"
    assert broken(ROOT / "README.md", text) == ["nowhere.md", "README.md#no-such-heading", "../outside.svg"]


def test_every_page_of_the_docs_is_linked_from_another() -> None:
    reached = {
        (page.parent / target.partition("#")[0]).resolve()
        for page in PAGES
        for target in links(page.read_text("utf-8"))
        if "://" not in target
    }
    docs = [page for page in PAGES if page.is_relative_to(ROOT / "docs")]
    assert [page for page in docs if page not in reached] == []
