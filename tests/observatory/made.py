"""Statements as the cells of a dump, tiny dumps in the exact layout, and a small store made of such."""

from __future__ import annotations

import hashlib
import io
import shutil
import uuid
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from fairnotice.observatory.kernel.build import COMPILERS
from fairnotice.observatory.store import Store
from fairnotice.transparencydb.dump import COLUMNS, LIGHT

Row = dict[str, str]

PLATFORMS = ("Meadow", "Harbour", "Quill & Sons")
CATEGORIES = (
    "STATEMENT_CATEGORY_VIOLENCE",
    "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
    "STATEMENT_CATEGORY_OTHER_VIOLATION_TC",
    "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
)
FIRST = date(2025, 6, 30)
"""The last day of v1: the days of `store` begin with it."""


def compiler() -> bool:
    """Whether the kernel can be compiled here."""
    return any(map(shutil.which, COMPILERS))


def row(number: int = 0, day: date = date(2025, 7, 1), **cells: str) -> Row:
    """The cells of one statement; `cells` change some. `number` makes them differ from each other."""
    made = {
        "uuid": str(uuid.UUID(int=(number + 1) << 64, version=4)),
        "decision_visibility": '["DECISION_VISIBILITY_CONTENT_REMOVED"]',
        "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "incompatible_content_ground": f"Clause {number % 7}.1",
        "incompatible_content_explanation": 'It says "no", twice,\nand "yes".'
        if number % 9 == 0
        else "So it is.",
        "incompatible_content_illegal": "No",
        "category": CATEGORIES[number % 4],
        "content_type": '["CONTENT_TYPE_VIDEO"]'
        if number % 2
        else '["CONTENT_TYPE_TEXT","CONTENT_TYPE_IMAGE"]',
        "content_language": ("DE", "FR", "", "EL")[number % 4],
        "content_date": f"{day - timedelta(days=number % 11)} 00:00:00",
        "territorial_scope": '["DE","FR"]' if number % 3 else '["FR","DE","AT"]',
        "application_date": f"{day - timedelta(days=number % 3)} 00:00:00",
        "decision_facts": f"Facts of number {number}.",
        "source_type": "SOURCE_ARTICLE_16" if number % 5 == 0 else "SOURCE_VOLUNTARY",
        "automated_detection": "Yes" if number % 4 else "No",
        "automated_decision": "AUTOMATED_DECISION_FULLY"
        if number % 3
        else "AUTOMATED_DECISION_NOT_AUTOMATED",
        "platform_name": PLATFORMS[min(number % 5, 2)],
        "platform_uid": f"id-{number}",
        "created_at": f"{day} {number // 60 % 24:02}:{number // 8 % 60:02}:{number // 4 % 60:02}",
    }
    return dict.fromkeys(COLUMNS, "") | made | cells


def rows(count: int, day: date = date(2025, 7, 1), first: int = 0, **cells: str) -> list[Row]:
    """So many different ones."""
    return [row(number, day, **cells) for number in range(first, first + count)]


def csv(some: Iterable[Mapping[str, str]], columns: Sequence[str] = COLUMNS) -> bytes:
    """As the database writes it: quoted where a cell holds a blank, a comma, a quotation mark or a line
    break, and no line break at the end."""
    lines = [",".join(columns)]
    lines += [",".join(cell(one[column]) for column in columns) for one in some]
    return "\n".join(lines).encode()


def cell(text: str) -> str:
    """One cell as PHP writes it."""
    return '"' + text.replace('"', '""') + '"' if set(text) & set(' ,"\n\r\t\\') else text


def name_of(day: date, scope: str = "global", kind: str = "full") -> str:
    """The name of a dump without `.zip`."""
    return f"sor-{scope}-{day}-{kind}"


def dump(
    folder: Path,
    parts: Sequence[Sequence[bytes]],
    day: date = date(2025, 7, 1),
    scope: str = "global",
    kind: str = "full",
    *,
    sha1: bool = True,
) -> Path:
    """A dump with these inner zips of these CSVs, and its `.sha1` beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    name = name_of(day, scope, kind)
    path = folder / f"{name}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as outer:
        for number, some in enumerate(parts):
            inner = io.BytesIO()
            with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
                for place, data in enumerate(some):
                    archive.writestr(f"{name}-{number:05}-{place:05}.csv", data)
            outer.writestr(f"{name}-{number:05}.csv.zip", inner.getvalue())
    if sha1:
        write_sha1(path)
    return path


def write_sha1(path: Path) -> None:
    """The `.sha1` of a file as the database writes it."""
    digest = hashlib.sha1(path.read_bytes(), usedforsecurity=False).hexdigest()
    path.with_name(path.name + ".sha1").write_text(f"{digest}  {path.name}")


def of_rows(
    folder: Path,
    some: Sequence[Mapping[str, str]],
    day: date = date(2025, 7, 1),
    scope: str = "global",
    kind: str = "full",
    *,
    by: int = 40,
) -> Path:
    """A dump of these statements: `by` in a CSV, two CSVs in an inner zip."""
    columns = LIGHT if kind == "light" else COLUMNS
    csvs = [csv(some[at : at + by], columns) for at in range(0, len(some), by)] or [csv([], columns)]
    return dump(folder, [csvs[at : at + 2] for at in range(0, len(csvs), 2)], day, scope, kind)


def v1(some: Iterable[Row]) -> list[Row]:
    """The same under the names that codes had before July 2025."""
    return [
        one
        | {
            "category": one["category"].replace("OTHER_VIOLATION_TC", "SCOPE_OF_PLATFORM_SERVICE"),
            "category_specification": '["KEYWORD_DISINFORMATION"]',
        }
        for one in some
    ]


def store(
    folder: Path, *, days: int = 4, count: int = 120, scope: str = "global", texts: bool = False
) -> Store:
    """A store in `folder` with so many days of so many statements, from 30 June 2025 (v1) on, of three
    platforms of different size. Each day has some more statements than the one before."""
    from fairnotice.observatory.ingest.building import build

    made = Store(folder / "observatory")
    for place in range(days):
        day = FIRST + timedelta(days=place)
        some = rows(count + 10 * place, day, first=1000 * place)
        path = of_rows(folder / "dumps", v1(some) if place == 0 else some, day, scope)
        build(made, path, texts=texts)
    return made
