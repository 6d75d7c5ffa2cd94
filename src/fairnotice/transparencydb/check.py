"""Statements checked in plain Python: one at a time, or the call of up to a hundred that the API takes.

A statement is one object of the API: names of fields to values as JSON has them. Nothing here raises for
what a statement holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from fairnotice.law.words import gettext_noop
from fairnotice.transparencydb import personal, values
from fairnotice.transparencydb.predicates import Ask
from fairnotice.transparencydb.rule import BULK, GAP, STORE, Fault, Rule, Whole
from fairnotice.transparencydb.rules import table
from fairnotice.transparencydb.schema import SCHEMAS, V1_ONLY, V2_SINCE, Version

__all__ = ["MOST_IN_A_CALL", "WHOLE", "Fault", "check_many", "check_one", "version_of"]

MOST_IN_A_CALL: Final = 100

# What the database adds by itself: it stands in its answers, and is no slip.
SERVER_SET = frozenset(
    {"id", "uuid", "platform_id", "platform_name", "user_id", "method", "permalink", "self", "created_at",
     "updated_at", "deleted_at"}
)  # fmt: skip

# Rules that are about no single field of a statement.
WHOLE: dict[str, Whole] = {
    rule.id: rule
    for rule in (
        Whole("no_object", "database", STORE, gettext_noop("A statement is an object with fields.")),
        Whole(
            "unknown_field",
            "ours",
            GAP,
            gettext_noop("The database knows no such field and drops it without a word."),
        ),
        Whole("call_size", "database", BULK, gettext_noop("A call holds 1 to 100 statements.")),
        Whole(
            "puid_twice",
            "database",
            STORE,
            gettext_noop("This identifier was used before; each is used once, ever."),
        ),
        Whole(
            "ean_dropped",
            "ours",
            BULK,
            gettext_noop("A call with many statements drops content_id_ean. Please use content_id."),
        ),
    )
}


def check_one(
    statement: Mapping[str, object], version: Version = "v2", absent: frozenset[str] = frozenset()
) -> list[Fault]:
    """All that is amiss in one statement, field by field; an empty list means that it may be sent.

    `absent`: fields of which nothing is known, since the file has no column for them; no rule that reads one
    is asked. Never raises, whatever the values are.
    """
    faults = [
        Fault(rule.field, rule.id, rule.level, rule.message, found(rule, statement.get(rule.field)))
        for rule in broken(statement, version, absent)
    ]
    known = SCHEMAS[version].fields
    faults += [
        WHOLE["unknown_field"].fault(shown(str(name)))
        for name in statement
        if name not in known and name not in SERVER_SET
    ]
    return faults


def check_many(statements: Sequence[object], version: Version = "v2") -> dict[str, list[Fault]]:
    """The faults of one call: those of each statement under `statement_<index>`, those of the call as a whole
    under `statements`. Keys without faults are left out: an empty answer means that the call may be made."""
    found: dict[str, list[Fault]] = {}
    if not 1 <= len(statements) <= MOST_IN_A_CALL:
        found["statements"] = [WHOLE["call_size"].fault("statements", str(len(statements)))]
    seen: set[str] = set()
    for index, statement in enumerate(statements):
        if not isinstance(statement, Mapping):
            found[f"statement_{index}"] = [WHOLE["no_object"].fault("")]
            continue
        faults = in_a_call(statement, version)
        puid = values.text(statement.get("puid"))
        if puid in seen:
            faults.append(WHOLE["puid_twice"].fault("puid", shown(puid)))
        if not values.missing(puid):
            seen.add(puid)
        if faults:
            found[f"statement_{index}"] = faults
    return found


def in_a_call(statement: Mapping[str, object], version: Version) -> list[Fault]:
    """`check_one`, and what a call with many statements does to this one besides."""
    faults = check_one(statement, version)
    if not values.missing(statement.get("content_id_ean", values.ABSENT)):
        faults.append(WHOLE["ean_dropped"].fault("content_id_ean"))
    return faults


def broken(
    statement: Mapping[str, object], version: Version, absent: frozenset[str] = frozenset()
) -> list[Rule]:
    """The rules of the table that one statement breaks, in the order of the table."""
    always, by_field = _plan(version, absent)
    found = [place for place in always if place[1].broken.holds(statement)]
    for name in statement:
        found += [place for place in by_field.get(name, ()) if place[1].broken.holds(statement)]
    return [rule for _index, rule in sorted(found, key=lambda place: place[0])]


_Placed = tuple[int, Rule]


@cache
def _plan(version: Version, absent: frozenset[str]) -> tuple[list[_Placed], dict[str, list[_Placed]]]:
    """The rules that are always asked, and for each field those that are asked only where it is there."""
    always: list[_Placed] = []
    by_field: dict[str, list[_Placed]] = {}
    for index, rule in enumerate(asked(version, absent)):
        needs = rule.broken.needs()
        # Of several any will do; the rule's own is there the least often.
        name = rule.field if rule.field in needs else min(needs, default="")
        (by_field.setdefault(name, []) if name else always).append((index, rule))
    return always, by_field


@cache
def asked(version: Version, absent: frozenset[str]) -> tuple[Rule, ...]:
    """The rules that can be asked where `absent` fields are not known."""
    return tuple(rule for rule in table(version) if not rule.reads & absent)


def _was_of_v1(value: object) -> bool:
    return not V1_ONLY.isdisjoint((value,) if isinstance(value, str) else values.items(value))


# Where the day is not known, one code that only v1 had tells.
USES_V1 = tuple(
    Ask(name, "of v1", _was_of_v1) for name in ("category", "category_addition", "category_specification")
)


def version_of(statement: Mapping[str, object]) -> Version:
    """The version that a statement was written for: by the day on which the database took it, otherwise v1
    where a code is used that only v1 had, otherwise v2."""
    created = created_version(values.text(statement.get("created_at")))
    return created or ("v1" if any(ask.holds(statement) for ask in USES_V1) else "v2")


def created_version(created_at: str) -> Version | None:
    """By the day on which the database took it, None where that cannot be read."""
    if not values.day(created_at[:10]):
        return None
    return "v1" if created_at[:10] < V2_SINCE else "v2"


def found(rule: Rule, value: object) -> str:
    """What stands in the field, short, for whoever mends it. Free text is never repeated."""
    if rule.id in ("personal_data", "web_address", "quotation"):
        bit = {"personal_data": personal.PERSONAL, "web_address": personal.ADDRESS}.get(
            rule.id, personal.QUOTATION
        )
        places = personal.found(values.text(value))
        return ", ".join(
            f"{kind} at character {start}" for kind, start in places if personal.bits_of(kind) == bit
        )[:200]
    if value is values.ABSENT or value is None:
        return ""
    if isinstance(value, str):
        free = SCHEMAS["v2"].fields[rule.field].free
        return f"{len(value)} characters" if free else shown(value)
    if isinstance(value, list | tuple):
        if SCHEMAS["v2"].fields[rule.field].free:
            return _kind(value)
        return shown(", ".join(item if isinstance(item, str) else _kind(item) for item in value[:50]))
    return str(value) if isinstance(value, bool | float) else _kind(value)


def shown(text: str) -> str:
    """At most 80 characters, and none that a terminal would obey."""
    cut = text if len(text) <= 80 else f"{text[:79]}…"
    return "".join(one if one.isprintable() else f"\\u{{{ord(one):x}}}" for one in cut)


def _kind(value: object) -> str:
    return {
        bool: "true or false",
        int: "a number",
        float: "a number",
        dict: "an object",
        list: "a list",
        tuple: "a list",
    }.get(type(value), "something else")
