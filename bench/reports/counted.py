"""One way of counting the year, in a process of its own: `python -m bench.reports.counted ours|plain`."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections import Counter


def ours() -> int:
    """The whole report: counts, medians, all eleven parts as files."""
    from fairnotice.cases.counting.counts import count
    from fairnotice.cases.counting.period import parse_period
    from fairnotice.cases.queries.reports import head
    from fairnotice.cases.reporting import files, filling

    period = parse_period("2025-01-01/2025-12-31")
    counts = count(period)
    made = filling.fill(head("Bench", period), counts, {})
    if sum(len(content) for _name, content in files.files_of(made.parts, {})) < 50_000:
        raise RuntimeError("no report was made")
    return counts.count("notices.received", "TOTAL")


def plain() -> int:
    """The plain way: rows as objects, one after the other, durations in lists; part 4 alone."""
    from statistics import median

    from fairnotice.cases.models import MeasureStatus, Notice

    notices: Counter[str] = Counter()
    hours: dict[str, list[float]] = {}
    for notice in Notice.objects.filter(received_at__year=2025).iterator():
        notices[f"{notice.category}/{notice.keyword}"] += 1
    rows = MeasureStatus.objects.filter(in_force_at__year=2025).select_related("measure__decision")
    for status in rows.iterator():
        case = status.measure.decision.case_id
        first = Notice.objects.filter(items__case=case).order_by("received_at").first()
        if first is None or status.in_force_at is None:
            continue
        taken = (status.in_force_at - first.received_at).total_seconds() / 3600
        hours.setdefault(f"{first.category}/{first.keyword}", []).append(taken)
    if min(median(values) for values in hours.values()) < 0:
        raise RuntimeError("an action before its notice")
    return sum(notices.values())


def main(way: str) -> None:
    """Count once."""
    from fairnotice.site.setup import prepare

    prepare()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start, cpu = time.perf_counter(), time.process_time()
    notices = {"ours": ours, "plain": plain}[way]()
    print(
        json.dumps(
            {
                "notices": notices,
                "seconds": time.perf_counter() - start,
                "cpu": time.process_time() - cpu,
                "before": before,
                "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1])
