"""Single cells: numbers as they are written, text left over from the blank, garbled letters, names of the
service."""

from __future__ import annotations

import re
from collections import Counter

from fairnotice.harmonised import indicators
from fairnotice.harmonised.cells import plain
from fairnotice.harmonised.parts import OTHER_TEXT
from fairnotice.harmonised.views import Reach, Row, View, template_of

LONGEST = 5000
_PLACEHOLDERS = {
    plain(text) for text in (indicators.DATE, indicators.PERIOD, indicators.FREE_TEXT, OTHER_TEXT, "Text")
}
#: UTF-8 read as Windows-1252: "Ã¼", "â€™", "Â ".
_GARBLED = re.compile("[\u00c3\u00c2][\u0080-\u00bf\u20ac\u201a-\u2122\u0152-\u0178]|\u00e2\u20ac|\ufffd")


def check_cells(view: View, reach: Reach) -> None:
    """All of it for one part."""
    for row in view.rows:
        for key, value in row.values.items():
            # What is left over from the blank is named once, below.
            if value.rule and plain(row.text(key)) not in _PLACEHOLDERS:
                view.fault(value.rule, row, key, suggestion=value.suggestion)
        for column, cell in zip(view.part.columns, row.cells, strict=True):
            if not cell:
                continue
            left_over = column.kind not in ("other", "period") and plain(cell) in _PLACEHOLDERS
            # Texts that a provider need not give may stay as the blank has them.
            if left_over and (view.number != 11 or _must(row, reach)):
                view.fault("placeholder", row, column.key)
            if _GARBLED.search(cell):
                view.fault("mojibake", row, column.key, suggestion=_mended(cell))
            if cell.startswith("=") and len(cell) > 1:
                view.fault("formula", row, column.key)
    if view.number == 11:
        _texts(view, reach)


def check_service(views: dict[int, View]) -> None:
    """One report is about one service, so its name is the same everywhere."""
    columns = [view for view in views.values() if view.number != 2]
    names = Counter(row.text("service") for view in columns for row in view.rows)
    names.pop("", None)
    usual = names.most_common(1)[0][0] if names else ""
    for view in columns:
        source = view.report.sources.get(view.number)
        if source and "service" in source.missing:
            continue
        for row in view.rows:
            if not row.text("service"):
                view.fault("service-missing", row, "service", suggestion=usual)
            elif row.text("service") != usual:
                view.fault("service-differs", row, "service", suggestion=usual)


def _texts(view: View, reach: Reach) -> None:
    for row in view.rows:
        if len(row.text("value")) > LONGEST:
            view.fault(
                "text-too-long", row, "value", found=str(len(row.text("value"))), suggestion=str(LONGEST)
            )
        elif not row.text("value") and _must(row, reach):
            view.fault("text-missing", row, "value")


def _must(row: Row, reach: Reach) -> bool:
    one = template_of(row)
    return one is not None and reach.applies(one.applicability)


def _mended(cell: str) -> str:
    """What it was before it was read wrongly, "" where that is lost."""
    try:
        return cell.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return ""
