"""A right statement, and for every rule of the table a change that breaks this one and no other."""

from __future__ import annotations

from typing import Any

from fairnotice.law import enums
from fairnotice.transparencydb.schema import SCHEMAS, Version

Statement = dict[str, Any]
GONE = object()

_STATES = sorted(enums.TERRITORIES)
_LAW = "DECISION_GROUND_ILLEGAL_CONTENT"
_RULES = {
    "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
    "illegal_content_legal_ground": GONE,
    "illegal_content_explanation": GONE,
    "incompatible_content_ground": "Clause 3.2",
    "incompatible_content_explanation": "The offer misleads.",
}
_QUOTED = "It says “nobody should ever buy from this person or from anybody near” here."


def right(**changes: Any) -> Statement:
    """A statement without a fault, with changes; GONE takes a field out."""
    statement: Statement = {
        "puid": "case-2026-000123-1",
        "decision_visibility": ["DECISION_VISIBILITY_CONTENT_DISABLED"],
        "end_date_visibility_restriction": "2026-03-01",
        "decision_ground": _LAW,
        "decision_ground_reference_url": "https://law.example/185",
        "illegal_content_legal_ground": "Section 185 of the penal code",
        "illegal_content_explanation": "The words insult a person.",
        "content_type": ["CONTENT_TYPE_TEXT"],
        "category": "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
        "category_addition": ["STATEMENT_CATEGORY_SCAMS_AND_FRAUD"],
        "category_specification": ["KEYWORD_DEFAMATION", "KEYWORD_PHISHING"],
        "territorial_scope": ["DE"],
        "content_language": "DE",
        "content_date": "2026-01-04",
        "application_date": "2026-01-09",
        "decision_facts": "A post of two lines.",
        "source_type": "SOURCE_ARTICLE_16",
        "automated_detection": "No",
        "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
    }
    return {name: value for name, value in (statement | changes).items() if value is not GONE}


# What has to be there for a field, so that a text in it is neither dropped nor missing beside it.
_BESIDE: dict[str, Statement] = {
    "decision_visibility_other": {"decision_visibility": ["DECISION_VISIBILITY_OTHER"]},
    "decision_monetary_other": {"decision_monetary": "DECISION_MONETARY_OTHER"},
    "content_type_other": {"content_type": ["CONTENT_TYPE_OTHER"]},
    "incompatible_content_ground": _RULES,
    "incompatible_content_explanation": _RULES,
    "incompatible_content_illegal": _RULES,
    "category_specification_other": {"category_specification": ["KEYWORD_OTHER"]},
    "source_identity": {"source_type": "SOURCE_TRUSTED_FLAGGER"},
    "category_addition": {"category_specification": ["KEYWORD_DEFAMATION"]},
    "end_date_monetary_restriction": {"decision_monetary": "DECISION_MONETARY_SUSPENSION"},
    "end_date_service_restriction": {"decision_provision": "DECISION_PROVISION_PARTIAL_SUSPENSION"},
    "end_date_account_restriction": {"decision_account": "DECISION_ACCOUNT_SUSPENDED"},
}
_DROPPED_BY: dict[str, Statement] = {
    "illegal_content_legal_ground": _RULES,
    "illegal_content_explanation": _RULES,
    "incompatible_content_ground": {},
    "incompatible_content_explanation": {},
    "incompatible_content_illegal": {},
    "source_identity": {"source_type": "SOURCE_VOLUNTARY"},
}
# One of a kind.
_ALONE: dict[str, Statement] = {
    "no_measure/decision_visibility": {"decision_visibility": [], "end_date_visibility_restriction": GONE},
    "shape/puid": {"puid": "case 1"},
    "shape/decision_ground_reference_url": {"decision_ground_reference_url": "www.law.example"},
    "not_web/decision_ground_reference_url": {"decision_ground_reference_url": "ftp://law.example/"},
    "shape/content_id": {"content_id": {"EAN-13": "400638133393"}},
    "shape/content_id_ean": {"content_id_ean": "40063813339311"},
    "check_digit/content_id": {"content_id": {"EAN-13": "4006381333932"}},
    "check_digit/content_id_ean": {"content_id_ean": "0123456789123"},
    "key/content_id": {"content_id": {"EAN-13": "4006381333931", "ISBN": "1"}},
    "differs/content_id_ean": {"content_id": {"EAN-13": "4006381333931"}, "content_id_ean": "5901234123457"},
    "same_as_category/category_addition": {
        "category_addition": [
            "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
            "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
        ]
    },
    "elsewhere/category_specification": {"category_specification": ["KEYWORD_NUDITY", "KEYWORD_DEFAMATION"]},
    "required_here/category_specification_other": {"category_specification": ["KEYWORD_OTHER"]},
    "no_notifier/category": {
        "category": "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE",
        "category_specification": GONE,
        "source_type": "SOURCE_VOLUNTARY",
    },
    "after_start/content_date": {"content_date": "2026-01-10"},
    "state_for_language/content_language": {"content_language": "SE", "territorial_scope": ["NO", "SE"]},
    "one_left_out/territorial_scope": {"territorial_scope": _STATES[1:]},
    "names_notifier/source_identity": {"source_identity": "A society for animals"},
    "date_range/content_date": {"content_date": "1999-12-31"},
    "date_range/application_date": {"application_date": "2019-12-31", "content_date": "2019-01-01"},
    "unknown/decision_ground": {
        "decision_ground": "DECISION_GROUND_OTHER", "illegal_content_legal_ground": GONE, "illegal_content_explanation": GONE,
    },
    "required/decision_ground": {
        "decision_ground": "", "illegal_content_legal_ground": GONE, "illegal_content_explanation": GONE,
    },
    "type/decision_ground": {
        "decision_ground": 1, "illegal_content_legal_ground": GONE, "illegal_content_explanation": GONE,
    },
    "type/decision_visibility_other": {"decision_visibility": ["DECISION_VISIBILITY_OTHER"], "decision_visibility_other": 4},
    "unknown/content_type": {"content_type": ["CONTENT_TYPE_SMELL"]},
}  # fmt: skip


def breaking(rule: str, field: str, version: Version = "v2") -> Statement:
    """A statement that breaks this rule alone."""
    key = f"{rule}/{field}"
    if key in _ALONE:
        return right(**_ALONE[key])
    if rule == "dropped":
        return right(**(_DROPPED_BY.get(field, {}) | {field: _some(field)}))
    beside = _BESIDE.get(field, {})
    if rule == "required_here":
        return right(**(beside | {field: " "}))
    if rule == "end_without_measure":
        gone = {"decision_visibility": GONE, "decision_account": "DECISION_ACCOUNT_SUSPENDED"}
        return right(**(gone if field.startswith("end_date_vis") else {field: "2026-02-01"}))
    return right(**(beside | {field: _value(rule, field, version)}))


def _some(field: str) -> object:
    if field == "incompatible_content_illegal":
        return "No"
    known = right().get(field)
    return known if isinstance(known, str) else "Some words"


def _value(rule: str, field: str, version: Version) -> object:
    about = SCHEMAS[version].fields[field]
    match rule:
        case "required":
            return [] if about.kind == "list" else None
        case "not_nullable":
            return None
        case "type":
            return "no list" if about.kind == "list" else 17
        case "too_long":
            base = "https://law.example/" if field.endswith("url") else ""
            return base + "a" * (about.most + 1 - len(base))
        case "unknown":
            return ["NO_SUCH_CODE"] if about.kind == "list" else "NO_SUCH_CODE"
        case "repeated":
            some = right().get(field) or sorted(about.allowed)[:1]
            return [*some, some[0]]
        case "date":
            return "2026-1-31"
        case "date_range":
            return "2038-01-02"
        case "says_nothing":
            return "– …"
        case "personal_data":
            return "Written by somebody@mail.example."
        case "web_address":
            return "See https://place.example/1 there."
        case "quotation":
            return _QUOTED
        case "null_text":
            return ["null"] if about.kind == "list" else "null"
        case "end_before_start":
            return "2026-01-08"
    raise KeyError(rule)
