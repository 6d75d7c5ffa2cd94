"""Words in the sources that a person could read and no translator would see."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from django.template.base import Lexer, TokenType

from tests.site.catalogue import MARKERS, called, literal

# Where it is decided what a page, a form, a letter or an interface says.
SHOWN_BY = (
    "accounts",
    "answerable",
    "cases",
    "delivery",
    "intake",
    "ledger",
    "recourse",
    "register",
    "review",
    "site",
)
# A sentence or a heading: a capital letter or a quotation mark, then letters and at least one gap.
_SENTENCE = re.compile(r"[A-Z“][^\n<>{}_]*[A-Za-z,’”] [^\n<>{}]*[a-z]")
_STATUS_LINE = re.compile(r"[1-5]\d\d [A-Z][A-Za-z ]+")  # RFC 9112 section 4, read by programs
# Arguments and keys that are words on a screen whatever they look like.
SHOWN_KEYWORDS = {"label", "help_text", "empty_label", "placeholder", "title", "heading", "note"}
# Errors for whoever writes programs, which no page catches, and lines of the log.
PROGRAMMERS = {"TypeError", "ValueError", "RuntimeError", "AssertionError", "ImproperlyConfigured", "TemplateSyntaxError",
               "KeyError", "LookupError"}  # fmt: skip
LOGGED = {"debug", "info", "warning", "error", "exception", "critical"}


def _docstrings(tree: ast.Module) -> set[int]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and literal(first.value) is not None:
                found.add(id(first.value))
    return found


def _spared(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = called(node)
    logged = (
        name in LOGGED
        and isinstance(node.func, ast.Attribute)
        and getattr(node.func.value, "id", "") == "logger"
    )
    return name in MARKERS or name in PROGRAMMERS or name == "print" or logged


def in_python(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, text) of every literal that reads like a sentence or is shown by its place, and is not marked."""
    docstrings = _docstrings(tree)

    def walk(node: ast.AST, shown: bool) -> Iterator[tuple[int, str]]:
        if id(node) in docstrings or _spared(node):
            return
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if _STATUS_LINE.fullmatch(node.value):
                return
            if _SENTENCE.search(node.value) or (shown and re.search(r"[^\W\d_]", node.value)):
                yield node.lineno, node.value
            return
        if isinstance(node, ast.JoinedStr):
            whole = "".join(
                str(part.value) if isinstance(part, ast.Constant) else "0" for part in node.values
            )
            if _SENTENCE.search(whole):
                yield node.lineno, whole
            return
        for child in ast.iter_child_nodes(node):
            named = isinstance(child, ast.keyword) and child.arg in SHOWN_KEYWORDS
            yield from walk(child, named or (shown and not isinstance(node, ast.Call)))

    yield from walk(tree, False)


def in_markers(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Markers that no extraction finds: under another name, or around a text that is put together when run."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            yield from (
                (node.lineno, f"{alias.name} as {alias.asname}")
                for alias in node.names
                if alias.name in MARKERS
                and alias.asname
                and not (alias.asname == "_" and MARKERS[alias.name][1] == 0)
            )
        if isinstance(node, ast.Call) and called(node) in MARKERS:
            for place in MARKERS[called(node)]:
                if place is not None and any(
                    isinstance(part, ast.JoinedStr | ast.BinOp) for part in ast.walk(node.args[place])
                ):
                    yield node.lineno, ast.unparse(node)


# Attributes that are read out or shown.
_READ_OUT = ("title", "alt", "aria-label", "placeholder", "data-label", "data-copied", "data-copy-failed", "data-left",
             "data-over", "summary", "label")  # fmt: skip
# What of a template stays as it is in every language.
STAYS = re.compile(r"Fair Notice|UTC|openapi\.json|/status/")
_QUOTED = re.compile(r"""(_\()?("[^"]*"|'[^']*')""")
_SHOWN_ARGUMENT = re.compile(
    r"""\b(?:title|text|label|action|caption|heading)=\s*$|\bdefault(?:_if_none)?:$|\byesno:$"""
)
_LETTER = re.compile(r"[^\W\d_]")


class _Words(HTMLParser):
    """Collects what is read on a page: texts and spoken attributes, without code, scripts and styles."""

    VOID = {"meta", "link", "br", "hr", "img", "input"}

    def __init__(self, left_out: tuple[str, ...] = ("script", "style", "code", "pre")) -> None:
        super().__init__()
        self.left_out = left_out
        self.hidden: list[str] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self.hidden or tag in self.left_out or given.get("translate") == "no":
            if tag not in self.VOID:
                self.hidden.append(tag)
            return
        self.found.extend(given[name] or "" for name in _READ_OUT if name in given)
        if tag == "input" and given.get("type") in ("submit", "button", "reset"):
            self.found.append(given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.hidden:
            while self.hidden.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.found.append(data)


def words_of(page: str, left_out: tuple[str, ...] = ("script", "style", "code", "pre")) -> list[str]:
    """All that is read or spoken on a page, piece by piece."""
    parser = _Words(left_out)
    parser.feed(page)
    parser.close()
    return parser.found


def in_template(source: str) -> Iterator[str]:
    """Words of a template outside its translation tags, and words given to other tags and filters unmarked."""
    kept: list[str] = []
    inside = False
    source = re.sub(r"\{% block body_class %\}[a-z ]*\{% endblock %\}", "", source)  # a class, no word
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.BLOCK:
            name = token.contents.split(" ", 1)[0]
            inside = name == "blocktranslate" or (inside and name != "endblocktranslate")
        if token.token_type == TokenType.TEXT and not inside:
            kept.append(token.contents)
        if token.token_type in (TokenType.VAR, TokenType.BLOCK) and not inside:
            for match in _QUOTED.finditer(token.contents):
                shown = _SHOWN_ARGUMENT.search(token.contents[: match.start()])
                if not match[1] and shown and re.search(r"[A-Z]|[a-z] ", match[2]):
                    yield match[2]
    for text in words_of("".join(kept)):
        if _LETTER.search(STAYS.sub("", text)):
            yield text.strip()
