"""The rules that many fields share: made for each field from what the schema says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from fairnotice.law.words import gettext_noop
from fairnotice.transparencydb import personal, values
from fairnotice.transparencydb.predicates import Ask, Later, Number, Predicate
from fairnotice.transparencydb.rule import API, DSA, GAP, STORE, Rule, database, ours
from fairnotice.transparencydb.schema import LATEST, Field, Schema

_TOO_LONG = {
    500: gettext_noop("Longer than 500 characters."),
    2000: gettext_noop("Longer than 2000 characters."),
    5000: gettext_noop("Longer than 5000 characters."),
}


def missing(name: str) -> Predicate:
    """The field is not given."""
    return Ask(name, "missing", values.missing)


def is_(name: str, code: str) -> Predicate:
    """The field has this value."""
    return Ask(name, f"is {code}", partial(_is, code))


def has(name: str, code: str) -> Predicate:
    """The list holds this item."""
    return Ask(name, f"has {code}", partial(_has, code))


def day(name: str) -> Number:
    """The day that a date field names."""
    return Number(name, "day", values.day)


def of_field(field: Field, schema: Schema) -> Iterator[Rule]:
    """All rules that follow from what the schema says of one field, the database's first."""
    yield from _needed(field)
    yield from _typed(field)
    if field.most:
        longer = Ask(field.name, f"longer than {field.most}", partial(_longer, field.most))
        yield database("too_long", field.name, STORE, _TOO_LONG[field.most], longer)
    if field.allowed:
        yield from _of_a_list(field, schema)
    if field.kind == "date":
        yield from _dated(field)
    if field.free:
        yield from _written(field)
    # Where the form is checked anyway, that rule says it.
    if field.free or field.name == "puid" or (field.nullable and field.allowed):
        yield ours(
            "null_text",
            field.name,
            GAP,
            gettext_noop("The word “null” instead of nothing. Please leave the field out."),
            Ask(field.name, "the word null", values.is_word_null),
        )


def _needed(field: Field) -> Iterator[Rule]:
    if field.need == "required":
        yield database("required", field.name, STORE, gettext_noop("This is required."), missing(field.name))
    elif not field.nullable and field.allowed:
        yield database(
            "not_nullable",
            field.name,
            STORE,
            gettext_noop("This may not be null. Please leave the field out."),
            Ask(field.name, "null", values.is_null),
        )


def _typed(field: Field) -> Iterator[Rule]:
    question: Callable[[object], bool]
    if field.kind == "list":
        message, question = gettext_noop("This has to be a list of texts."), values.not_list
    elif field.kind == "object":
        message, question = gettext_noop("This has to be an object."), values.not_object
    else:
        message, question = gettext_noop("This has to be a text."), values.not_text
    yield database("type", field.name, STORE, message, Ask(field.name, "wrong type", question))


def _of_a_list(field: Field, schema: Schema) -> Iterator[Rule]:
    # The database takes the word "null" for a value wherever null may be sent; ours is `null_text`.
    taken = field.allowed | {"null"} if field.nullable else field.allowed
    question = _unknown_item if field.kind == "list" else _unknown
    unknown = Ask(field.name, f"unknown {schema.version}", partial(question, taken))
    if schema.renamed and field.name.startswith("category"):
        yield database(
            "unknown",
            field.name,
            STORE,
            gettext_noop("Not on the list of this version. Codes changed on 1 July 2025."),
            unknown,
        )
    else:
        yield database(
            "unknown", field.name, STORE, gettext_noop("Not on the list of this version."), unknown
        )
    if field.kind == "list":
        yield ours(
            "repeated",
            field.name,
            GAP,
            gettext_noop("An item stands in the list twice."),
            Ask(field.name, "repeats", values.repeats),
        )


def _dated(field: Field) -> Iterator[Rule]:
    yield database(
        "date",
        field.name,
        STORE,
        gettext_noop("Not a day of the calendar written YYYY-MM-DD."),
        Ask(field.name, "no day", values.no_day),
    )
    first = field.earliest.toordinal() if field.earliest else 1
    message = gettext_noop("Later than 2038-01-01.")
    if field.earliest:
        message = {
            2000: gettext_noop("Before 2000-01-01 or after 2038-01-01."),
            2020: gettext_noop("Before 2020-01-01 or after 2038-01-01."),
        }[field.earliest.year]
    outside = Ask(field.name, "out of range", partial(_out_of_range, first))
    yield database("date_range", field.name, STORE, message, outside)


def _written(field: Field) -> Iterator[Rule]:
    name = field.name
    if field.need != "optional":
        yield ours(
            "says_nothing",
            name,
            DSA + "17(3)",
            gettext_noop("Not one letter or digit: this gives no reason."),
            Ask(name, "says nothing", values.says_nothing, unless="[A-Za-z0-9]"),
        )
    for family, bit, message in (
        (
            "personal_data",
            personal.PERSONAL,
            gettext_noop("Looks like personal data, which may not be sent. Please say it without."),
        ),
        (
            "web_address",
            personal.ADDRESS,
            gettext_noop("Looks like a web address, which can lead to a person or to the content."),
        ),
        (
            "quotation",
            personal.QUOTATION,
            gettext_noop("A long quotation can be searched for, and then names whoever wrote it."),
        ),
    ):
        ask = Ask(name, family, partial(_holds, bit), hint=personal.HINT)
        yield ours(family, name, DSA + "24(5)", message, ask)


def end_dates(ends: dict[str, str]) -> Iterator[Rule]:
    """Of each end date: not before the start, and only beside its measure. `ends`: end field -> measure."""
    for end, measure in ends.items():
        yield ours(
            "end_before_start",
            end,
            API,
            gettext_noop("Ends before it was applied (application_date)."),
            Later(day("application_date"), day(end)),
        )
        yield ours(
            "end_without_measure",
            end,
            GAP,
            gettext_noop("An end date without the measure that ends then."),
            ~missing(end) & missing(measure),
        )


def _is(code: str, value: object) -> bool:
    return value == code


def _has(code: str, value: object) -> bool:
    return code in values.items(value)


def _longer(most: int, value: object) -> bool:
    return len(values.text(value)) > most


def _unknown(taken: frozenset[str], value: object) -> bool:
    return isinstance(value, str) and not values.missing(value) and value not in taken


def _unknown_item(taken: frozenset[str], value: object) -> bool:
    return not taken.issuperset(values.items(value))


def _out_of_range(first: int, value: object) -> bool:
    found = values.day(value)
    return bool(found) and not first <= found <= LATEST.toordinal()


def _holds(bit: int, value: object) -> bool:
    return bool(personal.kinds(value) & bit) if isinstance(value, str) and value else False
