"""What is counted, from the tables of cases: one pass for each subject, grouped by month and by what it is
about.

Nothing here is about a person: no column of a notifier, an affected party or somebody who works here is
read. What the public sees of it goes through `statistics_public`, what the desk sees through
`statistics_desk`. Months are those of UTC. docs/statistics.md defines every figure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import Case as When_
from django.db.models import (
    CharField,
    Count,
    F,
    FloatField,
    Func,
    IntegerField,
    Min,
    Q,
    QuerySet,
    Value,
    When,
)

from fairnotice.cases.models import (
    Appeal,
    AppealOutcome,
    Decision,
    Measure,
    MeasureStatus,
    Notice,
)
from fairnotice.cases.people import hidden_cases, hidden_notices
from fairnotice.cases.permissions import Actor
from fairnotice.law.doors import DOORS
from fairnotice.law.durations import ENDS
from fairnotice.law.enums import LANGUAGES, SOURCE_TYPES, TERRITORIES
from fairnotice.law.measures import MEASURES, NO_ACTION
from fairnotice.law.taxonomy import CATEGORIES

#: ISO 639-2 for "not determined"; what has no language, or none that can be told.
UNKNOWN = "UND"
# A decision that took effect, whatever became of it later.
MADE = ("in_force", "expired", "lapsed", "partly_reversed", "reversed")


#: Part -> every value that readers know of, whether there is any of it or not.
CODES: dict[str, tuple[str, ...]] = {
    "category": tuple(CATEGORIES),
    "source": tuple(SOURCE_TYPES),
    "language": (*LANGUAGES, UNKNOWN),
    "door": tuple(DOORS),
    "result": ("measure", "none"),
    "ground": ("law", "rules"),
    "kind": tuple(code for code in MEASURES if code != NO_ACTION),
    "side": ("affected", "notifier"),
    "outcome": ("upheld", "partly_reversed", "reversed"),
    "order": ("act", "inform"),
    "state": tuple(TERRITORIES),
    "authority": (),
}


class Month(Func):
    """A moment's month as "2026-05", by what the database itself can do: a function of Python for each of a
    million rows would take longer than the rest."""

    arity = 1
    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="substr(%(expressions)s, 1, 7)", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM')"
        return self.as_sql(compiler, connection, template=template, **context)


class Hours(Func):
    """The hours from the second moment to the first."""

    arity = 2

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "((julianday(%(expressions)s)) * 24.0)"
        joined = ") - julianday("
        return self.as_sql(compiler, connection, template=template, arg_joiner=joined, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(EXTRACT(EPOCH FROM (%(expressions)s)) / 3600.0)::float8"
        return self.as_sql(compiler, connection, template=template, arg_joiner=" - ", **context)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of what: `dims` names the parts of each key of `cells`; "month" is always the first."""

    dims: tuple[str, ...]
    cells: Mapping[tuple[str, ...], int]

    @property
    def total(self) -> int:
        return sum(self.cells.values())

    def by(self, *dims: str) -> dict[tuple[str, ...], int]:
        """Summed up over everything but these."""
        at = [self.dims.index(dim) for dim in dims]
        found: dict[tuple[str, ...], int] = {}
        for key, count in self.cells.items():
            short = tuple(key[place] for place in at)
            found[short] = found.get(short, 0) + count
        return found

    def of(self, dim: str) -> dict[str, int]:
        """The sums by one of the parts."""
        return {key[0]: count for key, count in self.by(dim).items()}

    def where(self, keep: Callable[[Mapping[str, str]], bool]) -> Counts:
        """Only the cells for which `keep` is true of part -> value."""
        return Counts(
            self.dims,
            {key: n for key, n in self.cells.items() if keep(dict(zip(self.dims, key, strict=True)))},
        )

    def during(self, months: Iterable[str]) -> Counts:
        """Only these months."""
        wanted = set(months)
        return Counts(self.dims, {key: n for key, n in self.cells.items() if key[0] in wanted})


def moment(day: date) -> datetime:
    """Midnight UTC at which a day begins."""
    return datetime.combine(day, time(), UTC)


def first_day() -> date | None:
    """The day of the first notice; None while there is none."""
    first = Notice.objects.aggregate(earliest=Min("received_at"))["earliest"]
    return first.astimezone(UTC).date() if first else None


def made() -> Q:
    """Decisions that took effect. One that lapsed for want of a second person did not."""
    unconfirmed = Q(status__state="lapsed", severe=True, status__second__isnull=True)
    return Q(status__state__in=MADE) & ~unconfirmed


def language(code: str) -> str:
    """The language of a code as somebody sent it, in the spelling of `law.enums.LANGUAGES`; `UNKNOWN` for
    anything else: what people typed is nothing to publish."""
    main = code.partition("-")[0].upper()
    return main if main in LANGUAGES else UNKNOWN


def notices(since: date, until: date, actor: Actor | None = None) -> Counts:
    """Notices by the month in which they came in, until the day `until` (not included)."""
    rows = Notice.objects.filter(received_at__gte=moment(since), received_at__lt=moment(until))
    if actor is not None:
        rows = rows.exclude(pk__in=hidden_notices(actor).values("pk"))
    columns = {
        "month": Month("received_at"),
        "category": F("category"),
        "source": F("source_type"),
        "language": F("language"),
        "door": F("door"),
    }
    return _counted(rows, columns)


def decisions(since: date, until: date, actor: Actor | None = None) -> Counts:
    """Decisions that took effect, by the month in which they were made. `step` is the step of
    `law.durations` from the first notice in the case to the decision."""
    rows = _decisions(since, until, actor).alias(took=_took())
    columns = {
        "month": Month("decided_at"),
        "category": F("category"),
        "source": F("source_type"),
        "language": F("content_language"),
        "ground": F("ground_kind"),
        "result": When_(When(no_action=True, then=Value("none")), default=Value("measure")),
        "step": _step(),
    }
    return _counted(rows, columns)


def measures(since: date, until: date, actor: Actor | None = None) -> Counts:
    """Measures that were decided, by the month of the decision; those that an appeal put in the place of
    another are not counted again."""
    rows = Measure.objects.filter(
        decision__in=_decisions(since, until, actor), replaces__isnull=True
    ).exclude(kind=NO_ACTION)
    columns = {
        "month": Month("decision__decided_at"),
        "kind": F("kind"),
        "category": F("decision__category"),
        "source": F("decision__source_type"),
        "language": F("decision__content_language"),
    }
    return _counted(rows, columns)


def appeals(since: date, until: date, actor: Actor | None = None) -> Counts:
    """Appeals by the month in which they came in."""
    rows = Appeal.objects.filter(received_at__gte=moment(since), received_at__lt=moment(until))
    if actor is not None:
        rows = rows.exclude(decision__case__in=hidden_cases(actor))
    return _counted(rows, {"month": Month("received_at"), "side": F("side"), **_about("decision")})


def answers(since: date, until: date, actor: Actor | None = None) -> Counts:
    """Answers to appeals by the month in which they were given."""
    rows = AppealOutcome.objects.filter(decided_at__gte=moment(since), decided_at__lt=moment(until))
    if actor is not None:
        rows = rows.exclude(appeal__decision__case__in=hidden_cases(actor))
    columns = {"month": Month("decided_at"), "outcome": F("outcome"), "side": F("appeal__side")}
    return _counted(rows, {**columns, **_about("appeal__decision")})


def restored(since: date, until: date, actor: Actor | None = None) -> Counts:
    """Measures whose undoing was confirmed, by the month of that."""
    rows = MeasureStatus.objects.filter(
        effect="restored", effect_at__gte=moment(since), effect_at__lt=moment(until)
    )
    if actor is not None:
        rows = rows.exclude(measure__decision__case__in=hidden_cases(actor))
    return _counted(rows, {"month": Month("effect_at"), **_about("measure__decision")})


def hours(since: date, until: date, actor: Actor) -> Iterator[tuple[str, str, str, str, float]]:
    """(month, category, source, language, hours from the first notice in the case to the decision) for each
    decision, quickest first."""
    rows = _decisions(since, until, actor).annotate(took=_took(), in_month=Month("decided_at"))
    columns = ("in_month", "category", "source_type", "content_language", "took")
    for month, category, source, spoken, took in rows.order_by("took").values_list(*columns).iterator():
        yield month, category, source, language(spoken), took


def _decisions(since: date, until: date, actor: Actor | None) -> QuerySet[Decision]:
    rows = Decision.objects.filter(made(), decided_at__gte=moment(since), decided_at__lt=moment(until))
    return rows if actor is None else rows.exclude(case__in=hidden_cases(actor))


def _about(decision: str) -> dict[str, F]:
    return {
        "category": F(f"{decision}__category"),
        "source": F(f"{decision}__source_type"),
        "language": F(f"{decision}__content_language"),
    }


def _took() -> Func:
    return Hours(F("decided_at"), F("case__opened_at"), output_field=FloatField())


def _step() -> When_:
    """The step of `law.durations` that the alias `took` falls into."""
    cases = [When(Q(took__lt=end), then=Value(step)) for step, end in enumerate(ENDS)]
    return When_(*cases, default=Value(len(ENDS)), output_field=IntegerField())


def _counted(rows: QuerySet[Any], columns: Mapping[str, Any]) -> Counts:
    """One query: how many rows for each combination. Names begin with "in_", so that none meets a column."""
    named = {f"in_{name}": what for name, what in columns.items()}
    found: dict[tuple[str, ...], int] = {}
    dims = tuple(columns)
    for row in rows.order_by().annotate(**named).values_list(*named).annotate(n=Count("pk")):
        key = tuple(
            language(part) if dim == "language" else str(part)
            for dim, part in zip(dims, row[:-1], strict=True)
        )
        found[key] = found.get(key, 0) + row[-1]
    return Counts(dims, found)
