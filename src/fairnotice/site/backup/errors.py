"""Why a backup is not made or not put back. Messages are about files, never about anybody in them."""

from __future__ import annotations


class BackupRefused(Exception):
    """Nothing was made, or nothing put back; the message says why and what to do."""
