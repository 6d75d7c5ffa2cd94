"""An operator beside the public data, on the same definitions. Pure.

    compare(read_path(Path("report.zip")), Store(folder), ask, platforms=("Bay of Things",))

`definitions` says which figure is which question, and how far both can agree; ADR 0042 says why.
"""

from __future__ import annotations

from fairnotice.observatory.comparing.comparison import CompareError, Comparison, compare
from fairnotice.observatory.comparing.reported import NoReport, Reported, read_path

__all__ = ["CompareError", "Comparison", "NoReport", "Reported", "compare", "read_path"]
