"""Small pieces that several tables share."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import models

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_ref() -> str:
    """A random reference of 12 characters (60 bits) without look-alikes; it says nothing about order or
    time."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(12))


def ref_field(**kwargs: Any) -> models.CharField[str, str]:
    """The column for `new_ref`."""
    return models.CharField(max_length=12, unique=True, default=new_ref, editable=False, **kwargs)


def event_field() -> models.ForeignKey[Any, Any]:
    """The ledger event that made the row final."""
    return models.ForeignKey("ledger.Event", on_delete=models.PROTECT, related_name="+")


def staff_field(**kwargs: Any) -> models.ForeignKey[Any, Any]:
    """The account that acted."""
    return models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", **kwargs)


def committed(name: str) -> models.Q:
    """A required sealed text: its commitment and a length above zero, which survive an erasure."""
    return models.Q(**{f"{name}_length__gt": 0}) & models.Q(**{f"{name}_commitment__isnull": False})
