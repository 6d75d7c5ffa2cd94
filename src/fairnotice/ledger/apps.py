"""Django's entry for the ledger."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "fairnotice.ledger"
    label = "ledger"
    verbose_name = _("Ledger and transparency log")

    def ready(self) -> None:
        from fairnotice.ledger import guards

        guards.register()
