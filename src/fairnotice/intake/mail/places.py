"""The places that a text names: web addresses, also harmless ones ("hxxp://", "example[.]org").

Nothing is looked up. Each word is looked at once, so that no text takes longer than its length.
"""

from __future__ import annotations

import re

from fairnotice.cases.drafts import MAX_LOCATION, as_url, normalised

_MAX_TEXT = 200_000
_MAX_WORD = 4_000
# Stands for a dot that was written in brackets: a name with one is meant as a place, even without a scheme.
_DOT = "\ue000"
_BRACKETS = re.compile(r"[\[({]")
_HARMLESS = (
    (re.compile(r"[\[({][ \t]?(?:\.|dot)[ \t]?[\])}][ \t]?", re.I), _DOT),
    (re.compile(r"[\[({]:[\])}][ \t]?"), ":"),
    (re.compile(r"[\[({]:?//[\])}]"), "://"),
    (re.compile(r"[\[({]/[\])}]"), "/"),
    (re.compile(r"[\[({]s[\])}](?=://)", re.I), "s"),
)
# As many write it in front of what the brackets stand for: "example [.] org".
_SPACED = re.compile(f"[ \\t](?={_DOT})")
_HARMLESS_SCHEME = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:hxxp|hxtp|htxp|h\*\*p|h__p|htt\*)(s?)|fxp(s?))(?=://)", re.I
)
_WORD = re.compile(r"""[^\s<>"“”„«»`|\\^]+""")
_WRAPPED = re.compile(r"<(?:URL:)?\s{0,9}([A-Za-z][A-Za-z0-9+.-]{1,20}://[^<>]{1,2000})>")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,20}$")
_NEXT = re.compile(r"[,;](?=[A-Za-z][A-Za-z0-9+.-]{1,20}://)")
_HOST = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63}){1,20}(?::[0-9]{1,5})?", re.ASCII)
_NAMED = re.compile(r"\.[A-Za-z][A-Za-z0-9-]{1,62}$")
_CLOSES = {")": "(", "]": "[", "}": "{"}
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)


def places(text: str, most: int) -> list[str]:
    """At most so many places, in their order, each once. A signature ("-- ") is looked at only where there
    is none before it."""
    own, *rest = _SIGNATURE.split(text, maxsplit=1)
    return _places(own, most) or (_places(rest[0], most) if rest else [])


def place_of_line(line: str) -> str:
    """The place that one line names: its address where it is nothing else, otherwise its words."""
    found = _places(line, 2)
    alone = len(found) == 1 and len(harmful(line).strip(" \t<>.,;\"'").split()) == 1
    return found[0] if alone else line.strip()


def harmful(text: str) -> str:
    """The text with its addresses as they are typed into a browser."""
    return _harmful(text).replace(_DOT, ".")


def _harmful(text: str) -> str:
    text = text.replace(_DOT, ".")
    if _BRACKETS.search(text):
        for pattern, written in _HARMLESS:
            text = pattern.sub(written, text)
        text = _SPACED.sub("", text)
    # Each search is cheap only where what it looks for is rare.
    return _HARMLESS_SCHEME.sub(_scheme, text) if "://" in text else text


def _scheme(found: re.Match[str]) -> str:
    return "ftp" + found[2] if found[2] is not None else "http" + found[1]


def _places(text: str, most: int) -> list[str]:
    text = _harmful(text[:_MAX_TEXT])
    if "://" in text:
        text = _WRAPPED.sub(lambda found: " ".join(("<", "".join(found[1].split()), ">")), text)
    found: dict[str, str] = {}
    for match in _WORD.finditer(text):
        if len(found) >= most:
            break
        word = match[0]
        if not 3 < len(word) <= _MAX_WORD or ("." not in word and _DOT not in word and "://" not in word):
            continue
        for part in _NEXT.split(word):
            place = _place(part)
            if place and len(place) <= MAX_LOCATION:
                found.setdefault(normalised(place), place)
    return list(found.values())[:most]


def _place(word: str) -> str:
    start = word.find("://")
    if start > 0:
        scheme = _SCHEME.search(word, max(0, start - 21), start)
        place = _trimmed(word[scheme.start() if scheme else start :].replace(_DOT, "."))
        return place if scheme and len(place) > start - scheme.start() + 3 and as_url(place) else ""
    place = _trimmed(word.lstrip("([{'*_").replace(_DOT, "."))
    host, _slash, path = place.partition("/")
    if "@" in host or not _HOST.fullmatch(host):
        return ""
    meant = _DOT in word or (bool(path) and _NAMED.search(host)) or host.lower().startswith("www.")
    return place if meant else ""


def _trimmed(place: str) -> str:
    """Without the marks of the sentence around it."""
    for _sign in range(20):
        last = place[-1:]
        unopened = last in _CLOSES and place.count(last) > place.count(_CLOSES[last])
        if not last or not (unopened or last in ".,;:!?'*_…’"):
            break
        place = place[:-1]
    return place
