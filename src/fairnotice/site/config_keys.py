"""Settings about the master key and backups: what cannot be meant so."""

from __future__ import annotations

from collections.abc import Iterator

from pyrage import RecipientError, x25519

from fairnotice.vault import sources


def faults(master_key_file: str, recipients: list[str], keys_days: int) -> Iterator[str]:
    """One sentence for each fault, naming the setting."""
    try:
        sources.parse(master_key_file)
    except ValueError as error:
        yield f"'master_key_file': {error}"
    for number, text in enumerate(recipients, 1):
        # Never quoted: somebody may have put the secret half here.
        if isinstance(text, str) and text.strip().upper().startswith("AGE-SECRET-KEY-"):
            yield (
                f"'backup_recipients': number {number} is a secret key, which must never lie on this "
                "machine. Put the line that begins with age1 here, and make a new key"
            )
        elif not isinstance(text, str) or not is_recipient(text):
            yield (
                f"'backup_recipients': number {number} is no recipient of age: a text that begins with age1, "
                "as age-keygen prints it"
            )
    if not 1 <= keys_days <= 365:
        yield "'keys_backup_days' is a number of days, 1 to 365"


def is_recipient(text: str) -> bool:
    """Whether backups can be made for it: an X25519 recipient of age."""
    try:
        x25519.Recipient.from_str(text)
    except RecipientError:
        return False
    return True
