"""The one table of rules: those that the database holds to as coded, and ours, which are stricter.

`check` goes through it for one statement in plain Python, `vector` for millions of rows of a dump. The
order is that of the fields in a dump; `docs/statements-check.md` lists the table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial, reduce
from operator import and_

from fairnotice.law.taxonomy import NOT_SPECIFIED, OTHER
from fairnotice.law.words import gettext_noop
from fairnotice.transparencydb import families, values
from fairnotice.transparencydb.families import has, is_, missing
from fairnotice.transparencydb.predicates import Ask, Differs, Later, Meets, Number, Outside, Predicate
from fairnotice.transparencydb.rule import BULK, DSA, GAP, STORE, Rule, database, ours
from fairnotice.transparencydb.schema import SCHEMAS, Schema, Version

# The end date of each kind of measure, and the field of the measure.
END_OF = {
    "end_date_visibility_restriction": "decision_visibility",
    "end_date_monetary_restriction": "decision_monetary",
    "end_date_service_restriction": "decision_provision",
    "end_date_account_restriction": "decision_account",
}

_ILLEGAL = is_("decision_ground", "DECISION_GROUND_ILLEGAL_CONTENT")
_INCOMPATIBLE = is_("decision_ground", "DECISION_GROUND_INCOMPATIBLE_CONTENT")
_VOLUNTARY = is_("source_type", "SOURCE_VOLUNTARY")

# Text -> where the database asks for it, and (by its absence) where it drops it.
_ASKED_WHEN: dict[str, Predicate] = {
    "decision_visibility_other": has("decision_visibility", "DECISION_VISIBILITY_OTHER"),
    "decision_monetary_other": is_("decision_monetary", "DECISION_MONETARY_OTHER"),
    "content_type_other": has("content_type", "CONTENT_TYPE_OTHER"),
    "illegal_content_legal_ground": _ILLEGAL,
    "illegal_content_explanation": _ILLEGAL,
    "incompatible_content_ground": _INCOMPATIBLE,
    "incompatible_content_explanation": _INCOMPATIBLE,
}

# Codes that name a state in one list and another language than the state's in the other. Belgium, Cyprus,
# Estonia, Ireland, Liechtenstein, Luxembourg, Sweden, Slovenia.
_MISTAKABLE = ("BE", "CY", "EE", "IE", "LI", "LU", "SE", "SI")
_EEA = tuple(sorted(SCHEMAS["v2"].fields["territorial_scope"].allowed))
_NOT_EU = frozenset({"IS", "LI", "NO"})
_CATEGORIES = tuple(
    sorted(SCHEMAS["v1"].fields["category"].allowed | SCHEMAS["v2"].fields["category"].allowed)
)


@cache
def table(version: Version = "v2") -> tuple[Rule, ...]:
    """Every rule of one version about one statement, field by field."""
    schema = SCHEMAS[version]
    rules = [*_all(schema)]
    order = list(schema.fields)
    return tuple(sorted(rules, key=lambda rule: order.index(rule.field)))


def _all(schema: Schema) -> Iterator[Rule]:
    for field in schema.fields.values():
        yield from families.of_field(field, schema)
    yield from _conditions()
    yield from _shapes()
    yield from families.end_dates(END_OF)
    yield from _categories(schema)
    yield from _plausible()


def _conditions() -> Iterator[Rule]:
    yield database(
        "no_measure",
        "decision_visibility",
        STORE,
        gettext_noop("At least one of the four decision fields has to be given."),
        reduce(and_, map(missing, END_OF.values())),
    )
    for name, when in _ASKED_WHEN.items():
        yield database(
            "required_here",
            name,
            STORE,
            gettext_noop("This is required with what was chosen."),
            when & missing(name),
        )
    lost = dict(_ASKED_WHEN)
    # Without a readable ground nothing can be said about the texts of either.
    for name in ("illegal_content_legal_ground", "illegal_content_explanation"):
        lost[name] = ~_INCOMPATIBLE
    for name in ("incompatible_content_ground", "incompatible_content_explanation"):
        lost[name] = ~_ILLEGAL
    lost["incompatible_content_illegal"] = ~_ILLEGAL
    lost["source_identity"] = ~_VOLUNTARY
    for name, kept in lost.items():
        yield ours(
            "dropped",
            name,
            STORE,
            gettext_noop("The database drops this without a word, because of what was chosen."),
            ~missing(name) & ~kept,
        )
    yield ours(
        "dropped",
        "category_specification_other",
        BULK,
        gettext_noop("Kept only beside KEYWORD_OTHER; a call with many statements drops it."),
        ~missing("category_specification_other") & ~has("category_specification", OTHER),
    )


def _shapes() -> Iterator[Rule]:
    yield database(
        "shape",
        "puid",
        STORE,
        gettext_noop("Letters without accents, digits, hyphens and underscores only."),
        Ask("puid", "bad shape", values.bad_puid),
    )
    url = "decision_ground_reference_url"
    yield database(
        "shape",
        url,
        STORE,
        gettext_noop("Not a complete web address."),
        Ask(url, "bad shape", values.bad_url),
    )
    yield ours(
        "not_web", url, GAP, gettext_noop("Neither http nor https."), Ask(url, "not web", values.not_web)
    )
    for name, inner in (("content_id", _of_id), ("content_id_ean", _plain)):
        yield database(
            "shape",
            name,
            STORE,
            gettext_noop("A product number (EAN-13) has thirteen digits."),
            Ask(name, "bad shape", partial(inner, values.bad_ean)),
        )
        yield ours(
            "check_digit",
            name,
            GAP,
            gettext_noop("The check digit of this product number is wrong: it may be mistyped."),
            Ask(name, "check digit", partial(inner, values.wrong_check_digit)),
        )
    yield database(
        "key",
        "content_id",
        STORE,
        gettext_noop("The only key that may stand here is EAN-13."),
        Ask("content_id", "other keys", values.other_keys),
    )
    yield ours(
        "differs",
        "content_id_ean",
        STORE,
        gettext_noop("Another product number than in content_id, over which it wins."),
        Differs(Number("content_id_ean", "ean", values.ean_number), Number("content_id", "ean", _ean_inside)),
    )


def _categories(schema: Schema) -> Iterator[Rule]:
    category = Number("category", "category", partial(_bits, _CATEGORIES))
    additions = Number("category_addition", "categories", partial(_bits, _CATEGORIES))
    yield ours(
        "same_as_category",
        "category_addition",
        STORE,
        gettext_noop("Repeats the main category. The database drops it, or in a call with many keeps both."),
        Meets(additions, category),
    )
    if schema.homes:
        allowed = schema.fields["category"].allowed
        known = Ask("category", f"known {schema.version}", partial(_is_one_of, allowed))
        homes = Number("category_specification", "homes", partial(_homes, schema.homes))
        yield ours(
            "elsewhere",
            "category_specification",
            GAP,
            gettext_noop("A keyword belongs to a category that was not chosen."),
            # Where the category itself is wrong, that is said and enough.
            known & Outside(homes, (category, additions)),
        )
    yield ours(
        "required_here",
        "category_specification_other",
        GAP,
        gettext_noop("KEYWORD_OTHER says nothing without a text."),
        has("category_specification", OTHER) & missing("category_specification_other"),
    )
    yield ours(
        "no_notifier",
        "category",
        GAP,
        gettext_noop("“Not specified by the notifier”, but there was no notifier (SOURCE_VOLUNTARY)."),
        is_("category", NOT_SPECIFIED) & _VOLUNTARY,
    )


def _plausible() -> Iterator[Rule]:
    yield ours(
        "after_start",
        "content_date",
        GAP,
        gettext_noop("The content would be younger than the measure (application_date)."),
        Later(families.day("content_date"), families.day("application_date")),
    )
    yield ours(
        "state_for_language",
        "content_language",
        GAP,
        gettext_noop("This is the code of a state that is named too; its language has another."),
        Meets(
            Number("content_language", "mistakable", partial(_bits, _MISTAKABLE)),
            Number("territorial_scope", "mistakable", partial(_bits, _MISTAKABLE)),
        ),
    )
    yield ours(
        "one_left_out",
        "territorial_scope",
        GAP,
        gettext_noop("All states of the EU or the EEA but one: was it forgotten?"),
        Ask("territorial_scope", "one left out", _one_left_out),
    )
    yield ours(
        "names_notifier",
        "source_identity",
        DSA + "17(3)(b)",
        gettext_noop("Who sent a notice is named only where strictly necessary, and a person never."),
        is_("source_type", "SOURCE_ARTICLE_16") & ~missing("source_identity"),
    )


def _plain(question: Callable[[object], bool], value: object) -> bool:
    return question(value)


def _of_id(question: Callable[[object], bool], value: object) -> bool:
    return question(values.ean_inside(value))


def _is_one_of(codes: frozenset[str], value: object) -> bool:
    return isinstance(value, str) and value in codes


def _ean_inside(value: object) -> int:
    return values.ean_number(values.ean_inside(value))


def _bits(codes: tuple[str, ...], value: object) -> int:
    """One bit for each of the codes that a value or list holds."""
    held = (value,) if isinstance(value, str) else values.items(value)
    return sum(1 << codes.index(code) for code in set(held) if code in codes)


def _homes(homes: dict[str, str], value: object) -> int:
    """One bit for each category that the keywords of a list belong to."""
    return _bits(_CATEGORIES, [homes[code] for code in values.items(value) if code in homes])


def _one_left_out(value: object) -> bool:
    named = set(values.items(value))
    if not named.issubset(_EEA):
        return False
    return len(named) == len(_EEA) - 1 or (not named & _NOT_EU and len(named) == len(_EEA) - len(_NOT_EU) - 1)
