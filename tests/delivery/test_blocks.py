"""One source of blocks, the same words as text and as HTML; the HTML loads nothing and lets nothing in."""

from __future__ import annotations

import re
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.utils import translation
from pytest_django.fixtures import Settings

from fairnotice.cases.actions.decide import Reach
from fairnotice.delivery import letters
from fairnotice.delivery.blocks import (
    Block,
    Bullets,
    Code,
    Labelled,
    Link,
    Paragraph,
    Section,
    as_html,
    as_text,
)
from fairnotice.ledger import outbox
from fairnotice.ledger.models import OutboxRow
from tests.cases import making
from tests.site import catalogue

ODD = """<script>alert(1)</script> & "quoted" <img src=x>"""
BLOCKS: list[Block] = [
    Paragraph(f"Hello {ODD}"),
    Labelled((("Your reference", "ABC"), ("Kind", ODD))),
    Section("The facts", ("First.\nSecond line.", ODD)),
    Bullets(("one", ODD)),
    Link("https://notices.example.org/status/?a=1&b=2"),
    Code("ABCDE-FGHIJ"),
]


class Seen(HTMLParser):
    """Tags with their attributes, and the words."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data.split()


def seen(html: str) -> Seen:
    parser = Seen()
    parser.feed(html)
    return parser


def words(text: str) -> list[str]:
    """Without the marks that lists and labels have as text alone."""
    return re.sub(r"(?m)^- |(?<=Kind):|(?<=Your reference):", "", text).split()


def test_both_say_the_same_words_in_the_same_order() -> None:
    html = seen(as_html(BLOCKS, title="")).words
    assert html == words(as_text(BLOCKS))


def test_the_text_reads_well() -> None:
    assert as_text([Paragraph("Hello,"), Section("Facts", ("a\nb", "c")), Link("https://x/"), Code("C")]) == (
        "Hello,\n\nFacts\n  a\n  b\n  c\n\n  https://x/\n  C\n"
    )


def test_what_people_wrote_stays_text_in_html() -> None:
    page = seen(as_html(BLOCKS, title=ODD))
    assert {tag for tag, _ in page.tags} == {
        *("html", "head", "meta", "title", "body", "main", "h1"),
        *("p", "dl", "dt", "dd", "h2", "br", "ul", "li", "a", "code"),
    }
    assert [attributes["href"] for tag, attributes in page.tags if tag == "a"] == [
        "https://notices.example.org/status/?a=1&b=2"
    ]


@pytest.fixture
def made(fn_db: None, settings: Settings) -> list[EmailMessage]:
    """One letter of each kind that a notice and its decision make, with markup in every text."""
    settings.FN_OPERATOR = {**settings.FN_OPERATOR, "name": "Forum <b>&</b> Co"}
    making.decided(
        making.notice(email="me@example.org"),
        making.account("r", "reviewer"),
        reach=Reach("email", "author@example.net"),
        facts=f"The post says: {ODD}",
        explanation=ODD,
    )
    return [letters.compose(row, outbox.payload(row)) for row in OutboxRow.objects.order_by("id")]


def html_of(letter: EmailMessage) -> str:
    part = letter.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def test_a_letter_loads_nothing_and_tells_nobody_that_it_was_opened(made: list[EmailMessage]) -> None:
    assert len(made) == 3
    for letter in made:
        assert letter.get_content_type() == "multipart/alternative"
        assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
        page = seen(html_of(letter))
        assert {"img", "script", "style", "link", "iframe", "b"}.isdisjoint(tag for tag, _ in page.tags)
        for tag, attributes in page.tags:
            assert {"src", "style", "background", "srcset", "onclick"}.isdisjoint(attributes), tag
        links = [attributes["href"] for tag, attributes in page.tags if tag == "a"]
        assert links == ["http://127.0.0.1:8000/status/"], "the same for everybody: nothing to follow"


def test_each_letter_says_its_reference_in_a_header_and_a_line(made: list[EmailMessage]) -> None:
    for letter in made:
        reference = str(letter[letters.REFERENCE_HEADER])
        text = letter.get_body(("plain",))
        assert re.fullmatch(r"[A-Z0-9]{12}", reference) and reference in str(letter["Subject"])
        assert text is not None and f"Your reference: {reference}" in text.get_content()
        assert f"<dd>{reference}</dd>" in html_of(letter)
        assert str(letter["Subject"]) == f"News about your reference {reference}"
    assert [str(letter["Auto-Submitted"]) for letter in made].count("auto-replied") == 1


@pytest.fixture
def second_language(settings: Settings, tmp_path: Path) -> None:
    catalogue.write(tmp_path / "locale", catalogue.bracketed(catalogue.all_marked()))
    settings.LOCALE_PATHS = [str(tmp_path / "locale")]
    settings.LANGUAGES = [("en", "English"), (catalogue.CODE, "Brackets")]


@pytest.mark.usefixtures("second_language")
@pytest.mark.parametrize(
    ("asked", "service", "bracketed"),
    [
        (catalogue.CODE, ["en"], True),
        (f"{catalogue.CODE}-XY", ["en"], True),
        ("en", [catalogue.CODE], False),
        ("", [catalogue.CODE, "en"], True),
        ("xx", ["yy", catalogue.CODE], True),
        ("xx", ["yy"], False),
    ],
)
def test_a_letter_is_in_its_reader_s_language(
    fn_db: None, settings: Settings, asked: str, service: list[str], bracketed: bool
) -> None:
    settings.FN_OPERATOR = {**settings.FN_OPERATOR, "languages": service}
    making.notice(email="me@example.org", language=asked)
    row = OutboxRow.objects.get()
    # Whatever the runner's own language is at that moment.
    with translation.override("en" if bracketed else catalogue.CODE):
        letter = letters.compose(row, outbox.payload(row))
    assert ("⟦" in str(letter["Subject"])) is bracketed
    assert f'<html lang="{catalogue.CODE if bracketed else "en"}"' in html_of(letter)
