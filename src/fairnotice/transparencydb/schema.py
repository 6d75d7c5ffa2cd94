"""The fields of a statement in the DSA Transparency Database: v2 since 1 July 2025, and v1 before it.

Read from the database's published source (`digital-services-act/transparency-database`, June 2026) as facts.
Of v1 only the differences of the taxonomy were at hand: `Schema.not_known` says what is therefore accepted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from fairnotice.law import enums, measures, rules, taxonomy

Version = Literal["v1", "v2"]
Kind = Literal["text", "choice", "list", "date", "object"]
Need = Literal["required", "conditional", "optional"]

# The day on which v2 came into force: what was created before is v1.
V2_SINCE = "2025-07-01"

YES_NO = frozenset({"Yes", "No"})
SHORT, LONG, FACTS = rules.SHORT, rules.LONG, rules.FACTS


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `most`: characters. `allowed`: the values, or the items of a list. `nullable`: null may be
    sent. `free`: people write it in their own words. `earliest`: of a date; the latest is one for all."""

    name: str
    kind: Kind
    need: Need
    most: int = 0
    allowed: frozenset[str] = frozenset()
    nullable: bool = False
    free: bool = False
    earliest: date | None = None


@dataclass(frozen=True, slots=True)
class Schema:
    """One version. `homes`: keyword -> its category. `renamed`: codes of the version before -> code here.
    `not_known`: what could not be found out about this version and is therefore accepted."""

    version: Version
    taxonomy: str
    fields: dict[str, Field]
    homes: dict[str, str]
    renamed: dict[str, str]
    not_known: tuple[str, ...] = ()


LATEST = rules.LATEST


def _family(name: str) -> frozenset[str]:
    return frozenset(code for code, kind in measures.MEASURES.items() if kind.family == name)


def _free(name: str, need: Need, most: int) -> Field:
    return Field(name, "text", need, most, free=True)


def _end(name: str) -> Field:
    return Field(name, "date", "optional", nullable=True)


_CATEGORIES = frozenset(taxonomy.CATEGORIES)
_KEYWORDS = frozenset(code for group in taxonomy.KEYWORDS.values() for code in group)

_FIELDS = (
    Field("puid", "text", "required", SHORT),
    Field("decision_visibility", "list", "conditional", allowed=_family("visibility"), nullable=True),
    _free("decision_visibility_other", "conditional", SHORT),
    _end("end_date_visibility_restriction"),
    Field("decision_monetary", "choice", "conditional", allowed=_family("monetary"), nullable=True),
    _free("decision_monetary_other", "conditional", SHORT),
    _end("end_date_monetary_restriction"),
    Field("decision_provision", "choice", "conditional", allowed=_family("provision"), nullable=True),
    _end("end_date_service_restriction"),
    Field("decision_account", "choice", "conditional", allowed=_family("account"), nullable=True),
    _end("end_date_account_restriction"),
    Field("account_type", "choice", "optional", allowed=frozenset(enums.ACCOUNT_TYPES), nullable=True),
    Field("decision_ground", "choice", "required", allowed=frozenset(enums.DECISION_GROUNDS)),
    Field("decision_ground_reference_url", "text", "optional", SHORT, nullable=True),
    _free("illegal_content_legal_ground", "conditional", SHORT),
    _free("illegal_content_explanation", "conditional", LONG),
    _free("incompatible_content_ground", "conditional", SHORT),
    _free("incompatible_content_explanation", "conditional", LONG),
    Field("incompatible_content_illegal", "choice", "optional", allowed=YES_NO),
    Field("category", "choice", "required", allowed=_CATEGORIES),
    Field("category_addition", "list", "optional", allowed=_CATEGORIES),
    Field("category_specification", "list", "optional", allowed=_KEYWORDS, nullable=True),
    _free("category_specification_other", "optional", SHORT),
    Field("content_type", "list", "required", allowed=frozenset(enums.CONTENT_TYPES)),
    _free("content_type_other", "conditional", SHORT),
    Field("content_language", "choice", "optional", allowed=frozenset(enums.LANGUAGES), nullable=True),
    Field("content_date", "date", "required", earliest=rules.EARLIEST_CONTENT),
    Field("content_id", "object", "optional", nullable=True),
    Field("content_id_ean", "text", "optional", nullable=True),
    Field("territorial_scope", "list", "optional", allowed=frozenset(enums.TERRITORIES), nullable=True),
    Field("application_date", "date", "required", earliest=rules.EARLIEST_START),
    _free("decision_facts", "required", FACTS),
    Field("source_type", "choice", "required", allowed=frozenset(enums.SOURCE_TYPES)),
    _free("source_identity", "optional", SHORT),
    Field("automated_detection", "choice", "required", allowed=YES_NO),
    Field("automated_decision", "choice", "required", allowed=frozenset(enums.AUTOMATED_DECISION)),
)

_HOMES = {
    code: category
    for category, group in taxonomy.KEYWORDS.items()
    for code in group
    if code != taxonomy.OTHER
}

_C, _K = "STATEMENT_CATEGORY_", "KEYWORD_"

# v1 code -> v2 code.
_RENAMED = {
    f"{_C}UNSAFE_AND_ILLEGAL_PRODUCTS": f"{_C}UNSAFE_AND_PROHIBITED_PRODUCTS",
    f"{_C}SCOPE_OF_PLATFORM_SERVICE": f"{_C}OTHER_VIOLATION_TC",
    f"{_K}ONLINE_BULLYING_INTIMIDATION": f"{_K}CYBER_BULLYING_INTIMIDATION",
    f"{_K}INSUFFICIENT_INFORMATION_TRADERS": f"{_K}INSUFFICIENT_INFORMATION_ON_TRADERS",
    f"{_K}DISINFORMATION": f"{_K}MISINFORMATION_DISINFORMATION",
    f"{_K}NON_CONSENSUAL_ITEMS_DEEPFAKE": f"{_K}NON_CONSENSUAL_MATERIAL_DEEPFAKE",
}
_NEW_CATEGORIES = frozenset(
    _C + name
    for name in (
        "CONSUMER_INFORMATION",
        "CYBER_VIOLENCE",
        "CYBER_VIOLENCE_AGAINST_WOMEN",
        "NOT_SPECIFIED_NOTICE",
    )
)
_GONE_CATEGORIES = frozenset({f"{_C}NON_CONSENSUAL_BEHAVIOUR", f"{_C}PORNOGRAPHY_OR_SEXUALIZED_CONTENT"})
_GONE_KEYWORDS = frozenset(
    _K + name
    for name in (
        "MISINFORMATION",
        "FOREIGN_INFORMATION_MANIPULATION",
        "REGULATED_GOODS_SERVICES",
        "DANGEROUS_TOYS",
        "GENDER_BASED_VIOLENCE",
        "IMAGE_BASED_SEXUAL_ABUSE",
    )
)
V1_ONLY = frozenset(_RENAMED) | _GONE_CATEGORIES | _GONE_KEYWORDS
"""Codes that show that a statement is v1."""

_CATEGORIES_V1 = (_CATEGORIES - _NEW_CATEGORIES - frozenset(_RENAMED.values())) | {
    code for code in V1_ONLY if code.startswith(_C)
}
_KEYWORDS_V1 = (_KEYWORDS - frozenset(_RENAMED.values())) | {code for code in V1_ONLY if code.startswith(_K)}


def _v1(field: Field) -> Field:
    if field.name in ("category", "category_addition"):
        return replace(field, allowed=_CATEGORIES_V1)
    if field.name == "category_specification":
        return replace(field, allowed=_KEYWORDS_V1)
    return field


SCHEMAS: dict[Version, Schema] = {
    "v2": Schema("v2", taxonomy.TAXONOMY_VERSION, {one.name: one for one in _FIELDS}, _HOMES, _RENAMED),
    "v1": Schema(
        "v1",
        "dsa-before-2025-07-01",
        {one.name: _v1(one) for one in _FIELDS},
        {},
        {},
        (
            "which of today's keywords came only with v2: all but the four renamed ones are accepted",
            "which category a keyword belonged to: any keyword passes with any category",
            "every other difference between the fields of v1 and v2: v1 is held to fields, lengths, dates "
            "and conditions of v2",
        ),
    ),
}

FREE_TEXTS = tuple(one.name for one in _FIELDS if one.free)
