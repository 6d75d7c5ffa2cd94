"""A report of ours in words, for the person who reads it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.template.defaultfilters import date as in_letters
from django.utils.translation import gettext as _

from fairnotice.delivery.xarf import extension
from fairnotice.law.problems import said_to_others
from fairnotice.law.taxonomy import CATEGORIES, KEYWORDS

Json = dict[str, Any]
_KEYWORD_LABELS = {code: label for group in KEYWORDS.values() for code, label in group.items()}


def one_sentence(report: Json) -> str:
    """What it is, without any word of the notifier's."""
    said = report[extension.NAME]
    return _("%(sender)s forwards a notice about content: %(kind)s. Please answer by %(deadline)s.") % {
        "sender": report["sender"]["org"],
        "kind": _kind(said),
        "deadline": _day(said["deadline"]),
    }


def in_words(report: Json) -> str:
    """The whole report as plain text; lines are not wrapped, so that addresses stay whole."""
    said = report[extension.NAME]
    return "\n\n".join(part for part in _parts(report, said) if part) + "\n"


def _parts(report: Json, said: Json) -> list[str]:
    return [
        _(
            "%(sender)s received a notice about content that, by the register of who answers for which "
            "network, may be yours to look at, and forwards it to you."
        )
        % {"sender": report["sender"]["org"]},
        _lines(
            (_("Reference"), said["forward"]),
            (_("Kind of problem"), _kind(said)),
            (_("Notice received"), _day(said["received_at"])),
            (_("Sent to"), _recipients(said)),
        ),
        _("Where it is:") + "".join(f"\n{n}. {place}" for n, place in enumerate(said["locations"], 1)),
        _lines((_("What the notifier relies on"), _ground(said["ground"])), (_("Good faith"), _faith(said))),
        f"{_('What the notifier wrote:')}\n{said['text']}" if said.get("text") else "",
        _notifier(said.get("notifier", {})),
        _how_to_answer(said),
    ]


def _lines(*pairs: tuple[str, str]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in pairs if value)


def _kind(said: Json) -> str:
    category, keyword = said.get("category", ""), said.get("keyword", "")
    words = [_(CATEGORIES[category])] if category in CATEGORIES else []
    if keyword in _KEYWORD_LABELS and keyword != "KEYWORD_OTHER":
        words.append(_(_KEYWORD_LABELS[keyword]))
    elif problem := said_to_others(said.get("problem", "")):
        words.append(_(problem))
    return "; ".join(words) or _("not said")


def _recipients(said: Json) -> str:
    return ", ".join(said.get("recipients", []))


def _ground(ground: Json) -> str:
    if ground.get("law"):
        return _("the law: %(law)s") % {"law": ground["law"]}
    if ground.get("clause"):
        return _("a rule of the service: %(rule)s") % {"rule": ground["clause"]}
    return _("not sure")


def _faith(said: Json) -> str:
    if said.get("good_faith"):
        return _("the notifier confirmed that they believe this to be accurate and complete")
    return _("not stated: a program sent this notice")


def _notifier(notifier: Json) -> str:
    if not notifier:
        return _("Who wrote the notice is not passed on.")
    named = ", ".join(value for value in (notifier.get("name"), notifier.get("email")) if value)
    return _("The notifier agreed that you learn who they are: %(named)s") % {"named": named}


def _how_to_answer(said: Json) -> str:
    page = said.get("answer", {}).get("page", "")
    asked = _(
        "Please answer by %(deadline)s: that you look after it, that it is not yours, that it is too old to "
        "act on, or what you did."
    ) % {"deadline": _day(said["deadline"])}
    ways = [
        _(
            "Or reply to this message. If its first line is TAKEN, NOT OURS, TOO OLD or ANSWERED, that is "
            "your answer; a person reads everything else."
        )
    ]
    if page:
        ways.insert(0, _("Answer on this page: %(page)s") % {"page": page})
    return "\n".join(
        [asked, *ways, _("Without an answer by then, the notice may go to who stands above you.")]
    )


def _day(moment: str) -> str:
    when = datetime.fromisoformat(moment)
    return in_letters(when, "j F Y, H:i") + " UTC"
