"""All routes of the program with a path for each, made of sample values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

SAMPLES = {"int": "1", "path": "0/000", "str": "aaaaaaaaaaaa", "slug": "aaaa", "uuid": "0" * 32}
SAMPLES["year"] = "2026"


def all_routes() -> list[tuple[str, str]]:
    """(name with namespace, path) of every pattern in the resolver."""
    return list(_walk(get_resolver(), "/", ""))


def _walk(resolver: URLResolver, prefix: str, space: str) -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        path = prefix + _filled(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern, path, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}", path


def _filled(pattern: Any) -> str:
    text = str(pattern)
    for name, converter in pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower()
        text = re.sub(rf"<(?:\w+:)?{name}>", SAMPLES.get(kind, SAMPLES["str"]), text)
    return text
