"""Who at this service a notice is about, as far as its notifier says: a role, or a person of trust."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fairnotice.cases.models import CaseInvolved, InvolvedContact, Notice
from fairnotice.cases.people import trusted_accounts, with_role
from fairnotice.cases.permissions import APPEALS, ROLE_WORDS, SENIOR

ROLE, PERSON = "role:", "person:"


def choices() -> list[tuple[str, str]]:
    """What a notifier can choose: (value, words). People of trust first, by their task and without a name."""
    people = InvolvedContact.objects.filter(ended_at__isnull=True)
    named = [(f"{PERSON}{row.ref}", row.label) for row in people]
    return named + [(f"{ROLE}{role}", _(words)) for role, words in ROLE_WORDS.items()]


def known(value: str) -> bool:
    """Whether a notifier could have chosen this."""
    return not value or value in {choice for choice, _words in choices()}


def words(value: str) -> str:
    """A choice in words; "" for none, or for one that is not there any more."""
    kind, _sep, rest = value.partition(":")
    if f"{kind}:" == ROLE:
        return _(ROLE_WORDS[rest]) if rest in ROLE_WORDS else ""
    return InvolvedContact.objects.filter(ref=rest).values_list("label", flat=True).first() or ""


def accounts(value: str) -> set[int]:
    """The accounts that a choice names."""
    kind, _sep, rest = value.partition(":")
    if f"{kind}:" == ROLE:
        return with_role(rest)
    rows = InvolvedContact.objects.filter(ref=rest, user__isnull=False, ended_at__isnull=True)
    return set(rows.values_list("user_id", flat=True))


def keep_out(notice: Notice) -> None:
    """Whoever the notifier names sees nothing of any case of this notice, from the first moment."""
    kept_out = accounts(notice.involved_role)
    for item in notice.items.select_related("case"):
        for user_id in kept_out:
            if item.case is not None:
                CaseInvolved.objects.update_or_create(
                    case=item.case, user_id=user_id, defaults={"kind": "involved"}
                )


def somebody_left(notice: Notice) -> bool:
    """Whether there is an account left that sees this notice about the staff."""
    named = set(trusted_accounts().values_list("user_id", flat=True))
    able = named or with_role(SENIOR) | with_role(APPEALS)
    out = CaseInvolved.objects.filter(case__items__notice=notice, kind="involved")
    return bool(able - set(out.values_list("user_id", flat=True)))


def outside() -> list[InvolvedContact]:
    """Organisations outside that look after such notices."""
    return list(InvolvedContact.objects.filter(ended_at__isnull=True, user__isnull=True))
