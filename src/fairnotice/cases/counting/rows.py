"""Which row of a template something counts in, so that sums hold by construction."""

from __future__ import annotations

import json

from fairnotice.harmonised.categories import OTHER_VIOLATION_TC
from fairnotice.harmonised.parts import PARTS
from fairnotice.law.taxonomy import NOT_SPECIFIED, OTHER


def _sums(part: int) -> dict[str, list[str]]:
    keys = [key for key in PARTS[part].keys if not key.startswith("state:")]
    above = {key.partition("/")[0] for key in keys if "/" in key}
    fine = [key for key in keys if key != "TOTAL" and key not in above]
    sums = {high: [key for key in fine if key.startswith(f"{high}/")] for high in above}
    return {**sums, "TOTAL": fine}


#: Part -> row that is a sum -> the finest rows that it is the sum of.
_FINEST = {part: _sums(part) for part in (3, 4, 5, 6)}
_KNOWN = {part: frozenset(sums["TOTAL"]) for part, sums in _FINEST.items()}


def finest(part: int, row: str) -> list[str]:
    """The finest rows that a row is the sum of: itself, where it is one."""
    if not row or part not in _FINEST:
        return [row]
    return _FINEST[part].get(row, [row])


def row_of(part: int, category: str, keyword: str = "") -> str:
    """The finest row in which something of this category and sub-category counts, never none.

    Where a sub-category was not stated, or has no row of its own, it is the category's KEYWORD_OTHER, so that
    sub-categories add up to their category. Where part 4 has no row for the category (a notice that names a
    breach of the operator's rules alone), it is the row of what is not specified. For parts 5 and 6, whose
    categories a decision names, see `own_row`.
    """
    known = _KNOWN[part]
    row = f"{category}/{keyword or OTHER}"
    if row in known:
        return row
    if f"{category}/{OTHER}" in known:
        return f"{category}/{OTHER}"
    return category if category in known else NOT_SPECIFIED


def own_row(ground: str, category: str, keywords: str) -> tuple[int, str]:
    """The part and row of a measure of one's own initiative: the decision's category, and the first of its
    keywords that is finer than KEYWORD_OTHER.

    On the law it is part 5, else part 6. Part 5 has no row for two categories ("other violation of the
    terms", "not specified"): such a decision stands with "other violation" of part 6, the only place that
    the templates leave.
    """
    found: object = json.loads(keywords) if isinstance(keywords, str) else keywords
    named = found if isinstance(found, list) else []
    for part in (5, 6) if ground == "law" else (6,):
        if f"{category}/{OTHER}" not in _KNOWN[part]:
            continue
        finer = (f"{category}/{one}" for one in named if one != OTHER and f"{category}/{one}" in _KNOWN[part])
        return part, next(finer, f"{category}/{OTHER}")
    return 6, f"{OTHER_VIOLATION_TC}/{OTHER}"
