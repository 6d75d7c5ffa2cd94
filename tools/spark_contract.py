"""The same ten questions for DuckDB and for Spark, from the cubes and from the rows. For `dev.py spark`.

Equal means: the same rows in the same order, the same figures to the last digit, the same notes and inputs.
Without --store a small store is made for it, of which every question has an answer. Status 1 where one
differs.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from fairnotice.observatory.asking import Question, Result, Store, ask, words

ROOT = Path(__file__).resolve().parent.parent


def _question(by: str, *where: str, measure: str = "statements", top: int | None = None) -> Question:
    conditions = tuple(words.condition(one) for one in where)
    return Question(words.dimensions(by), conditions, words.measure(measure), top=top)


QUESTIONS = {
    "who removes what": _question("platform,category"),
    "by machines or people, day by day": _question("day,automated_detection,automated_decision"),
    "illegal content, week by week": _question("week,platform", "decision_ground = ILLEGAL_CONTENT", top=20),
    "each measure, month by month": _question("month,decision_visibility.each", "category != VIOLENCE"),
    "for Germany but not for France": _question(
        "category,decision_ground", "territorial_scope has DE", "territorial_scope lacks FR"
    ),
    "how long until the decision": _question("platform,version", measure="delay_decision"),
    "how long until publication": _question(
        "source_type,automated_decision",
        "category = none, SCAMS_AND_FRAUD, VIOLENCE",
        measure="delay_publication",
    ),
    "videos, by language and what was removed": _question(
        "content_language,content_type.each", "content_type has VIDEO, TEXT", measure="delay_decision", top=30
    ),
    "how many in one second": _question("platform,automated_decision", measure="per_second"),
    "dates and texts of any kind": _question(
        "content_date,application_date,delay_decision,said",
        "content_language != none",
        """platform != "it's", "a\\b", "%", "ß ""x""\"""",
        "end_date_visibility_restriction != 2025-07-04",
    ),
}


def main(argv: Sequence[str]) -> int:
    """Ask everything of both; 1 where an answer differs."""
    parser = argparse.ArgumentParser(prog="dev.py spark", description=__doc__)
    parser.add_argument("--store", type=Path, help="ask this store (default: a small one is made)")
    parser.add_argument("--master", default="local[2]", help="where Spark runs (default: local[2])")
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="fairnotice-spark-") as folder:
        if args.store:
            return _compare(Store(args.store), args.master)
        return _compare(_made(Path(folder)), args.master, least=1)


def _made(folder: Path) -> Store:
    sys.path.insert(0, str(ROOT))
    from tests.observatory import asked

    # Neither engine may take a folder of this name for a column of its own.
    return asked.store(folder / "platform=none")


def _compare(store: Store, master: str, least: int = 0) -> int:
    print(f"{'question':42}{'from':16}{'rows':>8}{'DuckDB ms':>11}{'Spark ms':>10}")
    wrong = 0
    for name, question in QUESTIONS.items():
        for rows_only in (False, True):
            plain = ask(store, question, rows_only=rows_only)
            other = ask(store, question, engine="spark", master=master, rows_only=rows_only)
            equal = _cited(plain) == _cited(other) and len(plain.rows) >= least
            wrong += not equal
            print(
                f"{name:42}{plain.answered_from:16}{len(plain.rows):8,}{1000 * plain.seconds:11.1f}"
                f"{1000 * other.seconds:10.1f}  {'equal' if equal else 'DIFFERENT'}",
                flush=True,
            )
    print(f"{wrong} of {2 * len(QUESTIONS)} answers differ." if wrong else "All answers are equal.")
    return 1 if wrong else 0


def _cited(result: Result) -> Result:
    """All of a result but by whom and how fast it was answered."""
    return replace(result, engine="duckdb", seconds=0.0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
