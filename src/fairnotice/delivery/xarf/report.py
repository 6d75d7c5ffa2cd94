"""One report from the facts of one forwarded notice."""

from __future__ import annotations

import base64
import hashlib
import re
import uuid
from typing import Any
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext as _

from fairnotice.cases.drafts import as_url
from fairnotice.delivery.xarf import extension
from fairnotice.delivery.xarf.facts import ReportFacts
from fairnotice.delivery.xarf.kinds import Kind, kind_for
from fairnotice.delivery.xarf.words import in_words, one_sentence
from fairnotice.plumbing import xarf_schemas

Json = dict[str, Any]
_MAX_ORG = 200
_MAX_DESCRIPTION = 1000
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
# What RFC 3986 allows in an address beside letters and digits; the percent sign is dealt with apart.
_ALLOWED = "%/:?#@!$&'()*+,;=-._~"


def build_report(facts: ReportFacts) -> Json:
    """A report that is valid against the schema of its category and type, formats included.

    One for each forward, the same bytes each time: a retry is the same report. Raises ValueError where the
    sender's own contact or domain is no e-mail address or host name.
    """
    url = standard_url(facts.locations[0])
    kind = kind_for(facts.category, facts.keyword, facts.problem, has_url=bool(url))
    sender = _sender(facts)
    report: Json = {
        "xarf_version": xarf_schemas.VERSION,
        "report_id": str(_report_id(facts)),
        "timestamp": extension.moment(facts.received_at),
        "reporter": _reporter(facts) or sender,
        "sender": sender,
        "source_identifier": _source(url, facts.locations[0]),
        "category": kind.category,
        "type": kind.type,
        "evidence_source": "user_report",
        **_fields(kind, url),
    }
    report[extension.NAME] = extension.extension(facts)
    report["description"] = one_sentence(report)[:_MAX_DESCRIPTION]
    # The whole in words, for a person at the other end whose program does not know the extension.
    report["evidence"] = [_as_evidence(in_words(report))]
    fault = xarf_schemas.type_fault(report, formats=True)
    if fault is not None:
        raise ValueError(f"this report breaks its schema at {fault.pointer or 'its top'}")
    return report


def standard_url(location: str) -> str:
    """The location as a URI of RFC 3986, or "" where it is none. Browsers take more than that RFC allows;
    what it does not is written in percent signs."""
    read = as_url(location)
    if read is None:
        return ""
    parts = urlsplit(read)
    head, tail = f"{parts.scheme}://{parts.netloc}", read[len(f"{parts.scheme}://{parts.netloc}") :]
    written = head + quote(_STRAY_PERCENT.sub("%25", tail), safe=_ALLOWED)
    return written if xarf_schemas.fits("uri", written) else ""


def _fields(kind: Kind, url: str) -> Json:
    fields: Json = {
        name: list(value) if isinstance(value, tuple) else value for name, value in kind.fields.items()
    }
    if url:
        fields[kind.place] = url
    if kind.category == "content":
        fields["verification_method"] = "user_report"
    return fields


def _source(url: str, location: str) -> str:
    try:
        host = urlsplit(url).hostname if url else None
    except ValueError:
        host = None
    return host or location.strip() or location


def _sender(facts: ReportFacts) -> Json:
    sender = {
        "org": facts.sender_name[:_MAX_ORG],
        "contact": facts.sender_contact,
        "domain": facts.sender_domain,
    }
    if not xarf_schemas.fits("email", sender["contact"]) or not xarf_schemas.fits(
        "hostname", sender["domain"]
    ):
        raise ValueError("the sender of a report needs an e-mail address and a host name")
    return sender


def _reporter(facts: ReportFacts) -> Json | None:
    """The notifier, where both name and address may go along and the standard takes them; else it is the
    sender who reports, and the extension says what little may be said."""
    domain = facts.reporter_email.rpartition("@")[2]
    if not facts.reporter_name or not xarf_schemas.fits("email", facts.reporter_email):
        return None
    if not xarf_schemas.fits("hostname", domain):
        return None
    return {"org": facts.reporter_name[:_MAX_ORG], "contact": facts.reporter_email, "domain": domain}


def _report_id(facts: ReportFacts) -> uuid.UUID:
    named = f"{facts.sender_domain}\n{facts.reference}".encode()
    return uuid.UUID(bytes=hashlib.sha256(named).digest()[:16], version=4)


def _as_evidence(text: str) -> Json:
    data = text.encode()
    return {
        "content_type": "text/plain",
        "description": _("This notice in words"),
        "payload": base64.b64encode(data).decode(),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "size": len(data),
    }
