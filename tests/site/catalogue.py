"""All texts that are marked for translation, and a made-up language in which every one of them stands in brackets.

The marked texts are found as `makemessages` finds them: by the name of the function around a literal, and by the tags
of templates. What is not found here would stay English in every language.
"""

from __future__ import annotations

import ast
import re
import struct
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from django.template import Template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

SOURCE = Path(__file__).resolve().parents[2] / "src" / "fairnotice"
CODE = "qq"
OPEN, CLOSE = "⟦", "⟧"

# Name of a function -> which of its arguments are (context, singular, plural), as xgettext is told by makemessages.
MARKERS: dict[str, tuple[int | None, int, int | None]] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), (None, 0, None)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (None, 0, 1)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (0, 1, None)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (0, 1, 2)),
}
Message = tuple[str, str, str]  # context, singular, plural; "" for none
_IN_TAG = re.compile(r"""\b_\((?:"([^"]+)"|'([^']+)')\)""")
_TAG = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)


def called(node: ast.Call) -> str:
    """The last part of what is called."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def python_files() -> Iterator[tuple[str, ast.Module]]:
    """Every module by its path below the package."""
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path.relative_to(SOURCE).as_posix(), ast.parse(path.read_text("utf-8"))


def template_files() -> Iterator[tuple[str, str]]:
    """Every template, for pages and letters, by its path below the package."""
    for path in sorted(SOURCE.rglob("templates/**/*")):
        if path.suffix in (".html", ".txt"):
            yield path.relative_to(SOURCE).as_posix(), path.read_text("utf-8")


def literal(node: ast.expr) -> str | None:
    """The text of a literal, also of one in several pieces; None for anything that is put together when run."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def marked_in(tree: ast.Module) -> Iterator[Message]:
    """The literals that stand in a marker."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in MARKERS:
            places = MARKERS[called(node)]
            parts = [None if place is None else literal(node.args[place]) for place in places]
            if parts[1]:
                yield parts[0] or "", parts[1], parts[2] or ""


def marked_in_template(source: str) -> Iterator[Message]:
    """The texts of its translation tags, and of _("…") inside other tags."""
    for tag in _TAG.findall(source):
        yield from (("", first or second, "") for first, second in _IN_TAG.findall(tag))
    for node in Template(source).nodelist.get_nodes_by_type((TranslateNode, BlockTranslateNode)):  # type: ignore[arg-type]  # takes what isinstance takes
        if isinstance(node, TranslateNode):
            context = node.message_context.var if node.message_context else ""
            yield (
                str(context),
                str(getattr(node.filter_expression.var, "literal", node.filter_expression.var)),
                "",
            )
        elif isinstance(node, BlockTranslateNode):
            plural = node.render_token_list(node.plural)[0] if node.plural else ""
            context = node.message_context.var if node.message_context else ""
            yield str(context), node.render_token_list(node.singular)[0], plural


@cache
def all_marked() -> frozenset[Message]:
    """Everything a translator gets to see."""
    found = {message for _path, tree in python_files() for message in marked_in(tree)}
    return frozenset(found) | {
        message for _path, source in template_files() for message in marked_in_template(source)
    }


def bracketed(messages: Iterable[Message]) -> dict[str, str]:
    """A catalogue that puts every message into brackets."""
    catalogue = {"": "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"}
    for context, singular, plural in messages:
        key = (context + "\x04" if context else "") + singular + ("\0" + plural if plural else "")
        catalogue[key] = "\0".join(OPEN + text + CLOSE for text in (singular, plural) if text)
    return catalogue


def write(folder: Path, catalogue: dict[str, str]) -> None:
    """`folder`/qq/LC_MESSAGES/django.mo in the format of GNU gettext ("The Format of GNU MO Files")."""
    entries = sorted((key.encode(), value.encode()) for key, value in catalogue.items())
    keys = values = b""
    rows: list[tuple[int, int, int, int]] = []
    for key, value in entries:
        rows.append((len(key), len(keys), len(value), len(values)))
        keys += key + b"\0"
        values += value + b"\0"
    first = 28
    body = first + 16 * len(rows)
    head = struct.pack("<7I", 0x950412DE, 0, len(rows), first, first + 8 * len(rows), 0, 0)
    table = b"".join(struct.pack("<2I", size, body + at) for size, at, _s, _a in rows)
    table += b"".join(struct.pack("<2I", size, body + len(keys) + at) for _s, _a, size, at in rows)
    target = folder / CODE / "LC_MESSAGES"
    target.mkdir(parents=True)
    (target / "django.mo").write_bytes(head + table + keys + values)
