"""How one reported place is shown before it is sent: harmless to click, with its look-alikes laid open and
with whoever answers for it. Nothing is fetched or resolved."""

from __future__ import annotations

from dataclasses import dataclass

import ada_url
from ada_url import idna_to_unicode
from django.utils.translation import gettext as _

from fairnotice.answerable import lookup
from fairnotice.answerable.chains import Chain, Link
from fairnotice.answerable.models import Delegation
from fairnotice.cases.drafts import ItemDraft, as_url


@dataclass(frozen=True)
class Shown:
    """One item of the review page. `machine_host` and `human_host` are set where a name can deceive the
    eye."""

    location: str
    note: str
    machine_host: str
    human_host: str
    links: list[str]
    answering: str
    reason: str


def shown(item: ItemDraft) -> Shown:
    """What the notifier sees of an item. Links that are not public do not show."""
    chain = lookup.find(item.location.strip()).public()
    machine, human = _hosts(item.location)
    return Shown(
        location=item.location.strip(),
        note=item.note.strip(),
        machine_host=machine,
        human_host=human,
        links=[_words(link) for link in chain.links],
        answering=chain.answering.name if chain.answering else "",
        reason=_reason(chain),
    )


def _hosts(location: str) -> tuple[str, str]:
    """The host as machines and as people write it: ("", "") where what was typed shows it plainly already."""
    href = as_url(location)
    if href is None:
        return "", ""
    host = ada_url.URL(href).hostname
    try:
        human = idna_to_unicode(host)
    except ValueError:
        human = host
    if human != host:
        return host, human
    # `https://bank.example@other.example/` leads to the second name; so do some exotic ways to write one.
    plain = location.strip().lower().partition("://")[2]
    return ("", "") if plain.startswith(host) else (host, "")


def _words(link: Link) -> str:
    words = {"name": link.name, "resource": link.resource}
    if link.registry:
        return _("%(name)s keeps the register of %(resource)s and answers for no use of it.") % words
    if link.kind not in Delegation.Kind.values:
        return _("%(name)s passed %(resource)s on.") % words
    return _("%(name)s holds %(resource)s (%(kind)s).") % {**words, "kind": Delegation.Kind(link.kind).label}


def _reason(chain: Chain) -> str:
    if chain.problem:
        return _("This names no place on the internet by itself; a person here will find it from your words.")
    return chain.reason
