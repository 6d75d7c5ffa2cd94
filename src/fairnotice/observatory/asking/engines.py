"""What an engine is asked, and what can go wrong with it. Pure; the engines are in `duck` and `spark`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

Dialect = Literal["duckdb", "pyspark"]

#: The name that the files go by in the SQL.
TABLE: Final = "statements_read"

Progress = Callable[[float], None]
"""Is told now and then how much of the work is done, from 0 to 100."""


class EngineError(Exception):
    """An engine is not there or cannot do its work; the message is one sentence that says what to do."""
