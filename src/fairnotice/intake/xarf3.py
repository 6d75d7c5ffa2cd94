"""XARF reports of versions 0.2 to 3 (the schemas at github.com/abusix/xarf) as notices.

These versions were written by hand as often as by a program, and their schemas differ in small things. So
nothing is checked here beyond what a notice needs: a type, a place, and a moment. docs/machine-reports.md has
what becomes of each type.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fairnotice.cases.drafts import (
    MAX_LOCATION,
    MAX_NAME,
    MAX_NOTE,
    MAX_WHY,
    UNSTORABLE,
    ItemDraft,
    NoticeDraft,
    check_email,
)
from fairnotice.intake import report_facts
from fairnotice.intake.contact import without_contact
from fairnotice.intake.unreadable import Unreadable
from fairnotice.intake.xarf import NotAnItem

Json = dict[str, Any]
VERSIONS = frozenset({"0.2", "1", "2", "3", "3.0", "3.0.0"})
# Type of the old versions, in small letters without signs -> (category, type) of version 4, and the problem
# that it is read as. What has no problem is about traffic, a machine or a message, unless it names a page.
TYPES: dict[str, tuple[str, str, str]] = {
    "phishing": ("content", "phishing", "phishing"),
    "malware": ("content", "malware", "malware"),
    "copyright": ("copyright", "copyright", "copyright"),
    "trademark": ("content", "brand_infringement", "trademark"),
    "childabuse": ("content", "csam", "child-abuse"),
    "csam": ("content", "csam", "child-abuse"),
    "csamlinks": ("content", "csam", "child-abuse"),
    "fraud": ("content", "fraud", "scam"),
    "harassment": ("content", "harassment", "harassment"),
    "violence": ("content", "violence", "threat"),
    "identitytheft": ("content", "identity_theft", "impersonation"),
    "spamvertised": ("content", "spamvertised", "other"),
    "webhack": ("content", "remote_compromise", "other"),
    "spam": ("messaging", "spam", ""),
    "loginattack": ("connection", "login_attack", ""),
    "portscan": ("connection", "port_scan", ""),
    "ddos": ("connection", "ddos", ""),
    "exploit": ("connection", "exploit", ""),
    "webcrawler": ("connection", "scraping", ""),
    "trap": ("connection", "trap", ""),
    "botnet": ("infrastructure", "botnet", ""),
    "bot": ("infrastructure", "botnet", ""),
    "potentiallycompromisedaccount": ("connection", "compromised_account", ""),
    "openservice": ("vulnerability", "open_service", ""),
    "vulnerability": ("vulnerability", "cve", ""),
}
_PLACES = ("SourceUrl", "SourceURL", "Url", "URL", "SourceIp", "SourceIP")
_SAMPLES = ("Samples", "Attachment", "Sample")
_NOT_DETAILS = frozenset(
    {"ReportClass", "ReportType", "Date", "FirstSeen", "LastSeen", "ReporterCaseID", "SourcePort"}
    | {*_PLACES, *_SAMPLES}
)
_CUT = "\n[The report goes on.]"


def is_report(found: Json) -> bool:
    """Whether an object says of itself that it is such a report."""
    return "ReporterInfo" in found and ("Version" in found or "Report" in found)


def to_draft(report: Json) -> NoticeDraft:
    """The draft that a report stands for. Raises Unreadable where its version is none of these, or it lacks
    what a notice needs, and NotAnItem where it is about nothing that a notice can be about."""
    if str(report.get("Version")) not in VERSIONS:
        raise Unreadable("Of this kind of report, versions 0.2 to 3 are read.", "/Version")
    body, reporter = _object(report, "Report"), _object(report, "ReporterInfo")
    kind = _text(body.get("ReportType"))
    if not kind:
        raise Unreadable("The report does not say of what type it is.", "/Report/ReportType")
    category, type, problem = _kind_of(kind, _text(body.get("ReportClass")))
    name, place = _place(body)
    page = "://" in place
    if not problem and not page:
        raise NotAnItem(category, type)
    if not place:
        raise Unreadable("The report does not say where the item is.", "/Report/SourceUrl")
    if not _text(body.get("Date")):
        raise Unreadable("The report does not say when it was seen.", "/Report/Date")
    if len(place) > MAX_LOCATION:
        raise Unreadable("The place is longer than one can be.", f"/Report/{name}")
    return without_contact(
        NoticeDraft(
            items=[ItemDraft(place, _note(body, page=page)[:MAX_NOTE])],
            problem=problem or "other",
            why=_cut("\n".join(_why(report, body, kind))),
            name=_name(reporter),
            email=_email(reporter),
            good_faith=None,
            source_type="SOURCE_TYPE_OTHER_NOTIFICATION",
            report=_facts(report, body, f"{category}/{type}"),
        )
    )


def _kind_of(kind: str, cls: str) -> tuple[str, str, str]:
    known = TYPES.get("".join(c for c in kind.lower() if c.isalnum()))
    if known is not None:
        # "Malware" is a page that spreads it, or a machine that has it: the class says which.
        activity = known[1] == "malware" and cls.lower() == "activity"
        return ("connection", "infected_host", "") if activity else known
    # A type that is not known here counts by its class.
    return ("content", "other", "other") if cls.lower() == "content" else ("connection", "other", "")


def _place(body: Json) -> tuple[str, str]:
    source = body.get("Source")
    inside = source if isinstance(source, dict) else {}
    values = {name: _text(body.get(name)) for name in _PLACES}
    values |= {f"Source/{name}": _text(inside.get(name)) for name in ("URL", "IP")}
    found = [(name, value) for name, value in values.items() if value]
    pages = [one for one in found if "://" in one[1]]
    return next(iter(pages or found), ("", ""))


def _note(body: Json, *, page: bool) -> str:
    parts = []
    if port := _text(body.get("SourcePort")):
        parts.append(f"Source port: {port}")
    if page and (address := _text(body.get("SourceIp"))):
        parts.append(f"Address: {address}")
    if not page:
        # Who used an address is a question of the moment.
        parts.append(f"Seen at {_text(body.get('Date'))}")
    return "; ".join(parts)


def _why(report: Json, body: Json, kind: str) -> Iterator[str]:
    yield f"A program reports {_words(kind).lower()}, seen at {_text(body.get('Date'))}."
    for name, value in body.items():
        if name in _NOT_DETAILS:
            continue
        values = value if isinstance(value, list) else [value]
        plain = [_plain(one) for one in values if isinstance(one, str | int | float)]
        if plain and len(plain) == len(values) and all(plain):
            yield f"{_words(_text(name))}: {', '.join(plain)}"
    complainant = report.get("OnBehalfOf")
    if isinstance(complainant, dict) and (org := _text(complainant.get("ComplainantOrg"))):
        yield f"On behalf of {org}."


def _facts(report: Json, body: Json, kind: str) -> Json:
    return report_facts.facts(
        f"xarf-{_text(report.get('Version'))}",
        kind,
        id=body.get("ReporterCaseID"),
        seen_at=body.get("Date"),
        first_seen=body.get("FirstSeen"),
        last_seen=body.get("LastSeen"),
        evidence=list(_evidence(body)),
    )


def _evidence(body: Json) -> Iterator[Json]:
    for field in _SAMPLES:
        samples = body.get(field)
        for one in samples if isinstance(samples, list) else [samples]:
            if isinstance(one, dict):
                yield report_facts.evidence(
                    one.get("ContentType"),
                    one.get("Description") or one.get("FileName"),
                    one.get("Payload", one.get("Data")),
                    # `Data` of the oldest versions was always base64.
                    encoded=one.get("Base64Encoded") is True or "Data" in one,
                )


def _name(reporter: Json) -> str:
    return (_text(reporter.get("ReporterOrg")) or _text(reporter.get("ReporterContactName")))[:MAX_NAME]


def _email(reporter: Json) -> str:
    for field in ("ReporterContactEmail", "ReporterOrgEmail"):
        if check_email(found := _text(reporter.get(field))):
            return found
    return ""


def _object(holder: Json, name: str) -> Json:
    found = holder.get(name)
    if not isinstance(found, dict):
        raise Unreadable("Here an object with braces around it is needed.", f"/{name}")
    return found


def _text(value: object) -> str:
    if isinstance(value, str):
        return UNSTORABLE.sub("", value).strip()
    return report_facts.plain(value)


def _plain(value: str | int | float) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else _text(value)


def _words(name: str) -> str:
    """`HarassmentLocation`, `port-scan` or `file_name` as words."""
    spaced = "".join(
        f" {c}" if c.isupper() and i and name[i - 1].islower() else c for i, c in enumerate(name)
    )
    return spaced.replace("_", " ").replace("-", " ").strip().capitalize()


def _cut(text: str) -> str:
    return text if len(text) <= MAX_WHY else text[: MAX_WHY - len(_CUT)] + _CUT
