"""The answer to a question, with all that it takes to cite it and to ask again. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from fairnotice.observatory.question import Question

Cell = str | int | float | date | None

#: Stands under every picture and citation: the licence of the data asks for it.
SOURCE: Final = "As platforms reported themselves to the EU's DSA Transparency Database (CC BY 4.0)."


@dataclass(frozen=True, slots=True)
class Input:
    """One day of one sender that the answer rests on. `sha1`: of the dump it was read from."""

    day: date
    scope: str
    kind: str
    dump: str
    sha1: str
    rows: int
    version: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Result:
    """`columns` name the cells of each row: the question's dimensions, then its figures. A null dimension:
    the statements say nothing there.

    `answered_from`: "rows", "cube NAME", or "dumps" (engine "direct"). `notes`: what whoever reads the
    figures has to know (a day that is missing, parts that could not be read, columns that a light dump does
    not have), a sentence each. `taxonomies`: versions of the codes among the inputs. `seconds`: how long
    answering took, libraries loaded; not cited.
    """

    question: Question
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    inputs: tuple[Input, ...]
    answered_from: str
    engine: Literal["duckdb", "spark", "direct"]
    notes: tuple[str, ...] = ()
    taxonomies: tuple[str, ...] = ()
    program: str = ""
    seconds: float = 0.0
