"""What `fairnotice check` says of people who are to be reached: those on duty, and people of trust."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from django.conf import settings

from fairnotice.site.check_out import words_of
from fairnotice.site.findings import Finding, setting


def on_duty() -> Iterator[Finding]:
    """Whether anybody is called when somebody says that a life is in danger (DSA article 18)."""
    from fairnotice.cases.carrying_out import hooks
    from fairnotice.cases.drafts import check_email
    from fairnotice.law.emergencies import EVENT

    people, command = settings.FN_EMERGENCY_CONTACTS, settings.FN_EMERGENCY_COMMAND
    if not people and not command and not any(EVENT in hook.events for hook in hooks()):
        yield setting(
            "emergency_contacts",
            "Nobody is called when somebody says that a life is in danger (article 18): nobody is named.",
        )
    for place, address in enumerate(people, 1):
        if not check_email(address):
            yield setting("emergency_contacts", f"Address {place} of the people on duty is none.", "error")
    if people and settings.FN_MAIL["adapter"] == "console":
        yield setting("emergency_contacts", "People on duty are named, but no letter leaves this machine.")
    if len(people) == 1:
        yield setting(
            "emergency_contacts", "Only one person is on duty: where they do not answer, nobody is called."
        )
    words = words_of(command)
    if command and (not words or shutil.which(words[0]) is None):
        yield setting("emergency_command", "The program for alerts cannot be started.", "error")
