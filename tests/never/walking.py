"""Lists of what must not be, and ways to walk through the program. Every walk takes what it walks through, so that a
test can plant a fault and see it caught."""

from __future__ import annotations

import argparse
import ast
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from django.db import models
from django.urls import URLPattern, URLResolver

SOURCE = Path(__file__).resolve().parents[2] / "src" / "fairnotice"

IDENTITY_PAPERS = {"passport", "identity", "kyc", "ssn", "selfie", "biometric", "biometrics", "face", "birth", "birthday",
                   "birthdate", "licence", "license", "idcard"}  # fmt: skip
PHONES = {"phone", "phones", "telephone", "mobile", "msisdn", "sms", "whatsapp"}
VISITORS = {"ip", "ipv4", "ipv6", "remote", "addr", "visitor", "visitors", "useragent", "agent", "fingerprint", "device",
            "referer", "referrer", "geo", "latitude", "longitude"}  # fmt: skip
ACTIVITY = {"activity", "activities", "timeline", "lastlogin", "lastseen", "seen", "person", "persons", "people",
            "profile", "profiles", "reporter", "reporters", "notifiers", "author", "authors", "offender", "offenders",
            "reputation"}  # fmt: skip
SCANNING = {"scan", "scans", "scanner", "crawl", "crawler", "fetch", "fetcher", "download", "screenshot", "thumbnail",
            "preview", "proxy", "photodna", "perceptual", "phash", "classifier", "moderate", "hashlist", "resolve",
            "dns", "whois"}  # fmt: skip
LISTS = {"ban", "bans", "banned", "banlist", "blocklist", "denylist", "blacklist", "watchlist", "shared", "sharing",
         "federation"}  # fmt: skip
ORDERS = {"bulk", "order", "orders", "mass"}
UPLOADS = {"upload", "uploads", "attachment", "attachments", "file", "files", "image", "images"}
EVERYTHING = IDENTITY_PAPERS | PHONES | VISITORS | ACTIVITY | SCANNING | LISTS | ORDERS | UPLOADS

# What a person is called or reached by. Nothing that can be filled in may ask for it as a must.
CALLED = {"name", "email", "mail", "surname", "firstname", "lastname", "phone", "address"}


def words(name: str) -> list[str]:
    """The words of a name in any of the usual spellings: remote_addr, RemoteAddr, /remote-addr/."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return [word.lower() for word in re.split(r"[^A-Za-z0-9]+", apart) if word]


def bad_names(names: Iterable[str], forbidden: set[str], allowed: Iterable[str] = ()) -> list[str]:
    """Those names of which a word, or two words side by side, are forbidden."""
    found = []
    for name in names:
        parts = words(name)
        pairs = ["".join(pair) for pair in itertools.pairwise(parts)]
        if name not in set(allowed) and forbidden & {*parts, *pairs}:
            found.append(name)
    return found


def columns(found: Iterable[type[models.Model]]) -> Iterator[tuple[str, models.Field]]:
    """("cases.Notice.problem", field) of every column."""
    for model in found:
        for field in model._meta.local_fields:
            yield f"{model._meta.label}.{field.name}", field


def routes(patterns: Sequence[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """Path, name and parameters of every route, as one text."""
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, path)
        else:
            yield f"{path} {pattern.name or ''}"


def commands(parser: argparse.ArgumentParser, before: str = "") -> Iterator[str]:
    """Every command with its options and arguments: "log export dir"."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, sub in action.choices.items():
                yield from commands(sub, f"{before} {name}".strip())
        else:
            yield f"{before} {' '.join(action.option_strings) or action.dest}".strip()


def sources(folder: Path = SOURCE, words: Iterable[str] = ("",)) -> Iterator[tuple[str, ast.Module]]:
    """Every file of the program in which one of the words stands, by its path below the package. Trees of all
    files take seconds."""
    for path in sorted(folder.rglob("*.py")):
        text = path.read_text("utf-8")
        if any(word in text for word in words):
            yield path.relative_to(folder).as_posix(), ast.parse(text)


def imported(tree: ast.Module) -> Iterator[str]:
    """Full names of what is imported, and texts that name a module (`import_module("socket")`)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and called(node) in ("import_module", "__import__"):
            yield from (
                arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
            )


def called(node: ast.Call) -> str:
    """The last part of what is called: "getaddrinfo" for socket.getaddrinfo(...)."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
