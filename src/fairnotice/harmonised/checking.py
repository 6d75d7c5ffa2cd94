"""Checks a report against the act's templates and instructions: every fault with its place, rule and
source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from fairnotice.harmonised.check_cells import check_cells, check_service
from fairnotice.harmonised.check_dates import check_dates
from fairnotice.harmonised.check_indicators import check_appeals, check_means, check_people, check_recipients
from fairnotice.harmonised.check_rows import check_rows
from fairnotice.harmonised.check_scopes import check_scopes
from fairnotice.harmonised.check_sums import check_sums
from fairnotice.harmonised.faults import SEVERITIES, Fault
from fairnotice.harmonised.limits import LIMITS, Limits
from fairnotice.harmonised.parts import PARTS, file_name
from fairnotice.harmonised.reading import Found
from fairnotice.harmonised.report import Report
from fairnotice.harmonised.rules import fault
from fairnotice.harmonised.views import BY_CATEGORY, View, reach_of

_MISSING = {4: "part-missing-hosting", 9: "part-missing-vlop", 10: "part-missing-vlop"}


def check(report: Report, *, whole: bool = True) -> list[Fault]:
    """Every fault of the report, in order of part and row. `whole`: whether a missing part is one. Never
    raises for what stands in the cells."""
    views = {number: View(report, number) for number in sorted(report.parts) if number in PARTS}
    reach = reach_of(views)
    faults: list[Fault] = []
    if whole:
        for number, part in PARTS.items():
            if number not in views:
                faults.append(fault(_MISSING.get(number, "part-missing"), file_name(part)))
    known = check_dates(views)
    check_service(views)
    check_scopes(views, reach)
    for number, view in views.items():
        check_rows(view)
        check_cells(view, reach)
        if number in BY_CATEGORY:
            check_sums(view, known)
    if 7 in views:
        check_appeals(views[7], reach, known)
    if 8 in views:
        check_means(views[8], views, reach)
    if 9 in views:
        check_people(views[9], reach)
    if 10 in views:
        check_recipients(views[10])
    for view in views.values():
        faults += sorted(view.faults, key=lambda one: one.row)
    return faults


def check_found(found: Found, limits: Limits = LIMITS) -> list[Fault]:
    """What was amiss in reading, and then in the report and its siblings; of one rule in one file, so many
    as the limits say."""
    faults = [*found.faults]
    # With nothing in it, a list of eleven missing parts would say less than what was amiss with the file.
    if found.report.parts:
        faults += check(found.report, whole=_is_whole(found))
    for report in found.siblings.values():
        faults += check(report, whole=False)
    return listed(faults, limits.listed)


def _is_whole(found: Found) -> bool:
    """One CSV with one part may well be all that somebody wants to have looked at."""
    return len(found.report.parts) > 1 or len(found.files) > 1


def listed(faults: Iterable[Fault], most: int) -> list[Fault]:
    """At most so many of one rule in one file; then one line that says how many more there are."""
    kept: list[Fault] = []
    counted: Counter[tuple[str, str]] = Counter()
    for one in faults:
        counted[one.file, one.rule] += 1
        if counted[one.file, one.rule] <= most:
            kept.append(one)
    for (file, rule), times in counted.items():
        if times > most:
            kept.append(replace(fault("more", file, found=f"{rule}: {times - most}"), column=""))
    return kept


def counts(faults: Iterable[Fault]) -> dict[str, int]:
    """Severity -> how many, all three named."""
    found = Counter(one.severity for one in faults)
    return {severity: found[severity] for severity in SEVERITIES}
