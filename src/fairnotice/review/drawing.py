"""A chain as a picture, in the words and days of whoever reads it."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fairnotice.answerable.chains import FROM_REGISTRY, Chain, Link
from fairnotice.charts import chain as charts
from fairnotice.charts.chain import Box
from fairnotice.review import words


def drawn(chain: Chain, ident: str) -> str:
    """The chain as an `<svg>` from the registry to the holder; "" where there is nothing to draw. `ident`
    makes it the only one of its name on the page."""
    if not chain.links:
        return ""
    boxes = [_box(link, chain) for link in chain.links]
    if chain.links[0].kind in FROM_REGISTRY:
        boxes.insert(0, Box(_("Registry"), tones=("registry",)))
    names = ", ".join(link.name for link in chain.links)
    return charts.draw(
        boxes,
        ident=ident,
        title=_("Who answers, from the registry to the holder"),
        description=_("From top to bottom: %(names)s. The table below says the same in words.")
        % {"names": names},
    )


def span_of(link: Link) -> str:
    """Since when and until when; "" where it is not recorded."""
    if link.valid_from is None:
        return ""
    since = _day(link.valid_from)
    if link.valid_until is None:
        return _("since %(since)s") % {"since": since}
    return _("%(since)s until %(until)s") % {"since": since, "until": _day(link.valid_until)}


def _box(link: Link, chain: Chain) -> Box:
    facts = [f"{link.handle}, {link.country}" if link.country else link.handle]
    if not link.registry:
        facts.append(
            _("%(kind)s: %(resource)s")
            % {"kind": words.label("delegation", link.kind), "resource": link.resource}
        )
    facts.append(span_of(link))
    marks, tones = [], []
    if link.registry:
        marks.append(_("hands out resources"))
        tones.append("registry")
    if link.visibility == "private":
        marks.append(_("private"))
        tones.append("private")
    if link is chain.answering and chain.contact is not None:
        marks.append(_("write to: %(address)s") % {"address": chain.contact.address})
        tones.append("answers")
    return Box(link.name, tuple(fact for fact in facts if fact), tuple(marks), tuple(tones))


def _day(written: str) -> str:
    return date_format(date.fromisoformat(written), "j M Y")
