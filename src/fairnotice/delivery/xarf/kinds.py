"""Which category and type of XARF v4 a notice goes out as.

The standard has types for fraud, phishing, harmful programs, exposed data, the abuse of children and
copyright. For all other harm (hate, threats, defamation, dangerous products ...) it has none, and a report
must not claim one of those that is not meant: such a notice goes as `reputation/threat_intelligence`, whose
`threat_type` is free text and names the kind. What it really is always stands in our extension.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fairnotice.law.taxonomy import OTHER


@dataclass(frozen=True)
class Kind:
    """A category and type with the fields that its schema asks for beyond the place. `place`: the field that
    takes the URL, and without a URL the kind cannot be used."""

    category: str
    type: str
    fields: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    place: str = "url"


_CSAM = Kind("content", "csam", {"classification": "baseline", "detection_method": "user_report"})
_EXPOSED = Kind(
    "content", "exposed_data", {"data_types": ("personal_information",), "exposure_method": "other"}
)
_BY_KEYWORD = {
    "KEYWORD_PHISHING": Kind("content", "phishing"),
    # "baseline" is the class that says least: nobody here looks at such a thing to class it.
    "KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL": _CSAM,
    "KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL_DEEPFAKE": _CSAM,
    "KEYWORD_GROOMING_SEXUAL_ENTICEMENT_MINORS": Kind(
        "content", "csem", {"exploitation_type": "grooming", "detection_method": "user_report"}
    ),
    "KEYWORD_COPYRIGHT_INFRINGEMENT": Kind("copyright", "copyright", place="infringing_url"),
    "KEYWORD_MISSING_PROCESSING_GROUND": _EXPOSED,
    "KEYWORD_RIGHT_TO_BE_FORGOTTEN": _EXPOSED,
    "KEYWORD_BIOMETRIC_DATA_BREACH": _EXPOSED,
}
_BY_PROBLEM = {"malware": Kind("content", "malware")}
_BY_CATEGORY = {"STATEMENT_CATEGORY_SCAMS_AND_FRAUD": Kind("content", "fraud", {"fraud_type": "other"})}


def kind_for(category: str, keyword: str, problem: str, *, has_url: bool) -> Kind:
    """The kind of report, by the keyword, else the notifier's choice on the form, else the category.

    `has_url`: the reported place is a URL that the standard takes. Never raises: every code has a kind.
    """
    if has_url:
        found = _BY_KEYWORD.get(keyword) or _BY_PROBLEM.get(problem) or _BY_CATEGORY.get(category)
        if found is not None:
            return found
    return Kind("reputation", "threat_intelligence", {"threat_type": _name(category, keyword, problem)})


def _name(category: str, keyword: str, problem: str) -> str:
    if problem in _BY_PROBLEM:
        return problem
    if keyword and keyword != OTHER:
        return keyword.removeprefix("KEYWORD_").lower()
    return category.removeprefix("STATEMENT_CATEGORY_").lower() or "other"
