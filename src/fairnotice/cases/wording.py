"""The body of a statement in plain words: one wording for the page, the letter and the printout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fairnotice.law.enums import AUTOMATED_DECISION, SOURCE_TYPES, TERRITORIES
from fairnotice.law.measures import MEASURES
from fairnotice.law.taxonomy import CATEGORIES


@dataclass(frozen=True)
class Section:
    """A heading and its paragraphs. `slug` names the section for a page's styles and tests."""

    slug: str
    title: str
    lines: tuple[str, ...]


def in_words(body: dict[str, Any]) -> list[Section]:
    """Every section of a statement, a decision with redress, or an answer to an appeal; empty ones are left
    out."""
    make = _answer if body["title"] == "answer" else _decision
    return [section for section in make(body) if any(section.lines)]


def measure_words(measure: dict[str, Any]) -> str:
    """One measure with its time: "Removal of content, from 1 May 2026, reviewed on 1 November 2026"."""
    kind = MEASURES[measure["kind"]]
    words = [_(kind.label) if not measure["other_text"] else f"{_(kind.label)}: {measure['other_text']}"]
    if measure["kind"] != "NO_ACTION":
        words.append(_("from %(day)s") % {"day": _day(measure["start"])})
        if measure["end"]:
            words.append(_("until %(day)s") % {"day": _day(measure["end"])})
        if measure["review"]:
            words.append(_("looked at again on %(day)s") % {"day": _day(measure["review"])})
    return ", ".join(words)


def _decision(body: dict[str, Any]) -> Iterator[Section]:
    def section(slug: str, title: str, *lines: str) -> Section:
        return Section(slug, title, tuple(line for line in lines if line))

    yield section("about", _("What this is about"), body.get("location", ""))
    yield section(
        "decision",
        _("What was decided"),
        _("Decision %(ref)s of %(day)s") % {"ref": body["decision"], "day": _day(body["date"])},
        *[measure_words(m) for m in body["measures"]],
        _scope(body),
    )
    if body.get("before"):
        yield section(
            "before",
            _("What ends"),
            _("This decision takes the place of an earlier one. With it, this measure is undone:")
            if body["no_action"]
            else _("This decision takes the place of an earlier one. Once it applies, this is undone:"),
            *[measure_words(m) for m in body["before"]],
        )
    if body.get("paraphrase_withheld"):
        yield section(
            "alleged", _("What was said about it"), _("This is not repeated here, to keep somebody safe.")
        )
    else:
        yield section("alleged", _("What was said about it"), body.get("paraphrase", ""))
    yield section("facts", _("The facts"), body.get("facts", ""))
    yield section("ground", _("The ground"), *_ground(body))
    yield section("explanation", _("Why"), body["explanation"])
    yield section("necessity", _("Why this measure"), body.get("necessity", ""), body.get("milder", ""))
    yield section(
        "undo",
        _("Whether it can be undone"),
        *[_undo(m) for m in body["measures"]],
    )
    yield section("origin", _("How this came about"), *_origin(body))
    yield section("redress", _("What you can do"), *_redress(body))


def _undo(measure: dict[str, Any]) -> str:
    if not measure["how_to_reverse"]:  # "no action"
        return ""
    words = {"how": measure["how_to_reverse"]}
    if measure["reversible"]:
        return _("It can be undone: %(how)s") % words
    return _("It cannot be undone, or not fully: %(how)s") % words


def _scope(body: dict[str, Any]) -> str:
    if body["no_action"] or "territorial_scope" not in body:
        return ""
    names = [_(TERRITORIES.get(code, code)) for code in body["territorial_scope"]]
    return _("It applies in: %(places)s") % {"places": ", ".join(names) if names else _("everywhere")}


def _ground(body: dict[str, Any]) -> Iterator[str]:
    yield (
        _("The law: %(text)s") % {"text": body["ground_text"]}
        if body["ground_kind"] == "law"
        else _("Our published rules: %(text)s") % {"text": body["ground_text"]}
    )
    if body["clause"]:
        yield body["clause"]["text"]
    yield body["ground_url"]
    yield _("Category: %(name)s") % {"name": _(CATEGORIES.get(body["category"], body["category"]))}


def _origin(body: dict[str, Any]) -> Iterator[str]:
    yield _(SOURCE_TYPES.get(body["source_type"], body["source_type"]))
    yield (
        _("The item was found with automated means.")
        if body["automated_detection"]
        else _("The item was not found by automated means.")
    )
    yield _("The decision was made by a person. Automation: %(how)s") % {
        "how": _(AUTOMATED_DECISION.get(body["automated_decision"], body["automated_decision"]))
    }
    if body.get("not_independently_reviewed"):
        yield _("No second person has looked at this decision yet.")


def _redress(body: dict[str, Any]) -> Iterator[str]:
    yield _(
        "You can appeal free of charge, with your code, for at least %(months)s months from the day you were "
        "told. Somebody who had no part in this decision will answer."
    ) % {"months": body["appeal_months"]}
    yield from _disputes(body)


def _disputes(body: dict[str, Any]) -> Iterator[str]:
    if body["dispute_bodies"]:
        yield _("You can turn to a certified dispute settlement body: %(names)s") % {
            "names": "; ".join(body["dispute_bodies"])
        }
    yield _("You can go to court at any time.")


OUTCOMES = {
    "upheld": gettext_noop("The decision stands."),
    "partly_reversed": gettext_noop("The decision was partly reversed."),
    "reversed": gettext_noop("The decision was reversed."),
}
CHANGES = {
    "keep": gettext_noop("stays as it is"),
    "reverse": gettext_noop("is undone"),
    "shorten": gettext_noop("ends earlier"),
    "replace": gettext_noop("is replaced by a milder measure"),
}


def _answer(body: dict[str, Any]) -> Iterator[Section]:
    who = _("the affected party") if body["side"] == "affected" else _("a notifier")
    yield Section(
        "outcome",
        _("Answer to the appeal"),
        (
            _("Decision %(ref)s; answered on %(day)s. The appeal was made by %(who)s.")
            % {"ref": body["decision"], "day": _day(body["date"]), "who": who},
            _(OUTCOMES[body["outcome"]]),
        ),
    )
    yield Section("changes", _("What changes"), tuple(_change(c) for c in body["changes"]))
    yield Section("reasons", _("Why"), (body["reasons"],))
    put = [c["replacement"] for c in body["changes"] if c["replacement"]]
    yield Section("undo", _("Whether it can be undone"), tuple(_undo(measure) for measure in put))
    yield Section("redress", _("What you can do"), tuple(_disputes(body)))


def _change(change: dict[str, Any]) -> str:
    words = f"{measure_words(change['measure'])}: {_(CHANGES[change['change']])}"
    if change["new_end"]:
        words += " (" + _("until %(day)s") % {"day": _day(change["new_end"])} + ")"
    if change["replacement"]:
        words += ": " + measure_words(change["replacement"])
    return words


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "j F Y")
