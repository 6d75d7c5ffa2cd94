"""Filling in the public form as a browser would."""

from __future__ import annotations

from collections.abc import Iterable
from html.parser import HTMLParser

WHY = "It says that I stole money, which is false.\nSince March."


def form(*locations: str, notes: Iterable[str] = (), **fields: str) -> dict[str, str]:
    """A complete form; a field given as "" is left empty."""
    places = locations or ("https://forum.example.org/post/7",)
    data = {
        "problem": "defamation",
        "ground_kind": "unsure",
        "why": WHY,
        "good_faith": "on",
        "items-TOTAL_FORMS": str(len(places)),
        "items-INITIAL_FORMS": "0",
    }
    noted = list(notes)
    for number, location in enumerate(places):
        data[f"items-{number}-location"] = location
        data[f"items-{number}-note"] = noted[number] if number < len(noted) else ""
    data.update(fields)
    return {name: value for name, value in data.items() if value or name.startswith("items-")}


class _Page(HTMLParser):
    """Reads the fields of a page: what a browser would send back."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._textarea = ""
        self._select = ""
        self._template = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "template":
            self._template += 1
        elif self._template:
            return
        elif tag == "textarea":
            self._textarea = given["name"]
            self.fields[self._textarea] = ""
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option" and self._select and "selected" in given:
            self.fields[self._select] = given.get("value", "")
        elif tag == "input" and "name" in given:
            box = given.get("type") in ("radio", "checkbox")
            if not box or "checked" in given:
                self.fields[given["name"]] = given.get("value", "on" if box else "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self._template -= 1
        elif tag == "textarea":
            self._textarea = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.fields[self._textarea] += data


def fields_of(content: bytes) -> dict[str, str]:
    """The fields a browser would send back from this page, line ends as on the page."""
    page = _Page()
    page.feed(content.decode())
    return {
        name: value.removeprefix("\n") if name == "why" else value
        for name, value in page.fields.items()
        if name != "csrfmiddlewaretoken"
    }
