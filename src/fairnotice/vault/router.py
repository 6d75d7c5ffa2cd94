"""Keeps keys and what they open in two database files, so that a copy of one opens nothing."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

KEYS_DATABASE = "keys"
_LABEL = "vault"


class KeysRouter:
    """The vault's tables exist in the database "keys" only; all others nowhere but elsewhere."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        return KEYS_DATABASE if model._meta.app_label == _LABEL else None

    def db_for_write(self, model: type[Model], **hints: Any) -> str | None:
        return KEYS_DATABASE if model._meta.app_label == _LABEL else None

    def allow_relation(self, first: Model, second: Model, **hints: Any) -> bool | None:
        if (first._meta.app_label == _LABEL) != (second._meta.app_label == _LABEL):
            return False
        return None

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return (db == KEYS_DATABASE) == (app_label == _LABEL)
