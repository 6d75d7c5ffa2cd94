"""The rows of parts 1 and 7 to 11: exact texts, our key for each, and what its value is.

A key is `indicator.scope`, for example `complaints.upheld` or `own.solely`. Where the blank stands for one
row per language or per Member State, the scope is `bg`, `AT` and so on, and the blank's own rows are only
samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: count: whole number; hours: a median; share: 0 to 1; number: may have decimals (full-time equivalents).
ValueKind = Literal["count", "hours", "share", "number", "text", "date"]

ALL = "All"
HOSTING = "Only for providers of hosting services, including online platforms"
PLATFORMS = "Only for providers of online platforms"
VLOP = "Only for VLOPs"
VLOP_VLOSE = "Only for VLOPs and VLOSEs"

DATE = "YYYY-MM-DD"
PERIOD = f"{DATE}/{DATE}"
FREE_TEXT = "Free text"
#: What the blanks write for "and so on", in parts 8, 9 and 10.
AND_SO_ON = "[...]"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of the blank. `value` is what the blank holds in the cell to be filled."""

    key: str
    applicability: str
    section: str
    indicator: str
    scope: str
    kind: ValueKind
    value: str = ""


SUMMARY = (
    Indicator("name", ALL, "", "Name of the service provider", "", "text", "Text"),
    Indicator("published", ALL, "", "Date of the publication of the report", "", "date", DATE),
    Indicator("previous", ALL, "", "Date of the publication of the latest previous report", "", "date", DATE),
    Indicator("start", ALL, "", "Starting date of reporting period", "", "date", DATE),
    Indicator("end", ALL, "", "Ending date of reporting period", "", "date", DATE),
)

_COMPLAINTS = "Internal complaints mechanism"
_DISPUTES = "Out-of-court dispute settlement bodies"
_SUSPENSIONS = "Suspensions imposed on repeated offenders"
_TOTAL = ("total", "Total number", "count")
_OUTCOMES = (
    ("upheld", "Decisions upheld", "count"),
    ("partially_reversed", "Decisions partially reversed", "count"),
    ("reversed", "Decisions reversed", "count"),
    ("median", "Median time", "hours"),
)
_OMITTED = ("omitted", "Decision omitted", "count")
_IMPLEMENTED = ("implemented", "Percentage of outcomes implemented", "share")
_ABOUT = "Complaint regarding a decision"
_NO_ACTION = f"{_ABOUT} not to take action on a notice submitted"
_SUSPENDED = "Number of suspensions enacted for the provision of manifestly"
#: (our key, section, indicator, its scopes).
_APPEALS = (
    (
        "complaints",
        _COMPLAINTS,
        "Number of complaints submitted to the internal-complaints mechanism",
        (_TOTAL, *_OUTCOMES, _OMITTED),
    ),
    (
        "new_restrictions",
        _COMPLAINTS,
        "Number of restrictions newly imposed as a result of an internal complaint",
        (_TOTAL,),
    ),
    (
        "visibility",
        _COMPLAINTS,
        f"{_ABOUT} to remove or disable access to or restrict visibility of information",
        (_TOTAL, *_OUTCOMES),
    ),
    (
        "service",
        _COMPLAINTS,
        f"{_ABOUT} to suspend or terminate the provision of the service",
        (_TOTAL, *_OUTCOMES),
    ),
    ("account", _COMPLAINTS, f"{_ABOUT} to suspend or terminate an account ", (_TOTAL, *_OUTCOMES)),
    (
        "monetary",
        _COMPLAINTS,
        f"{_ABOUT} to restrict the ability to monetise information",
        (_TOTAL, *_OUTCOMES),
    ),
    ("no_action", _COMPLAINTS, f"{_NO_ACTION} in accordance with Article 16", (_TOTAL, *_OUTCOMES)),
    (
        "no_action_tf",
        _COMPLAINTS,
        f"{_NO_ACTION} by a Trusted Flagger in accordance with Article 16",
        (_TOTAL, *_OUTCOMES),
    ),
    (
        "disputes",
        _DISPUTES,
        "Number of disputes submitted to out-of-court dispute settlement bodies",
        (_TOTAL, *_OUTCOMES, _OMITTED, _IMPLEMENTED),
    ),
    ("suspended_content", _SUSPENSIONS, f"{_SUSPENDED} illegal content ", (_TOTAL,)),
    ("suspended_notices", _SUSPENSIONS, f"{_SUSPENDED} unfounded notices", (_TOTAL,)),
    ("suspended_complaints", _SUSPENSIONS, f"{_SUSPENDED} unfounded complaints", (_TOTAL,)),
)
APPEALS = tuple(
    Indicator(
        f"{key}.{scope_key}",
        ALL if (key, scope_key) == ("complaints", "total") else PLATFORMS,
        section,
        text,
        scope,
        kind,  # type: ignore[arg-type]
    )
    for key, section, text, scopes in _APPEALS
    for scope_key, scope, kind in scopes
)

_AUTOMATED = "Use of automated means for content moderation"
_SOLELY, _NOT = (
    "Number of measures solely taken by automated means ",
    "Number of measures not taken by automated means",
)
_RATES = (
    ("accuracy", "Accuracy of the automated means - Accuracy"),
    ("precision", "Accuracy of the automated means - Precision"),
    ("recall", "Accuracy of the automated means - Recall"),
)
_COUNTED = {
    "measures": (("solely", _SOLELY), ("not", _NOT)),
    "notices": (
        ("solely", "Number of notices solely processed by automated means "),
        ("not", "Number of notices not processed by automated means"),
    ),
}


def _automated(key: str, applicability: str, what: str, scope: str) -> tuple[Indicator, ...]:
    counted = tuple(
        Indicator(f"{key}.{one}", applicability, _AUTOMATED, text, scope, "count")
        for one, text in _COUNTED[what]
    )
    rates = tuple(
        Indicator(f"{key}.{one}", applicability, _AUTOMATED, text, scope, "share") for one, text in _RATES
    )
    return counted + rates


def automated_of_language(code: str) -> tuple[Indicator, ...]:
    """The five rows of part 8 about one language (very large platforms only)."""
    return _automated(f"language:{code}", VLOP, "measures", code)


def _sample_of_languages() -> tuple[Indicator, ...]:
    """The blank's sample: three rows for each count, and then nine in which each of the three rates stands
    beside one language only. What is meant is each rate for each language; we keep the bytes and say so
    here."""
    samples = ("bg", AND_SO_ON, "sv")
    of = {code: automated_of_language(code) for code in samples}
    counts = [of[code][place] for place in (0, 1) for code in samples]
    rates = [of[code][2 + place] for _again in range(3) for place, code in enumerate(samples)]
    return (*counts, *rates)


AUTOMATED = (
    *_automated("total", ALL, "measures", "Total number"),
    *_automated("own", ALL, "measures", "Own-initiative "),
    *_automated("notices", HOSTING, "notices", "NAM Total"),
    *_automated("notices_tf", PLATFORMS, "notices", "NAM Trusted Flagger"),
    *_sample_of_languages(),
)

_PEOPLE = "Human resources dedicated to content moderation "
_EXPERTISE = "Number of total moderators with sufficient linguistic expertise "


def people_of_language(code: str) -> Indicator:
    """The row of part 9 about one language."""
    return Indicator(f"language:{code}", VLOP, _PEOPLE, _EXPERTISE, code, "number")


PEOPLE = (
    Indicator(
        "internal",
        VLOP,
        _PEOPLE,
        "Number of internal moderators employed by the provider",
        "Total number",
        "number",
    ),
    Indicator(
        "external",
        VLOP,
        _PEOPLE,
        "Number of external moderators contracted by the provider",
        "Total number",
        "number",
    ),
    Indicator("languages", VLOP, _PEOPLE, _EXPERTISE, "Total number", "number"),
    *(people_of_language(code) for code in ("bg", AND_SO_ON, "sv")),
)

_RECIPIENTS = "Number of average monthly active recipients during the reporting period\N{NO-BREAK SPACE}"


def recipients_of(state: str) -> Indicator:
    """The row of part 10 about one Member State, or TOTAL."""
    return Indicator(f"state:{state}", VLOP_VLOSE, "AMAR", _RECIPIENTS, state, "count")


RECIPIENTS = tuple(recipients_of(state) for state in ("TOTAL", "AT", AND_SO_ON, "SE"))

_MODERATION = "content moderation"
#: (our key, text); the first six apply to all, the rest to very large platforms.
_QUALITATIVE = (
    ("summary", f"Summary of the {_MODERATION} engaged in at the providers’ own initiative"),
    (
        "information",
        f"Meaningful and comprehensible information regarding {_MODERATION} engaged in at the providers' own "
        "initiative",
    ),
    ("automated", "Qualitative description of the automated means"),
    (
        "accuracy",
        "Qualitative description of indicators of accuracy and possible rate of error of automated means",
    ),
    ("purposes", "Specification of the precise purposes to apply automated means"),
    ("safeguards", "Safeguards applied to the use of automated means"),
    ("governance", f"High-level description of the {_MODERATION} governance structure"),
    ("qualifications", f"Qualifications of the human resources dedicated to {_MODERATION}"),
    ("training", f"Training given to human resources dedicated to {_MODERATION}"),
    ("support", f"Support given to human resources dedicated to {_MODERATION} "),
    (
        "methodology",
        f"Methodology used to compute the number of human resources dedicated to {_MODERATION}"
        "\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}",
    ),
)
QUALITATIVE = tuple(
    Indicator(key, ALL if place < 6 else VLOP, "", text, "", "text", FREE_TEXT)
    for place, (key, text) in enumerate(_QUALITATIVE)
)

#: Part number -> its rows, in the blank's order.
INDICATORS: dict[int, tuple[Indicator, ...]] = {
    1: SUMMARY,
    7: APPEALS,
    8: AUTOMATED,
    9: PEOPLE,
    10: RECIPIENTS,
    11: QUALITATIVE,
}
