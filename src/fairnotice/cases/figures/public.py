"""The public tables, made of what has been released and of nothing else: a figure here is one of
`statistics_public`, or a sum of such figures. So whatever is chosen on the page, it tells no more."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from fairnotice.cases.figures import pictures, words
from fairnotice.cases.figures.model import Cell, Figure, Line, count, nothing, together, withheld
from fairnotice.cases.queries.statistics_public import Release, Released
from fairnotice.law.durations import percentile_step
from fairnotice.law.suppression import OTHERS, Table

#: Without a year chosen, the newest so many periods are shown in tables.
LATEST = 4
#: Dimensions by which a page can be narrowed, one at a time.
NARROW = ("category", "source", "language")

# Subject of a page -> (subject of the release, its tables).
_PAGES: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "notices": (("notices", ("category", "source", "language", "door")),),
    "decisions": (("decisions", ("result", "ground", "category", "source", "language")),),
    "measures": (("measures", ("kind", "category")),),
    "appeals": (("appeals", ("side", "category")), ("answers", ("outcome", "side", "category"))),
    "orders": (("orders", ("order", "state", "authority")),),
}


def counted(name: str) -> str:
    """What one of the subjects of the release counts."""
    return {
        "notices": _("Notices received"),
        "decisions": _("Decisions made"),
        "measures": _("Measures decided"),
        "appeals": _("Appeals received"),
        "answers": _("Appeals answered"),
        "restored": _("Measures undone, and confirmed to be"),
        "orders": _("Orders received"),
    }[name]


def narrowed_by(subject: str) -> tuple[str, ...]:
    """By which dimensions the page of a subject can be narrowed."""
    dims = {dim for _name, tables in _PAGES.get(subject, ()) for dim in tables}
    return tuple(dim for dim in NARROW if dim in dims)


def figures(release: Release, subject: str, *, year: int | None, chosen: dict[str, str]) -> list[Figure]:
    """The tables of one page; `chosen` is at most one of `narrowed_by`. Empty where nothing is released."""
    if subject == "time":
        return _time(_latest(release.of("decisions", year), year))
    found: list[Figure] = []
    for name, dims in _PAGES.get(subject, ()):
        everything = release.of(name, year)
        if not everything:
            continue
        narrow = next(((dim, code) for dim, code in chosen.items() if dim in dims), None)
        found.append(_over_time(name, everything, narrow))
        if narrow is None:
            found += [_by(name, dim, _latest(everything, year)) for dim in dims]
    if subject == "appeals" and found and not chosen:
        found.append(_after(release, year))
    return found


def overview(release: Release) -> Figure | None:
    """Everything that is counted, by year; None where nothing is released."""
    years = release.years[:5][::-1]
    if not years:
        return None
    lines = tuple(
        Line(name, counted(name), tuple(_sum(release.of(name, year)) for year in years))
        for name in ("notices", "decisions", "measures", "appeals", "answers", "restored")
    )
    newest = _("In %(year)s") % {"year": years[-1]}
    return Figure(
        "overview",
        _("Year by year"),
        _("Sums of what is released; the newest year only as far as it is released."),
        _("What"),
        tuple((str(year), str(year)) for year in years),
        lines,
        pictures.lying(lines, len(years) - 1, key="overview", title=newest),
    )


def _latest(periods: tuple[Released, ...], year: int | None) -> tuple[Released, ...]:
    return periods if year is not None else periods[-LATEST:]


def _sum(periods: Sequence[Released]) -> Cell:
    return together(count(one.total) for one in periods) if periods else nothing()


def _months_shown(one: Released) -> tuple[int, ...]:
    """The totals of its months; empty where they are not shown."""
    return next((table.column_totals for table in one.tables.values() if len(table.column_totals) > 1), ())


def _over_time(name: str, periods: tuple[Released, ...], narrow: tuple[str, str] | None) -> Figure:
    """By months where every period has them, else by periods."""
    by_month: list[tuple[str, str, Cell]] = []
    by_period: list[tuple[str, str, Cell]] = []
    for one in periods:
        total, months = _of(one, narrow)
        by_period.append((one.period.key, words.period(one.period), total))
        if months:
            by_month += zip(one.period.months, map(words.month, one.period.months), months, strict=True)
        elif total.value == 0 and len(one.period.months) == 3:
            by_month += [(month, words.month(month), count(0)) for month in one.period.months]
    whole = len(by_month) == sum(len(one.period.months) for one in periods)
    shown = by_month if whole else by_period
    title = _("%(what)s, over time") % {"what": counted(name)}
    notes = []
    if narrow is not None:
        named = words.label(*narrow)
        title = _("%(title)s: %(what)s") % {"title": title, "what": named}
        notes.append(
            _("Where “%(what)s” is not shown, it is among “all others” of that time.") % {"what": named}
        )
    if not whole and len(periods[0].period.months) == 3:
        notes.append(_("By quarter, because in some month there were too few to show months."))
    key = f"{name}-over-time"
    picture = pictures.standing(
        [label for _code, label, _cell in shown], [cell for _c, _l, cell in shown], key=key, title=title
    )
    lines = tuple(Line(code, label, (cell,)) for code, label, cell in shown)
    method = _("Counted by the month in which it happened (UTC).")
    return Figure(key, title, method, _("Time"), (("count", counted(name)),), lines, picture, tuple(notes))


def _of(one: Released, narrow: tuple[str, str] | None) -> tuple[Cell, tuple[Cell, ...]]:
    """The total of a period and its months, of everything or of one code."""
    if narrow is None or not one.total:
        return count(one.total), tuple(map(count, _months_shown(one)))
    table = one.tables[narrow[0]]
    row = next((row for row in table.rows if row.key == narrow[1]), None)
    if row is None:
        return _unlisted(table), ()
    months = row.cells if row.cells is not None and len(table.column_totals) > 1 else ()
    return count(row.total), tuple(map(count, months))


def _unlisted(table: Table) -> Cell:
    """What is not listed is among the others; where there are none, there is none of it."""
    return withheld() if any(row.key == OTHERS for row in table.rows) else count(0)


def _cell(one: Released, dim: str, code: str) -> Cell:
    if not one.total:
        return count(one.total)
    table = one.tables[dim]
    row = next((row for row in table.rows if row.key == code), None)
    if row is not None:
        return count(row.total)
    return count(0) if code == OTHERS else _unlisted(table)


def _by(name: str, dim: str, periods: tuple[Released, ...]) -> Figure:
    """By one thing: a column for each period, and one for all together."""
    codes = dict.fromkeys(
        row.key for one in periods for table in [one.tables.get(dim)] if table for row in table.rows
    )
    several = len(periods) > 1
    lines = []
    for code in codes:
        cells = [_cell(one, dim, code) for one in periods]
        lines.append(
            Line(code, words.label(dim, code), tuple([*cells, together(cells)] if several else cells))
        )
    lines.sort(key=lambda line: (line.code == OTHERS, -(line.cells[-1].number or 0), line.label))
    heads = [(one.period.key, words.period(one.period)) for one in periods]
    if several:
        heads.append(("together", _("Together")))
    what = {"what": counted(name), "by": words.dimension(dim)}
    title = _("%(what)s, by: %(by)s") % what
    key = f"{name}-by-{dim}"
    if dim == "outcome":
        wholes = [
            (words.period(one.period), [line.cells[at] for line in lines]) for at, one in enumerate(periods)
        ]
        picture = pictures.divided(wholes, [line.label for line in lines], key=key, title=title)
    else:
        picture = pictures.lying(lines, -1, key=key, title=title)
    notes = []
    if OTHERS in codes:
        notes.append(_("Listed is what there were ten or more of in a period; all else is together."))
    if any(cell.state == "at least" for line in lines for cell in line.cells):
        notes.append(_("“At least”: in some of these periods it was among all others."))
    method = _("Each counts once.")
    return Figure(key, title, method, words.dimension(dim), tuple(heads), tuple(lines), picture, tuple(notes))


def _after(release: Release, year: int | None) -> Figure:
    """What happens after an appeal: counts of what happened in the same time, one stage after the other."""
    answers = release.of("answers", year)
    stages: list[tuple[str, str, Cell, int]] = [
        ("decisions", counted("decisions"), _sum(release.of("decisions", year)), 0),
        ("appeals", counted("appeals"), _sum(release.of("appeals", year)), 1),
        ("answers", counted("answers"), _sum(answers), 2),
    ]
    for code in ("upheld", "partly_reversed", "reversed"):
        cells = [_cell(one, "outcome", code) for one in answers]
        stages.append((code, words.label("outcome", code), together(cells), 3))
    stages.append(("restored", counted("restored"), _sum(release.of("restored", year)), 3))
    lines = tuple(Line(code, label, (cell,)) for code, label, cell, _level in stages)
    title = _("What happens after an appeal")
    return Figure(
        "after-appeal",
        title,
        _(
            "Each stage counts what happened in the time shown, so an appeal can stand in a later time than "
            "its decision."
        ),
        _("Stage"),
        (("count", _("Number")),),
        lines,
        pictures.lying(
            lines, 0, key="after-appeal", title=title, levels=[level for _c, _l, _n, level in stages]
        ),
    )


def spread_of(groups: Sequence[tuple[int, int]], totals: Sequence[int], title: str, *notes: str) -> Figure:
    """How many decisions took how long, by groups of the steps of `law.durations`."""
    names = [words.steps(*group) for group in groups]
    lines = tuple(
        Line(f"{begin}-{end}", name, (count(total),))
        for (begin, end), name, total in zip(groups, names, totals, strict=True)
    )
    picture = pictures.standing(
        names, [line.cells[0] for line in lines], key="time-spread", title=title, touching=True
    )
    heads = (("count", counted("decisions")),)
    return Figure("time-spread", title, words.took(), _("Time"), heads, lines, picture, notes)


def _time(periods: tuple[Released, ...]) -> list[Figure]:
    """How long decisions took: spread of the newest period, then half and nine in ten for each period and
    kind."""
    known = [one for one in periods if one.took is not None]
    if not known:
        return []
    newest = known[-1]
    assert newest.took is not None  # noqa: S101 - chosen by it
    table, groups = newest.took.table, newest.took.groups
    when = {"when": words.period(newest.period)}
    title = _("How long decisions took, %(when)s") % when
    joined = _("Neighbouring times are joined until there are ten or more.")
    found = [spread_of(groups, table.column_totals, title, joined)]
    heads = (
        ("count", counted("decisions")),
        ("half", _("Half were made within")),
        ("ninety", _("Nine in ten were made within")),
    )
    lines = [
        Line(one.period.key, words.period(one.period), (count(one.total), *_reached(one))) for one in periods
    ]
    read = _("Read from the spread, so a span of time and not an exact one.")
    found.append(Figure("time-by-period", _("Period by period"), read, _("Period"), heads, tuple(lines)))
    kinds = tuple(
        Line(
            row.key,
            words.label("category", row.key),
            (count(row.total), *_shares(groups, row.cells)),
        )
        for row in table.rows
    )
    title = _("By kind of problem, %(when)s") % when
    found.append(Figure("time-by-category", title, read, words.dimension("category"), heads, kinds))
    return found


def _reached(one: Released) -> tuple[Cell, Cell]:
    if one.took is None:
        return (nothing(), nothing()) if one.total == 0 else (withheld(), withheld())
    return _shares(one.took.groups, one.took.table.column_totals)


def _shares(groups: Sequence[tuple[int, int]], counts: tuple[int, ...] | None) -> tuple[Cell, Cell]:
    """Half and nine in ten, as the span of time in which they are reached."""
    if counts is None:
        return withheld(), withheld()
    found = []
    for share in (0.5, 0.9):
        step = percentile_step(counts, share)
        found.append(nothing() if step is None else words.within(*groups[step]))
    return found[0], found[1]
