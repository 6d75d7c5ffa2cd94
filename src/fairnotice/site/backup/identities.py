"""The secret half of what backups are made for: read from a file that the operator keeps elsewhere."""

from __future__ import annotations

from pathlib import Path

from pyrage import IdentityError, x25519

from fairnotice.site.backup.errors import BackupRefused

_MOST = 100_000


def read(paths: list[Path]) -> list[x25519.Identity]:
    """The identities in files as age-keygen writes them: one on a line, beside comments. Raises
    BackupRefused, which never quotes a line, and OSError."""
    found = []
    for path in paths:
        with path.open("rb") as file:
            text = file.read(_MOST).decode("ascii", "replace")
        for number, line in enumerate(text.splitlines(), 1):
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            try:
                found.append(x25519.Identity.from_str(line.strip()))
            except IdentityError:
                raise BackupRefused(
                    f"{path}, line {number}: no secret key of age (a line that begins with AGE-SECRET-KEY-1)."
                ) from None
    if not found:
        raise BackupRefused("There is no secret key in the identity file.")
    return found
