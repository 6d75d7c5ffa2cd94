"""Which organisations of a chain can be asked about an item: plain values in, plain values out.

The way goes up from the item: the nearest that has a usable contact first, never a registry, never this
service itself. Only the part of the chain that the public may see is named, because the notifier is shown
every name before anything is sent. See docs/adr/0017-forwarding.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fairnotice.answerable.chains import UNRECORDED, Chain, ContactPoint, Link
from fairnotice.answerable.lookup import registrable_names
from fairnotice.answerable.resources import NotALocation, parse

Usable = Callable[[ContactPoint], bool]

# By these the holder is a customer who uses what it holds; by the others it provides.
_USED_BY_HOLDER = frozenset({"assignment", "lease", "sublease"})
# Who stands directly above a host by itself; anybody else there has passed the hosting on to its customer.
_ABOVE_A_HOST = frozenset({"registrar", "cdn"})


@dataclass(frozen=True, slots=True)
class Recipient:
    """An organisation that can be asked, where to write to it, and why it is named (`Forward.reason`)."""

    link: Link
    point: ContactPoint
    reason: str


def recipients(
    chain: Chain, *, own: str, past_site: bool, above_us: bool, usable: Usable
) -> tuple[Recipient, ...]:
    """Whom to ask, nearest to the item first.

    `own` is the handle of this service's organisation, or "". `past_site`: pass by whoever runs the reported
    site. `above_us`: those above us are named where the item is our own. `usable` says which contacts this
    service can write to. Empty where the item is ours, or nobody can be asked.
    """
    links = list(chain.links)
    handles = [link.handle for link in links]
    silent: set[tuple[str, str]] = set()
    first = len(links)
    if past_site and (runs := site_operator(chain)) is not None:
        first = links.index(runs)
    last = 0
    if own and own in handles:
        ours = handles.index(own)
        if any(link.contact for link in links[ours + 1 :]):
            # It belongs to somebody below us. Those above us have nothing to do with it: if it comes back, it
            # comes back to us.
            last = ours + 1
        elif above_us:
            first = min(first, ours)
        else:
            return ()
    for link in links[first:]:
        silent |= {(point.channel, point.address.casefold()) for point in link.contacts}
    seen = len(chain.public().links)
    found: list[Recipient] = []
    for position in range(first - 1, last - 1, -1):
        link = links[position]
        if link.registry:
            break
        point = _point(link, usable)
        if position >= seen or link.handle == own or point is None:
            continue
        key = (point.channel, point.address.casefold())
        if key in silent:
            continue
        silent.add(key)
        found.append(Recipient(link, point, _reason(found, first, len(links))))
    return tuple(found)


def site_operator(chain: Chain) -> Link | None:
    """The link that runs the reported place, or may run it; None where the last link provides it to others.

    In doubt it counts as the one that runs it: going past a host costs a step, telling the wrong person may
    cost much more. A mailbox at the reported place itself gives it away, whatever the records say.
    """
    for link in chain.links:
        if _at_the_place(chain, link):
            return link
    holder = chain.holder
    if holder is None:
        return None
    if holder.kind in _USED_BY_HOLDER or holder.kind == UNRECORDED:
        return holder
    if holder.kind != "hosting" or len(chain.links) < 2:
        return None
    above = chain.links[-2]
    return holder if above.kind not in _ABOVE_A_HOST else None


def _at_the_place(chain: Chain, link: Link) -> bool:
    """Whether one of its contacts is a mailbox or page at the reported name."""
    target = chain.target
    if target is None or not target.name:
        return False
    place = registrable_names(target.name)[-1]
    return any(_lies_at(point.address, place) for point in link.contacts)


def _lies_at(address: str, place: str) -> bool:
    host = address.rpartition("@")[2] if "@" in address else address
    try:
        found = parse(host)
    except NotALocation:
        return False
    return bool(found.name) and place in registrable_names(found.name)


def _point(link: Link, usable: Usable) -> ContactPoint | None:
    """The contact that `Link.contact` would choose among those that can be written to."""
    points = tuple(point for point in link.contacts if usable(point))
    return Link(link.handle, link.name, link.kind, link.resource, contacts=points).contact


def _reason(found: list[Recipient], first: int, whole: int) -> str:
    if found:
        return "above"
    return "past_site" if first < whole else "nearest"
