"""All that is held about the person with the code, as a file to read and keep (GDPR articles 15 and 20).

It is put together from what stands behind this one code and never shows anybody else: no other notifier, no
reviewer, not even one's own name and address in full, because a code can fall into other hands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fairnotice.cases import sealed, wording
from fairnotice.cases.actions import own_data
from fairnotice.cases.models import AccessCode, Appeal, Case, Correction, Notice, Statement
from fairnotice.cases.queries import forwards, recourse, retention
from fairnotice.law.doors import DOORS
from fairnotice.law.problems import PROBLEM_BY_SLUG
from fairnotice.law.retention import GROUNDS, REASONS_TO_KEEP, REQUESTS, RULES

Line = tuple[str, str]


@dataclass(frozen=True)
class Part:
    """A heading and what stands under it: names with their values."""

    title: str
    lines: list[Line]


def parts_of(access: AccessCode) -> list[Part]:
    """Everything, in the order in which it came about; parts without content are left out."""
    if access.notice is not None:
        found = [*_report(access, access.notice), *_corrections(access.notice), *_passed_on(access)]
    else:
        found = [_case(access)]
    found += [
        *_told(access),
        *_appeals(access),
        *_requests(access),
        _erased(access),
        _kept(access),
        _rights(),
    ]
    return [part for part in found if part.lines]


def as_text(parts: Iterable[Part]) -> str:
    """To be read by anybody, in any program."""
    blocks = []
    for part in parts:
        lines = [f"{name}: {value}" if name else value for name, value in part.lines]
        blocks.append("\n".join([part.title, "=" * len(part.title), *lines]))
    return "\n\n".join(blocks) + "\n"


def as_json(parts: Iterable[Part]) -> dict[str, Any]:
    """The same for programs."""
    rows = [
        {"title": part.title, "lines": [{"name": name, "value": value} for name, value in part.lines]}
        for part in parts
    ]
    return {"format": "fair-notice/own-data/1", "made": timezone.now().isoformat(), "parts": rows}


def _report(access: AccessCode, notice: Notice) -> Iterator[Part]:
    problem = PROBLEM_BY_SLUG.get(notice.problem)
    words = recourse.own_words(access)
    lines = [
        (_("Reference"), notice.ref),
        (_("Came in on"), _day(notice.received_at)),
        (_("Came in by"), _(DOORS.get(notice.door, notice.door))),
        ("", _("You took it back.") if notice.state == "withdrawn" else ""),
        (_("Kind of problem"), _(problem.label) if problem else notice.problem),
        (_("Language"), notice.language),
        (_("What you wrote"), words["why"]),
        (_("The law you named"), words["law"]),
        (_("You said that you believe it to be accurate"), _yes(notice.good_faith)),
        (_("Somebody at this service is involved, you said"), _yes(notice.staff_involved)),
        (_("Your name"), _given(notice, "name")),
        (_("Your e-mail address"), _given(notice, "email")),
    ]
    for number, item in enumerate(recourse.own_items(access), start=1):
        lines.append((_("Item %(n)s") % {"n": number}, item.location))
        lines.append((_("Your note on item %(n)s") % {"n": number}, item.note))
    report = sealed.read_many("notice", notice.ref, ["report"])["report"]
    lines.append((_("The report as your program sent it"), report))
    yield Part(_("Your report"), _said(lines))
    kept = notice.received.filter(erased_at=None)
    say = _("%(n)s bytes, SHA-256 %(hash)s")
    yield Part(
        _("The message that it came in"),
        [(_day(one.received_at), say % {"n": one.size, "hash": bytes(one.sha256).hex()}) for one in kept],
    )


def _given(notice: Notice, name: str) -> str:
    # A code may have fallen into other hands, so it never shows who somebody is.
    if sealed.exists("notice", notice.ref, name):
        return _("given; it is not shown here, for your protection")
    return _("not given, or erased")


def _corrections(notice: Notice) -> Iterator[Part]:
    rows = Correction.objects.filter(notice=notice)
    lines = [(_day(row.made_at), sealed.read_many("correction", row.ref, ["words"])["words"]) for row in rows]
    yield Part(_("What you added"), _said(lines))


def _passed_on(access: AccessCode) -> Iterator[Part]:
    lines = []
    statuses = forwards.own_forwards(access)
    texts = forwards.answer_texts(statuses)
    for status in statuses:
        if status.dispatched_at is None:
            continue
        consent = getattr(status.forward, "consent", None)
        went = [_("the place and the kind of problem")]
        if consent is not None and consent.with_words:
            went.append(_("what you wrote"))
        if consent is not None and consent.with_contact:
            went.append(_("your name and e-mail address"))
        lines.append((f"{status.forward.organisation}, {_day(status.dispatched_at)}", ", ".join(went)))
        lines += [(_("Their answer"), text) for text in texts.get(status.forward_id, [])]
    yield Part(_("Who was told, because you said so"), lines)


def _case(access: AccessCode) -> Part:
    case, location = recourse.affected_case(access)
    lines = [(_("Reference"), case.ref), (_("It is about"), location)]
    return Part(_("The case about something of yours"), _said(lines))


def _told(access: AccessCode) -> Iterator[Part]:
    for statement in recourse.statements(access):
        body = _body(statement)
        lines: list[Line] = []
        if body is not None:
            for section in wording.in_words(body):
                lines += [(section.title, line) for line in section.lines]
        else:
            lines = [("", _("Its words have been erased."))]
        title = _("What you were told on %(day)s (%(ref)s)")
        yield Part(title % {"day": _day(statement.made_at), "ref": statement.ref}, lines)


def _body(statement: Statement) -> dict[str, Any] | None:
    found: dict[str, Any] | None = recourse.json_of("statement", statement.ref, "body")
    return found


def _appeals(access: AccessCode) -> Iterator[Part]:
    rows: Iterable[Appeal] = recourse.appeals(access).order_by("id")
    lines = []
    for row in rows:
        wrote = sealed.read_many("appeal", row.ref, ["reasons"])["reasons"]
        lines.append((_day(row.received_at), wrote or _("Your words have been erased.")))
    yield Part(_("Your appeals"), lines)


def _requests(access: AccessCode) -> Iterator[Part]:
    lines = []
    for row in own_data.own_requests(access):
        said = [_(REQUESTS[row.state])]
        if row.reason:
            said.append(_(REASONS_TO_KEEP[row.reason]))
        said += sealed.read_many(own_data.OWNER, row.ref, ["words", "answer"]).values()
        lines.append((_day(row.asked_at), "; ".join(text for text in said if text)))
    yield Part(_("What you asked to have erased"), lines)


def _erased(access: AccessCode) -> Part:
    about: Notice | Case | None = access.notice or access.case
    rows = retention.erasures_of(about.ref) if about else []
    lines = []
    for row in rows:
        what = RULES[row.what].what if row.what in RULES else row.what
        lines.append((_day(row.erased_at), f"{_(what)}: {_(GROUNDS[row.ground])}"))
    return Part(_("What has been erased"), lines)


def _kept(access: AccessCode) -> Part:
    kinds = ("contact", "notice", "appeal") if access.notice else ("affected-contact", "case", "appeal")
    days = retention.days()
    say = _("until %(n)s days after this: %(since)s")
    lines = [(_(RULES[kind].what), say % {"n": days[kind], "since": _(RULES[kind].since)}) for kind in kinds]
    return Part(_("How long it is kept"), lines)


def _rights() -> Part:
    lines = [
        (_("Who answers for it"), settings.FN_CONFIG.operator_name),
        (_("How to reach them"), settings.FN_CONFIG.operator_contact),
        (
            _("Why it is held"),
            _("To deal with reports as the law asks, and to show afterwards how it was done."),
        ),
        (_("Where it is from"), _("From you, or from whoever reported, and from what people decided here.")),
        (_("Who gets it"), _("The people who decide here, and those named above. Nobody else.")),
        (_("Decisions by programs"), _("There are none: a person decides.")),
        (
            _("What you can ask for"),
            _(
                "That it is corrected, erased, or kept unused, and a copy like this one. You can complain to "
                "the data protection authority of your country at any time."
            ),
        ),
    ]
    return Part(_("Your rights"), _said(lines))


def _said(lines: Iterable[Line]) -> list[Line]:
    return [(name, value) for name, value in lines if value]


def _day(moment: datetime | date) -> str:
    return date_format(timezone.localdate(moment) if isinstance(moment, datetime) else moment, "j F Y")


def _yes(value: bool | None) -> str:
    return "" if value is None else _("yes") if value else _("no")
