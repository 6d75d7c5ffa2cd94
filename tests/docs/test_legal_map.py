"""The legal map names files that exist, says where every article stands, and counts nothing twice."""

from __future__ import annotations

import re

from tests.docs.reading import ROOT, spans

MAP = (ROOT / "docs" / "legal-map.md").read_text("utf-8")
_PATH = re.compile(r"[\w./-]+(?:/|\.py|\.html|\.md)")
ARTICLES = ("8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18", "20", "21", "22", "23", "24")


def rows() -> list[list[str]]:
    """The cells of all rows, without heads and rules."""
    lines = [line for line in MAP.splitlines() if line.startswith("| ") and "---" not in line]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if row[-1] != "shown by"]


def missing(text: str) -> list[str]:
    """Paths named in `text` that do not exist."""
    paths = [span for span in spans(text) if _PATH.fullmatch(span) and "/" in span]
    wrong = []
    for path in paths:
        base = ROOT if path.startswith(("tests/", "src/", "docs/")) else ROOT / "src" / "fairnotice"
        if not (base / path).exists():
            wrong.append(path)
    return wrong


def test_every_path_exists() -> None:
    assert missing(MAP) == []
    assert missing("`law/no_such.py` and `tests/nowhere/`, but `law/rules.py`") == [
        "law/no_such.py",
        "tests/nowhere/",
    ]


def test_a_folder_of_tests_that_is_named_holds_tests() -> None:
    folders = {span for span in spans(MAP) if span.startswith("tests/") and span.endswith("/")}
    assert [name for name in sorted(folders) if not list((ROOT / name).glob("test_*.py"))] == []


def test_every_article_of_the_list_has_its_row() -> None:
    services_act = MAP.split("\n## ")[1]
    named = set()
    for row in rows():
        numbers = re.match(r"[\d,() to]+", row[0])
        if numbers and row[0] in services_act:
            # Numbers in brackets are paragraphs.
            named |= set(re.findall(r"(?<![(\d])\d+(?![)\d])", numbers[0]))
    assert [article for article in ARTICLES if article not in named] == []


def test_what_is_claimed_has_a_place_and_what_is_not_there_claims_none() -> None:
    for row in rows():
        what, places = row[-3], row[-2]
        if what.startswith(("not yet", "never", "later")) and not spans(places):
            continue
        assert spans(places), row[0]


def test_where_a_test_is_named_it_is_a_test() -> None:
    for row in rows():
        assert all(span.startswith("tests/") for span in spans(row[-1])), row[0]
