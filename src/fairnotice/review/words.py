"""Codes in the words that people at the desk read."""

from __future__ import annotations

from urllib.parse import urlsplit

import ada_url
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from fairnotice.cases.drafts import as_url
from fairnotice.cases.permissions import ROLE_WORDS
from fairnotice.law.doors import DOORS, REASONS
from fairnotice.law.emergencies import AUTHORITIES
from fairnotice.law.emergencies import CHANNELS as ALERT_CHANNELS
from fairnotice.law.enums import (
    ACCOUNT_TYPES,
    AUTOMATED_DECISION,
    CONTENT_TYPES,
    LANGUAGES,
    SOURCE_TYPES,
    TERRITORIES,
)
from fairnotice.law.measures import MEASURES
from fairnotice.law.openings import ABOUT as OPENED_ABOUT
from fairnotice.law.openings import KINDS as OPENED_KINDS
from fairnotice.law.openings import PURPOSES
from fairnotice.law.problems import PROBLEM_BY_SLUG
from fairnotice.law.redaction import KIND_WORDS
from fairnotice.law.scopes import SCOPES
from fairnotice.law.taxonomy import CATEGORIES, KEYWORDS, OTHER, keyword_label
from fairnotice.law.two_people import REASONS as PROPOSAL_REASONS
from fairnotice.law.two_people import VERBS

LEVELS = {
    1: gettext_lazy("At once"),
    2: gettext_lazy("Today"),
    3: gettext_lazy("Within three days"),
    4: gettext_lazy("Within a week"),
}
ANSWERS = {
    "taken": gettext_lazy("We look after it"),
    "not_ours": gettext_lazy("It does not lie with us"),
    "too_old": gettext_lazy("It is too old; nothing can be done any more"),
    "answered": gettext_lazy("Answered"),
}
CHANNELS = {
    "email": pgettext_lazy("channel", "e-mail"),
    "letter": pgettext_lazy("channel", "printed letter"),
    "page": pgettext_lazy("channel", "page behind their code"),
    "unreachable": pgettext_lazy("channel", "nobody can be reached"),
}
DELEGATIONS = {
    "allocation": gettext_lazy("allocation by the registry"),
    "registrar": gettext_lazy("registrar"),
    "sub-allocation": gettext_lazy("sub-allocation"),
    "reseller": gettext_lazy("reseller"),
    "assignment": gettext_lazy("assignment"),
    "cdn": gettext_lazy("content delivery network"),
    "lease": gettext_lazy("lease"),
    "hosting": gettext_lazy("hosting"),
    "sublease": gettext_lazy("sublease"),
    "unrecorded": gettext_lazy("passed it on; how is not recorded"),
}
THEIR_ANSWERS = {
    "taken": gettext_lazy("They have it in hand."),
    "not_ours": gettext_lazy("It is not theirs."),
    "too_old": gettext_lazy("It is too old for them."),
    "answered": gettext_lazy("They have decided or acted."),
}
ANSWER_DOORS = {
    "link": gettext_lazy("by the link"),
    "mail": gettext_lazy("by mail"),
    "rest": gettext_lazy("from their program"),
    "desk": gettext_lazy("recorded by hand"),
}
FORWARD_CHANNELS = {
    "mail": pgettext_lazy("channel", "e-mail"),
    "xarf": pgettext_lazy("channel", "e-mail"),
    "arf": pgettext_lazy("channel", "e-mail"),
    "rest": pgettext_lazy("channel", "from program to program"),
}
FORWARD_REASONS = {
    "nearest": gettext_lazy("nearest to the place"),
    "above": gettext_lazy("one step further up"),
    "past_site": gettext_lazy("above whoever runs the site, who is not told"),
}
FAILURES = {
    "refused": gettext_lazy("refused by their server"),
    "deferred": gettext_lazy("put off by their server"),
    "unreachable": gettext_lazy("their server cannot be reached"),
    "timeout": gettext_lazy("their server took too long"),
    "misconfigured": gettext_lazy("our settings need mending"),
    "erased": gettext_lazy("what was to be sent has been erased"),
    "unreadable": gettext_lazy("what was to be sent cannot be read"),
    "lease-expired": gettext_lazy("the sending broke off"),
    "internal": gettext_lazy("a fault in this program"),
    "cancelled": gettext_lazy("taken back"),
    "gone": gettext_lazy("their address takes nothing any more"),
}
# Kind of a row of the outbox -> what it is, and what kind of reader it goes to. Never an address.
OUTGOING = {
    "notice-received": gettext_lazy("Receipt for a notice"),
    "statement": gettext_lazy("Decision, or answer to an appeal"),
    "forward-news": gettext_lazy("News about a forwarded notice"),
    "forward-mail": gettext_lazy("Forwarded notice"),
    "forward-rest": gettext_lazy("Forwarded notice"),
    "answer-rest": gettext_lazy("Answer to a notice that was forwarded to us"),
    "customer-letter": gettext_lazy("Letter to a customer of ours"),
    "webhook": gettext_lazy("What to carry out, or to undo"),
    "mastodon-effect": gettext_lazy("What to carry out, or to undo"),
    "mastodon-report": gettext_lazy("Report to be closed, or opened again"),
    "message-received": gettext_lazy("Receipt for a letter that a person has to read"),
    "message-passed-on": gettext_lazy("Report about no item, passed on"),
    "emergency-mail": gettext_lazy("Alert: a life may be in danger"),
    "emergency-hook": gettext_lazy("Alert: a life may be in danger"),
    "emergency-program": gettext_lazy("Alert: a life may be in danger"),
    "involved-told": gettext_lazy("Word that a notice about somebody here came in"),
    "operator-report": gettext_lazy("Weekly report"),
    "subscriber-confirm": gettext_lazy("Question whether somebody wants the monthly report"),
    "subscriber-report": gettext_lazy("Monthly report"),
}
READERS = {
    "notice-received": gettext_lazy("the notifier, by e-mail"),
    "statement-affected": gettext_lazy("the affected party, by e-mail"),
    "statement-notifier": gettext_lazy("the notifier, by e-mail"),
    "forward-news": gettext_lazy("the notifier, by e-mail"),
    "forward-mail": gettext_lazy("an organisation, by e-mail"),
    "forward-rest": gettext_lazy("an organisation, from program to program"),
    "answer-rest": gettext_lazy("an organisation, from program to program"),
    "customer-letter": gettext_lazy("our own program for letters to customers"),
    "webhook": gettext_lazy("our own software"),
    "mastodon-effect": gettext_lazy("a Mastodon server of ours"),
    "mastodon-report": gettext_lazy("a Mastodon server of ours"),
    "message-received": gettext_lazy("whoever sent it, by e-mail"),
    "message-passed-on": gettext_lazy("our own mailbox or program for such reports"),
    "emergency-mail": gettext_lazy("somebody on duty, by e-mail"),
    "emergency-hook": gettext_lazy("our own software"),
    "emergency-program": gettext_lazy("our own program for alerts"),
    "involved-told": gettext_lazy("an organisation of trust outside, by e-mail"),
    "operator-report": gettext_lazy("ourselves, by e-mail"),
    "subscriber-confirm": gettext_lazy("who typed an address, by e-mail"),
    "subscriber-report": gettext_lazy("a subscriber, by e-mail"),
}
# Why a statement does not go into the EU database by itself, what happened to it, and what changed since.
FILING_REASONS = {
    "personal": gettext_lazy("something in it looks like personal data"),
    "faults": gettext_lazy("it breaks a rule"),
}
FILING_PLACES = {
    "production": gettext_lazy("the public database"),
    "sandbox": gettext_lazy("the database for trying out"),
}
FILING_EVENTS = {
    "filing.prepared": gettext_lazy("Made ready"),
    "filing.held": gettext_lazy("Held back"),
    "filing.released": gettext_lazy("Looked at by a person, and let go"),
    "filing.rejected": gettext_lazy("Refused by the database"),
    "filing.accepted": gettext_lazy("In the database"),
    "upheld": gettext_lazy("An appeal was answered: the decision stands"),
    "partly_reversed": gettext_lazy("An appeal was answered: the decision was partly reversed"),
    "reversed": gettext_lazy("An appeal was answered: the decision was reversed"),
    "shorten": gettext_lazy("A measure was shortened"),
    "reverse": gettext_lazy("A measure was undone"),
    "replace": gettext_lazy("A measure was replaced by a milder one"),
    "ended": gettext_lazy("A measure has ended"),
    "measure.superseded": gettext_lazy("Measures ended because of a new decision"),
}
OUTCOMES = {
    "upheld": gettext_lazy("The decision stands."),
    "partly_reversed": gettext_lazy("The decision was partly reversed."),
    "reversed": gettext_lazy("The decision was reversed."),
}
SIDES = {"affected": gettext_lazy("the affected party"), "notifier": gettext_lazy("a notifier")}
STATUS_ENDS = {
    "ended": gettext_lazy("Ended"),
    "anew": gettext_lazy("Recorded anew"),
    "closed": gettext_lazy("The client was closed"),
}
_TABLES = {
    "category": CATEGORIES,
    "content": CONTENT_TYPES,
    "source": SOURCE_TYPES,
    "automation": AUTOMATED_DECISION,
    "account": ACCOUNT_TYPES,
    "language": LANGUAGES,
    "territory": TERRITORIES,
    "channel": CHANNELS,
    "door": DOORS,
    "waits_for": REASONS,
    "answer": ANSWERS,
    "delegation": DELEGATIONS,
    "level": LEVELS,
    "finding": KIND_WORDS,
    "outcome": OUTCOMES,
    "side": SIDES,
    "their_answer": THEIR_ANSWERS,
    "answer_door": ANSWER_DOORS,
    "forward_channel": FORWARD_CHANNELS,
    "forward_reason": FORWARD_REASONS,
    "failure": FAILURES,
    "outgoing": OUTGOING,
    "reader": READERS,
    "scope": SCOPES,
    "status_end": STATUS_ENDS,
    "purpose": PURPOSES,
    "opened_kind": OPENED_KINDS,
    "opened_about": OPENED_ABOUT,
    "role": ROLE_WORDS,
    "authority": AUTHORITIES,
    "alert_channel": ALERT_CHANNELS,
    "verb": VERBS,
    "proposal_why": PROPOSAL_REASONS,
    "filing_reason": FILING_REASONS,
    "filing_place": FILING_PLACES,
    "filing_event": FILING_EVENTS,
}


def label(table: str, code: object) -> str:
    """The words of a code; a code that a later version dropped keeps its own."""
    if table == "reason":  # reasons are stored as the sentences of `law.deadlines`
        return _(str(code))
    words = _TABLES[table].get(code)  # type: ignore[attr-defined]  # codes of one table are texts or numbers
    return _(str(words)) if words is not None else str(code)


def problem(slug: str) -> str:
    """The notifier's choice in plain words."""
    found = PROBLEM_BY_SLUG.get(slug)
    return _(found.label) if found else slug


def measure(code: str) -> str:
    """The name of a measure."""
    kind = MEASURES.get(code)
    return _(kind.label) if kind else code


def keyword(code: str) -> str:
    """The name of a keyword."""
    known = code == OTHER or any(code in group for group in KEYWORDS.values())
    return _(keyword_label(code)) if known else code


def other_spelling(location: str) -> str:
    """The host of a URL in its other spelling, so that look-alike letters show: the ASCII form (xn--…) of a
    name in other letters, or the letters of an xn-- name. "" where both are the same or it is no URL."""
    url = as_url(location)
    if url is None:
        return ""
    try:
        ascii_host = ada_url.URL(url).hostname
        given = urlsplit(location.strip()).hostname or ""
        unicode_host = ada_url.idna_to_unicode(ascii_host.encode("ascii"))
    except ValueError:
        return ""
    if ascii_host == unicode_host:
        return ""
    return unicode_host if given.casefold() == ascii_host else ascii_host
