"""The rules that a decision must keep, one small function per concern; `law.statement.check` runs them all.

They are those of the EU statement-of-reasons database (schema of 1 July 2025), stricter where it leaves
gaps, and those of due process: ground, facts, necessity, an end or a review, a way back. A rule yields faults
and never raises, whatever text or date it meets.
"""

from collections.abc import Iterator
from datetime import date, datetime
from urllib.parse import urlsplit

from fairnotice.law import enums, measures, taxonomy
from fairnotice.law.draft import Draft, MeasureDraft
from fairnotice.law.faults import Fault, fault

EARLIEST_CONTENT = date(2000, 1, 1)
EARLIEST_START = date(2020, 1, 1)
LATEST = date(2038, 1, 1)

SHORT, LONG, FACTS = 500, 2000, 5000

# Texts of a Draft and the most characters that each may have.
_LIMITS: dict[str, int] = {
    "ground_reference": SHORT,
    "ground_url": SHORT,
    "explanation": LONG,
    "facts": FACTS,
    "content_type_other": SHORT,
    "keyword_other": SHORT,
    "necessity": LONG,
    "milder_considered": LONG,
    "paraphrase": LONG,
    "paraphrase_withheld_reason": LONG,
}

# In the schema these are one value each, so two of them could not be exported.
_ONE_PER_DECISION = ("monetary", "provision", "account")


def check_measures(draft: Draft, today: date) -> Iterator[Fault]:
    """The list of measures as a whole, then each."""
    if not draft.measures:
        yield fault("measures", "measure_missing")
    seen: set[str] = set()
    families: set[str] = set()
    for index, measure in enumerate(draft.measures):
        path = f"measures.{index}"
        if measure.kind not in measures.MEASURES:
            yield fault(f"{path}.kind", "measure_unknown")
        elif measure.kind in seen:
            yield fault(f"{path}.kind", "measure_twice")
        elif measure.family in families and measure.family in _ONE_PER_DECISION:
            yield fault(f"{path}.kind", "measure_family")
        seen.add(measure.kind)
        families.add(measure.family)
        if measure.kind == measures.NO_ACTION:
            if len(draft.measures) > 1:
                yield fault(f"{path}.kind", "no_action_alone")
            if measure.end is not None or measure.review is not None:
                yield fault(f"{path}.end", "no_action_dates")
        else:
            yield from _one_measure(path, measure, today)


def _one_measure(path: str, measure: MeasureDraft, today: date) -> Iterator[Fault]:
    kind = measures.MEASURES.get(measure.kind)
    if kind is not None and kind.needs_text and blank(measure.other_text):
        yield fault(f"{path}.other_text", "measure_text")
    yield from _length(f"{path}.other_text", measure.other_text, SHORT)
    yield from _dates(path, measure, _day(today))
    if blank(measure.how_to_reverse):
        yield fault(f"{path}.how_to_reverse", "how_to_reverse_missing")
    yield from _length(f"{path}.how_to_reverse", measure.how_to_reverse, LONG)


def _dates(path: str, measure: MeasureDraft, today: date) -> Iterator[Fault]:
    """Start, end and review. A start before today is no fault: the draft may wait for its second person."""
    if measure.start is None:
        yield fault(f"{path}.start", "start_missing")
    elif not EARLIEST_START <= _day(measure.start) <= LATEST:
        yield fault(f"{path}.start", "date_range")
    if measure.end is None and measure.review is None:
        yield fault(f"{path}.end", "end_missing")
    for name, value in (("end", measure.end), ("review", measure.review)):
        if value is None:
            continue
        if _day(value) > LATEST:
            yield fault(f"{path}.{name}", "date_range")
        elif _day(value) < today:
            yield fault(f"{path}.{name}", f"{name}_past")
        elif measure.start is not None and _day(value) < _day(measure.start):
            yield fault(f"{path}.{name}", f"{name}_before_start")
    if measure.end is not None and measure.review is not None and _day(measure.review) > _day(measure.end):
        yield fault(f"{path}.review", "review_after_end")


def check_account(draft: Draft) -> Iterator[Fault]:
    """What a measure on an account rests on: single decided items, never a person as such."""
    if draft.account_type and draft.account_type not in enums.ACCOUNT_TYPES:
        yield fault("account_type", "account_type_unknown")
    if any(blank(item) for item in draft.other_items):
        yield fault("other_items", "other_items_blank")
    if len({item.strip() for item in draft.other_items}) < len(draft.other_items):
        yield fault("other_items", "other_items_twice")
    if not draft.other_items and any(measure.family == "account" for measure in draft.measures):
        yield fault("other_items", "other_items_missing")


def check_reasons(draft: Draft) -> Iterator[Fault]:
    """Ground, explanation, facts, necessity, and what the affected party is told of the allegation."""
    if draft.ground not in ("law", "rules"):
        yield fault("ground", "ground_missing")
    if blank(draft.ground_reference):
        yield fault("ground_reference", "ground_reference_missing")
    if draft.ground_url and not _is_web_address(draft.ground_url):
        yield fault("ground_url", "ground_url")
    if blank(draft.explanation):
        yield fault("explanation", "explanation_missing")
    if blank(draft.facts):
        yield fault("facts", "facts_missing")
    if draft.no_action:
        return
    if blank(draft.necessity):
        yield fault("necessity", "necessity_missing")
    if blank(draft.milder_considered):
        yield fault("milder_considered", "milder_missing")
    # Nobody can answer an accusation that they may not see. Without a notice there was no accusation.
    told, withheld = not blank(draft.paraphrase), not blank(draft.paraphrase_withheld_reason)
    if told and withheld:
        yield fault("paraphrase", "paraphrase_both")
    elif not told and not withheld and draft.source_type != "SOURCE_VOLUNTARY":
        yield fault("paraphrase", "paraphrase_missing")


def check_content(draft: Draft, today: date) -> Iterator[Fault]:
    """The item: its types, product number, language, territory and day."""
    if not draft.content_types:
        yield fault("content_types", "content_type_missing")
    if any(code not in enums.CONTENT_TYPES for code in draft.content_types):
        yield fault("content_types", "content_type_unknown")
    if len(set(draft.content_types)) < len(draft.content_types):
        yield fault("content_types", "content_type_twice")
    if "CONTENT_TYPE_OTHER" in draft.content_types and blank(draft.content_type_other):
        yield fault("content_type_other", "content_type_text")
    if draft.content_id_ean and not _is_ean13(draft.content_id_ean):
        yield fault("content_id_ean", "ean")
    if any(code not in enums.TERRITORIES for code in draft.territorial_scope):
        yield fault("territorial_scope", "territory_unknown")
    if draft.content_language and draft.content_language not in enums.LANGUAGES:
        yield fault("content_language", "language_unknown")
    if draft.content_date is None:
        yield fault("content_date", "content_date_missing")
        return
    day = _day(draft.content_date)
    starts = [_day(measure.start) for measure in draft.measures if measure.start is not None]
    if not EARLIEST_CONTENT <= day <= LATEST:
        yield fault("content_date", "date_range")
    elif day > _day(today):
        yield fault("content_date", "content_date_future")
    elif starts and day > min(starts):
        yield fault("content_date", "content_date_after_start")


def check_category(draft: Draft) -> Iterator[Fault]:
    """Category, further categories and keywords; a keyword counts only under a category that was chosen."""
    chosen = {draft.category, *draft.category_additions}
    if not draft.category:
        yield fault("category", "category_missing")
    elif draft.category not in taxonomy.CATEGORIES:
        yield fault("category", "category_unknown")
    if any(code not in taxonomy.CATEGORIES for code in draft.category_additions):
        yield fault("category_additions", "addition_unknown")
    if len(chosen) < 1 + len(draft.category_additions):
        yield fault("category_additions", "addition_twice")
    if len(set(draft.keywords)) < len(draft.keywords):
        yield fault("keywords", "keyword_twice")
    for keyword in draft.keywords:
        homes = [category for category, group in taxonomy.KEYWORDS.items() if keyword in group]
        if not homes:
            yield fault("keywords", "keyword_unknown")
        elif not chosen.intersection(homes):
            yield fault("keywords", "keyword_elsewhere")
    if taxonomy.OTHER in draft.keywords and blank(draft.keyword_other):
        yield fault("keyword_other", "keyword_text")


def check_source(draft: Draft) -> Iterator[Fault]:
    """Where the case came from, and that a person decided."""
    if not draft.source_type:
        yield fault("source_type", "source_missing")
    elif draft.source_type not in enums.SOURCE_TYPES:
        yield fault("source_type", "source_unknown")
    if draft.automated_decision not in enums.AUTOMATED_DECISION:
        yield fault("automated_decision", "automation_unknown")
    elif draft.automated_decision == "AUTOMATED_DECISION_FULLY":
        yield fault("automated_decision", "automation_full")


def check_lengths(draft: Draft) -> Iterator[Fault]:
    """No text is longer than the schema takes; what were cut off there would be lost reasons."""
    for name, limit in _LIMITS.items():
        yield from _length(name, getattr(draft, name), limit)


def blank(text: str) -> bool:
    """Whether a text says nothing: no letter and no digit in any script. A dash or a dot is no reason."""
    return not any(character.isalnum() for character in text)


def _length(path: str, text: str, limit: int) -> Iterator[Fault]:
    if len(text) > limit:
        yield fault(path, f"too_long_{limit}")


def _day(value: date) -> date:
    """A datetime is a date too, but Python refuses to compare the two."""
    return value.date() if isinstance(value, datetime) else value


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:  # for example half an IPv6 address
        return False
    return parts.scheme in ("http", "https") and bool(host) and not any(c.isspace() for c in text)


def _is_ean13(text: str) -> bool:
    """Thirteen ASCII digits; weighted by 1 and 3 in turn, their sum is a multiple of ten (GS1)."""
    if len(text) != 13 or not (text.isascii() and text.isdigit()):
        return False
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(text)) % 10 == 0
