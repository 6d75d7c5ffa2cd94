"""Tags of the desk's pages: codes in words, and how much waits in each list."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.safestring import SafeString

from fairnotice.answerable.chains import Chain
from fairnotice.answerable.queries import delegations
from fairnotice.cases.people import asked_once
from fairnotice.cases.permissions import ACTIONS, Actor
from fairnotice.cases.queries import desk, emergencies, filings, forwards, outgoing, proposals, received
from fairnotice.review import drawing, words

register = template.Library()
# Name of a list -> how much waits in it.
_COUNTED: dict[str, Callable[[Actor], int]] = {
    "desk": desk.COUNTS["queue"],
    "desk-appeals": desk.COUNTS["appeals"],
    "desk-seconds": desk.COUNTS["seconds"],
    "desk-statements": desk.COUNTS["statements"],
    "desk-publications": desk.COUNTS["publications"],
    "desk-measures": desk.COUNTS["measures"],
    "desk-forwards": lambda actor: forwards.letters_waiting(actor).count(),
    "desk-messages": received.waiting_count,
    "desk-outgoing": outgoing.failed,
    "desk-emergencies": emergencies.unacknowledged,
    "desk-proposals": proposals.waiting,
    "desk-filings": filings.waiting,
}
# A page that lies under no list by its address -> the list it belongs to.
_BELONGS = {
    "desk-appeal": "desk-appeals",
    "desk-appeal-claim": "desk-appeals",
    "desk-appeal-decide": "desk-appeals",
    "desk-confirm": "desk-seconds",
    "desk-inform": "desk-statements",
    "desk-letter": "desk-statements",
    "desk-client": "desk-clients",
    "desk-client-close": "desk-clients",
    "desk-token-add": "desk-clients",
    "desk-token-rotate": "desk-clients",
    "desk-token-revoke": "desk-clients",
    "desk-trusted-record": "desk-clients",
    "desk-trusted-end": "desk-clients",
    "desk-effect": "desk-measures",
    "desk-review": "desk-measures",
    "desk-forward-answer": "desk-forwards",
    "desk-message": "desk-messages",
    "desk-message-take": "desk-messages",
    "desk-message-dismiss": "desk-messages",
    "desk-message-release": "desk-messages",
    "desk-message-needs-nothing": "desk-messages",
    "desk-purpose": "desk",
    "desk-emergency": "desk-emergencies",
    "desk-emergency-acknowledge": "desk-emergencies",
    "desk-emergency-assess": "desk-emergencies",
    "desk-propose": "desk-proposals",
    "desk-proposal-answer": "desk-proposals",
    "desk-trust-add": "desk-trust",
    "desk-report": "desk-reports",
    "desk-report-build": "desk-reports",
    "desk-report-texts": "desk-reports",
    "desk-report-text": "desk-reports",
    "desk-report-publish": "desk-reports",
    "desk-report-drop": "desk-reports",
    "desk-publication": "desk-publications",
    "desk-publication-approve": "desk-publications",
    "desk-publication-withhold": "desk-publications",
    "desk-filing": "desk-filings",
    "desk-filing-release": "desk-filings",
}

register.filter("problem", words.problem)
register.filter("measure", words.measure)
register.filter("keyword", words.keyword)
register.filter("other_spelling", words.other_spelling)


@register.filter
def words_of(code: object, table: str) -> str:
    """A code of one of the tables of `review.words` in words: {{ case.category|words_of:"category" }}."""
    return words.label(table, code)


@register.inclusion_tag("review/includes/nav.html", takes_context=True)
def desk_nav(context: Context) -> dict[str, Any]:
    """The navigation of the desk: lists in which something can wait, with how much does; the rest is behind
    "More", which is open where one is in it."""
    links = context.get("desk_links") or []
    request = context["request"]
    actor = request.user.actor()
    offered = {link["url"] for link in links}
    counted = {reverse(name): count for name, count in _COUNTED.items()}
    with asked_once():
        by_url = {url: count(actor) for url, count in counted.items() if url in offered}
    shown = [{**link, "waiting": by_url.get(link["url"])} for link in links]
    home = _BELONGS.get(request.resolver_match.url_name or "")
    if home:
        for link in shown:
            link["current"] = "true" if link["url"] == reverse(home) else ""
    more = [link for link in shown if link["url"] not in by_url]
    return {
        "links": [link for link in shown if link["url"] in by_url],
        "more": more,
        "inside": any(link["current"] for link in more),
    }


@register.simple_tag(takes_context=True)
def alarms(context: Context) -> int:
    """How many emergencies wait for somebody, for the banner on every page of the desk."""
    return emergencies.unacknowledged(context["request"].user.actor())


@register.simple_tag
def drawn_chain(chain: Chain, ident: str) -> SafeString:
    """The chain as a picture: {% drawn_chain chain "chain" %}. `charts.chain` escapes what it is given."""
    return SafeString(drawing.drawn(chain, ident))


@register.simple_tag
def chain_rows(chain: Chain, linked: bool = False, known_on: datetime | None = None) -> list[dict[str, Any]]:
    """The links of a chain with their days in words; `linked` adds the reference of each one's delegation."""
    series: Iterable[int | None] = (
        delegations.series_in(chain, known_on) if linked else [None] * len(chain.links)
    )
    return [
        {
            "link": link,
            "span": drawing.span_of(link),
            "ref": delegations.ref_of(number) if number is not None else "",
        }
        for link, number in zip(chain.links, series, strict=True)
    ]


@register.filter
def delegation_ref(series: int) -> str:
    """The reference of a series, as it stands in addresses."""
    return delegations.ref_of(series)


@register.simple_tag(takes_context=True)
def staff_text(context: Context, owner: str, row: str, name: str) -> str:
    """What somebody at the desk wrote, for roles that may read it: {% staff_text "measure" ref "effect_note"
    as note %}."""
    return desk.staff_text(context["request"].user.actor(), owner, row, name)


@register.simple_tag(takes_context=True)
def may(context: Context, verb: str) -> bool:
    """Whether this person's roles allow a verb. Only decides what is offered; the action asks again."""
    return bool((context.get("role_names") or frozenset()) & ACTIONS[verb])
