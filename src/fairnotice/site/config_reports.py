"""What can be wrong in the settings about the statements database and the scheduled reports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from fairnotice.site.config_urls import safe

_CREDENTIAL = re.compile(r"credential:[A-Za-z0-9._-]{1,255}")
#: As long as a mail server keeps to RFC 5321, 4.5.3.1.3; the rest is its business.
_MAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")


def faults(send: bool, url: str, database: str, token_file: str, since: str) -> Iterator[str]:
    """Every fault of the settings about the statements database, as a sentence."""
    if database not in ("production", "sandbox"):
        yield f"'statements_database' is 'production' or 'sandbox', not {database!r}"
    if url and not safe(url):
        yield "'statements_url' is an https address without a question mark (http on this machine alone)"
    if token_file.startswith("credential:") and not _CREDENTIAL.fullmatch(token_file):
        yield "'statements_token_file': 'credential:' is followed by the name of a credential"
    try:
        _day = date.fromisoformat(since) if since else None
    except ValueError:
        yield f"'statements_since' is a day such as 2026-01-31, not {since!r}"
    if send and not (url and token_file):
        yield "'statements_send' needs 'statements_url' and 'statements_token_file'"


def mail_faults(addresses: list[str], per_hour: int) -> Iterator[str]:
    """The same of the scheduled reports."""
    if not all(isinstance(one, str) and _MAIL.fullmatch(one) for one in addresses):
        yield "'operator_report_mail' is a list of e-mail addresses of yours"
    if not 0 <= per_hour <= 10_000:
        yield "'subscriptions_per_hour' is 0 to 10000, 0 for no subscribing by mail"
