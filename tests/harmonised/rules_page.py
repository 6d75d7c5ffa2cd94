"""Makes `docs/report-rules.md` out of the table of rules: python -m tests.harmonised.rules_page"""

from __future__ import annotations

from pathlib import Path

from fairnotice.harmonised.rules import RULES

PAGE = Path(__file__).parents[2] / "docs" / "report-rules.md"
_HEAD = f"""# The rules of the report checker

All {len(RULES)} rules by which [a transparency report is checked](report-check.md). This page is made from the program's own table
(`harmonised/rules.py`), and a test keeps the two equal. "plausibility" marks what follows from the meaning of the columns and is
written nowhere.

| rule | severity | says | source |
|---|---|---|---|
"""


def page() -> str:
    """The whole page."""
    lines = [f"| `{one.id}` | {one.severity} | {one.text} | {one.source} |" for one in RULES.values()]
    return _HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
