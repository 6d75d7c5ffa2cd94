"""What a token lets a program do here. A token has one or more of these, and none of them opens the desk."""

from collections.abc import Iterable

from fairnotice.law.words import gettext_noop

NOTICES = "notices"
REPORTS = "reports"
BULK = "bulk"
EFFECTS = "effects"
FORWARDS = "forwards"
WEBHOOKS_IN = "webhooks-in"

# Scope -> what whoever gives it to a program is agreeing to.
SCOPES: dict[str, str] = {
    NOTICES: gettext_noop("send notices under its own entry"),
    REPORTS: gettext_noop("send machine-readable reports (asked for by no door yet)"),
    BULK: gettext_noop("send many notices at once (asked for by no door yet)"),
    EFFECTS: gettext_noop("report that measures were carried out or undone"),
    FORWARDS: gettext_noop("forward notices here, and answer ours"),
    WEBHOOKS_IN: gettext_noop("hand in what another platform tells (asked for by no door yet)"),
}


def in_order(scopes: Iterable[str]) -> list[str]:
    """Each scope once, in the order of SCOPES, unknown ones last: equal sets are equal lists."""
    wanted = set(scopes)
    return [scope for scope in SCOPES if scope in wanted] + sorted(wanted - set(SCOPES))
