"""The statement of reasons: what a reviewer drafts, what is amiss in it, how it leaves for the EU database.

Sources: DSA articles 16(5), 17 and 24(5); the schema of the DSA Transparency Database since 1 July 2025.
Whether a text holds personal data is asked apart, by law.redaction, because only a person can mend it.
"""

import re
from datetime import date

from fairnotice.law import rules
from fairnotice.law.draft import Draft, MeasureDraft
from fairnotice.law.faults import MESSAGES, Fault

__all__ = ["MESSAGES", "Draft", "Fault", "MeasureDraft", "check", "to_sor"]

_PUID = re.compile(r"[a-zA-Z0-9_-]{1,500}")

# The database's field for the end of each family of measures.
_END_FIELD = {
    "visibility": "end_date_visibility_restriction",
    "monetary": "end_date_monetary_restriction",
    "provision": "end_date_service_restriction",
    "account": "end_date_account_restriction",
}


def check(draft: Draft, today: date) -> list[Fault]:
    """All that is amiss, in the order of the form; an empty list means that the decision may be made.

    Never raises, whatever the texts and dates of the draft are. "No action" needs ground, facts and
    explanation like any decision, but no necessity, no end and no paraphrase.
    """
    return [
        *rules.check_measures(draft, today),
        *rules.check_account(draft),
        *rules.check_reasons(draft),
        *rules.check_content(draft, today),
        *rules.check_category(draft),
        *rules.check_source(draft),
        *rules.check_lengths(draft),
    ]


def to_sor(draft: Draft, puid: str, application_date: date) -> dict[str, object]:
    """The statement as one object of the DSA database's API; fields without a value are left out.

    `draft` has passed check(). `puid`: our own identifier of the statement, 1 to 500 of A-Z a-z 0-9 - and _,
    never used twice, and never one that a notifier holds. `application_date`: the day on which the measure
    took effect. Raises ValueError for "no action", of which the database knows nothing, for a draft without
    the day of its content, for a puid that it would refuse, for a date outside 2020-01-01 to 2038-01-01.
    """
    if draft.no_action:
        raise ValueError("no action is no restriction: the database takes no statement for it")
    if not _PUID.fullmatch(puid):
        raise ValueError("a puid has 1 to 500 letters, digits, hyphens and underscores")
    if not rules.EARLIEST_START <= application_date <= rules.LATEST:
        raise ValueError("the application date lies outside what the database takes")
    if draft.content_date is None:
        raise ValueError("the day of the content is missing: has the draft passed check()?")
    sor: dict[str, object] = {
        "puid": puid,
        **_measures(draft.measures),
        **_ground(draft),
        "content_type": sorted(draft.content_types),
        "category": draft.category,
        "content_date": draft.content_date.strftime("%Y-%m-%d"),
        "application_date": application_date.strftime("%Y-%m-%d"),
        "decision_facts": draft.facts,
        "source_type": draft.source_type,
        "automated_detection": _yes_no(draft.automated_detection),
        "automated_decision": draft.automated_decision,
    }
    optional: dict[str, object] = {
        "account_type": draft.account_type,
        "decision_ground_reference_url": draft.ground_url,
        "content_type_other": draft.content_type_other if "CONTENT_TYPE_OTHER" in draft.content_types else "",
        "category_addition": sorted(draft.category_additions),
        "category_specification": sorted(draft.keywords),
        "category_specification_other": draft.keyword_other if "KEYWORD_OTHER" in draft.keywords else "",
        "territorial_scope": sorted(set(draft.territorial_scope)),
        "content_language": draft.content_language,
        "content_id": {"EAN-13": draft.content_id_ean} if draft.content_id_ean else None,
    }
    return sor | {name: value for name, value in optional.items() if value}


def _measures(drafts: list[MeasureDraft]) -> dict[str, object]:
    fields: dict[str, object] = {}
    visibility = sorted(measure.kind for measure in drafts if measure.family == "visibility")
    if visibility:
        fields["decision_visibility"] = visibility
    for measure in drafts:
        if measure.family != "visibility":
            fields[f"decision_{measure.family}"] = measure.kind
        if measure.kind in ("DECISION_VISIBILITY_OTHER", "DECISION_MONETARY_OTHER"):
            fields[f"decision_{measure.family}_other"] = measure.other_text
    for family, name in _END_FIELD.items():
        ends = [measure.end for measure in drafts if measure.family == family]
        # One field for all of a family: the latest end, and none at all where one of them is only reviewed.
        known = [end for end in ends if end is not None]
        if known and len(known) == len(ends):
            fields[name] = max(known).strftime("%Y-%m-%d")
    return fields


def _ground(draft: Draft) -> dict[str, object]:
    if draft.ground == "law":
        return {
            "decision_ground": "DECISION_GROUND_ILLEGAL_CONTENT",
            "illegal_content_legal_ground": draft.ground_reference,
            "illegal_content_explanation": draft.explanation,
        }
    fields: dict[str, object] = {
        "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "incompatible_content_ground": draft.ground_reference,
        "incompatible_content_explanation": draft.explanation,
    }
    if draft.also_illegal is not None:
        fields["incompatible_content_illegal"] = _yes_no(draft.also_illegal)
    return fields


def _yes_no(value: bool) -> str:
    return "Yes" if value else "No"
