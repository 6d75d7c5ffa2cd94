"""What may be said about an exception: never its message, which may hold what somebody typed."""

from __future__ import annotations

from pathlib import PurePath
from types import TracebackType

_CAUSES, _PLACES = 3, 12


def describe(error: BaseException) -> str:
    """Class and places (file:line, innermost first) of an exception and of those that caused it."""
    parts: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(parts) < _CAUSES:
        part = f"{type(seen).__module__}.{type(seen).__qualname__} at {_places(seen.__traceback__)}"
        if part not in parts:
            parts.append(part)
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return " from ".join(parts)


def _places(trace: TracebackType | None) -> str:
    places = []
    while trace is not None:
        file = PurePath(trace.tb_frame.f_code.co_filename)
        # The machinery of imports says nothing about what was imported.
        if not str(file).startswith("<frozen "):
            places.append(f"{'/'.join(file.parts[-2:])}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " < ".join(reversed(places[-_PLACES:])) or "?"
