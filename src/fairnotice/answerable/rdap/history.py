"""The past of an object, in the form of the history extension (draft-apnic-historical-rdap,
`history_version_0`).

Times are those of the facts, as the register knows them today: what was corrected is shown corrected, what
was retracted is not shown. An organisation's records are dated by when the register said them, since
nothing else is known about its names.
"""

from __future__ import annotations

from datetime import date

from fairnotice.answerable.models import Delegation, OrganisationVersion
from fairnotice.answerable.models.recorded import STILL_SAID
from fairnotice.answerable.rdap.chains import holding
from fairnotice.answerable.rdap.entities import HOLDS_AS, Facts, organisation
from fairnotice.answerable.rdap.objects import described
from fairnotice.answerable.rdap.shown import Listed, on_day, public_rows
from fairnotice.answerable.rdap.words import Json, address, moment
from fairnotice.answerable.resources import Target
from fairnotice.answerable.rows import target_of

#: Records in one answer; the newest are kept, and a notice says that there are more.
MOST = 200
Period = tuple[Delegation, date, date | None]


def of_resource(target: Target, today: date, asked: str) -> tuple[list[Json], bool]:
    """Records of all public objects that hold all of `target`, newest first, and whether older ones were left
    out. Whoever asks for more of the address space is not shown what lies in it."""
    found = sorted(_periods(public_rows(target), today), key=_newest_first)
    kept = found[:MOST]
    names = _facts({row.to_org_id for row, _begin, _end in kept})
    return [_record(period, names, today, asked) for period in kept], len(found) > MOST


def _newest_first(period: Period) -> tuple[int, int]:
    row, begin, _end = period
    return -begin.toordinal(), -row.pk


def _periods(rows: list[Delegation], today: date) -> list[Period]:
    """For each resource, who had it when: as an answer on each of these days would have said."""
    days = {row.valid_from for row in rows} | {row.valid_until for row in rows if row.valid_until}
    turns = sorted(day for day in days if day <= today)
    last: dict[int, Period] = {}
    done: list[Period] = []
    for begin in turns:
        held: dict[int, list[Delegation]] = {}
        for row in on_day(rows, begin):
            held.setdefault(row.resource_id, []).append(row)
        now = {resource: holding(known) for resource, known in held.items()}
        for resource, (row, since, _open) in list(last.items()):
            if now.get(resource) is not row:
                done.append((row, since, begin))
                del last[resource]
        for resource, row in now.items():
            last.setdefault(resource, (row, begin, None))
    return [*done, *last.values()]


def _facts(organisations: set[int]) -> dict[int, Facts]:
    rows = OrganisationVersion.objects.filter(STILL_SAID, organisation__in=organisations)
    return {
        row.organisation_id: Facts(row.organisation.handle, row.name, row.country, row.url)
        for row in rows.select_related("organisation")
    }


def _record(period: Period, names: dict[int, Facts], today: date, asked: str) -> Json:
    row, begin, end = period
    holder = names.get(row.to_org_id) or Facts(row.to_org.handle, row.to_org.handle)
    role = HOLDS_AS.get(row.kind, "registrant")
    content = described(
        row,
        [organisation(holder, [role])],
        address(target_of(row.resource)) or asked,
        "active" if end is None else "inactive",
    )
    return _dated(moment(begin), moment(end) if end else "", content)


def of_organisation(listed: Listed) -> tuple[list[Json], bool]:
    """Records of what an organisation was called, newest first."""
    rows = list(listed.organisation.versions.order_by("-recorded_from", "-pk")[: MOST + 1])
    records = []
    for row in rows[:MOST]:
        content = organisation(Facts(listed.organisation.handle, row.name, row.country, row.url))
        content["status"] = ["active" if row.recorded_until is None else "inactive"]
        until = moment(row.recorded_until) if row.recorded_until else ""
        records.append(_dated(moment(row.recorded_from), until, content))
    return records, len(rows) > MOST


def _dated(begin: str, end: str, content: Json) -> Json:
    """A record that still applies has no end."""
    return {"applicableFrom": begin, **({"applicableUntil": end} if end else {}), "content": content}
