from typing import Any

from django.apps import AppConfig
from django.db.models.signals import pre_save


class AccountsConfig(AppConfig):
    """Accounts of staff, with roles."""

    name = "fairnotice.accounts"
    label = "accounts"

    def ready(self) -> None:
        """allauth notes the moment in which a second factor was last used; we keep no record of that."""
        pre_save.connect(_keep_no_time, sender="mfa.Authenticator", dispatch_uid="fairnotice.accounts")


def _keep_no_time(instance: Any, **more: Any) -> None:
    instance.last_used_at = None
