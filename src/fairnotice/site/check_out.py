"""What `fairnotice check` says of where things go: webhooks, and reports that are passed on."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Iterator

from django.conf import settings

from fairnotice.site.findings import Finding, setting


def webhooks() -> Iterator[Finding]:
    """Addresses that nothing is sent to, and secrets that cannot be used."""
    from fairnotice.cases import carrying_out
    from fairnotice.cases.peers import safe_url
    from fairnotice.delivery.webhooks import BadSecret, signed_headers

    for hook in carrying_out.hooks():
        if safe_url(hook.url) is None:
            yield setting(
                "webhooks",
                f"Nothing is sent to {hook.url}: an address is https (http on this machine alone), without "
                "user name, question mark or fragment.",
                "error",
            )
        try:
            if hook.secret_file.stat().st_mode & 0o077:
                yield Finding(
                    "error",
                    f"Other users can read the webhook secret in {hook.secret_file}.",
                    f"Run: chmod 0400 {hook.secret_file}",
                )
            signed_headers("msg", 0, b"", hook.secrets())
        except (OSError, ValueError) as error:
            # The text of a decoding error would repeat a piece of the secret.
            why = str(error) if isinstance(error, BadSecret) else "it cannot be read"
            yield setting("webhooks", f"{hook.secret_file} holds no secret to sign with: {why}", "error")


def passing_on() -> Iterator[Finding]:
    """Where reports about no item go."""
    from fairnotice.cases.drafts import check_email

    to, command = settings.FN_PASS_ON_TO, settings.FN_PASS_ON_COMMAND
    if to and not check_email(to):
        yield setting("pass_on_to", "The mailbox for reports about no item is no e-mail address.", "error")
    if to and to.strip().lower() == str(settings.FN_MAIL["from"]).strip().lower():
        yield setting(
            "pass_on_to",
            "Reports about no item would be sent to the address that letters come from.",
            "error",
        )
    if command:
        words = words_of(command)
        if not words or shutil.which(words[0]) is None:
            yield setting(
                "pass_on_command", "The program for reports about no item cannot be started.", "error"
            )


def statements() -> Iterator[Finding]:
    """The EU database: a token that cannot be used or that others can read, and sending that was stopped."""
    from fairnotice.cases.queries.filings import gate_now
    from fairnotice.delivery.database import client

    if not settings.FN_STATEMENTS["send"]:
        return
    where = str(settings.FN_STATEMENTS["token_file"])
    try:
        client.token()
        path = settings.FN_DATA / where
        if not where.startswith("credential:") and path.stat().st_mode & 0o077:
            yield Finding(
                "error",
                f"Other users can read the token of the EU database in {path}.",
                f"Run: chmod 0400 {path}",
            )
    except client.Misconfigured as wrong:
        yield setting("statements_token_file", str(wrong), "error")
    if gate_now().stopped_for:
        yield Finding(
            "error",
            "The EU database does not take our token, so no statement is sent.",
            "Put the right one into its file, then run: fairnotice statements resume",
        )


def words_of(command: str) -> list[str]:
    """A command as it is started, without a shell; empty where it cannot be read."""
    try:
        return shlex.split(command)
    except ValueError:
        return []
