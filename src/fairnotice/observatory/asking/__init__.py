"""Asking the observatory's store, from Python:

    from pathlib import Path
    from fairnotice.observatory.asking import Condition, Question, Store, ask

    answer = ask(Store(Path("observatory")), Question(by=("platform", "category"), top=20))
    for platform, category, statements in answer.rows:
        ...

`ask` needs the extra `data`, and `spark` for engine="spark"; importing this module needs neither. Pure.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Literal

from fairnotice import __version__
from fairnotice.observatory.asking import written
from fairnotice.observatory.asking.days import Chosen, NoDays, choose
from fairnotice.observatory.asking.engines import EngineError, Progress
from fairnotice.observatory.asking.folding import Folded, fold
from fairnotice.observatory.asking.notes import notes
from fairnotice.observatory.asking.routing import Source, source_of
from fairnotice.observatory.question import Condition, Question, QuestionError
from fairnotice.observatory.result import Result
from fairnotice.observatory.store import Store, StoreError

__all__ = [
    "Condition",
    "EngineError",
    "NoDays",
    "Question",
    "QuestionError",
    "Result",
    "Store",
    "StoreError",
    "ask",
]

Engine = Literal["duckdb", "spark"]
_TRIES = 3


def ask(
    store: Store,
    question: Question,
    *,
    engine: Engine = "duckdb",
    master: str = "local[*]",
    rows_only: bool = False,
    progress: Progress | None = None,
    keep: Path | None = None,
) -> Result:
    """The answer from the days of `store` that the question is about.

    `master`: where Spark runs. `rows_only`: leave the cubes aside; the answer is the same, later. `progress`
    is told how much is done, from 0 to 100, while that takes long. `keep`: a folder in which the SQL of
    questions is kept from one run to the next, so that Ibis need not be loaded again (`written`).

    Raises NoDays where the store has none of the days, StoreError where a day is not readable, EngineError
    where what the engine needs is not installed.
    """
    _load(engine, keep)
    started = time.perf_counter()
    for _try in range(_TRIES):
        chosen = choose(store, question)
        try:
            source = source_of(question, chosen.days, rows_only=rows_only)
            before = time.perf_counter()
            statement = _statement(question, source, engine, keep)
            # To load a library is not to answer.
            started += time.perf_counter() - before
            folded = _counted(question, statement, source, engine, master, progress)
        except StoreError:
            if chosen.unchanged():
                raise
            continue
        # A day that was replaced meanwhile would be cited by the hash of the one before.
        if chosen.unchanged():
            return _result(question, chosen, source, folded, engine, started)
    raise StoreError("the store changes all the time: ask again when the ingest is done")


def _statement(question: Question, source: Source, engine: Engine, keep: Path | None) -> str:
    with _installed(engine):
        return written.sql(question, source.name, "pyspark" if engine == "spark" else "duckdb", keep)


def _counted(
    question: Question, statement: str, source: Source, engine: Engine, master: str, progress: Progress | None
) -> Folded:
    if engine == "spark":
        from fairnotice.observatory.asking import spark

        return fold(question, spark.count(statement, source.files, master, progress))
    from fairnotice.observatory.asking import duck

    return fold(question, duck.count(statement, source.files, progress))


def _load(engine: Engine, keep: Path | None) -> None:
    """The libraries, which take their time once in a process, not for each answer. Raises EngineError where
    one is missing."""
    with _installed(engine):
        if keep is None:
            import_module(f"{__name__}.expression")
        import_module(f"{__name__}.{'spark' if engine == 'spark' else 'duck'}").ready()


@contextmanager
def _installed(engine: Engine) -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        missing = "data,spark" if engine == "spark" else "data"
        raise EngineError(
            f"{error.name or 'a library'} is not installed: pip install 'fairnotice[{missing}]'"
        ) from error


def _result(
    question: Question,
    chosen: Chosen,
    source: Source,
    folded: Folded,
    engine: Engine,
    started: float,
) -> Result:
    return Result(
        question=question,
        columns=folded.columns,
        rows=folded.rows,
        inputs=chosen.inputs(),
        answered_from=str(source),
        engine=engine,
        notes=notes(question, chosen, folded),
        taxonomies=chosen.taxonomies(),
        program=f"Fair Notice {__version__}",
        seconds=time.perf_counter() - started,
    )
