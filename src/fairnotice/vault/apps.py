"""The vault's place in Django."""

from django.apps import AppConfig

from fairnotice.plumbing import appendonly


class VaultConfig(AppConfig):
    """Keys live in their own database (see `router`), whose backups are short-lived."""

    name = "fairnotice.vault"
    label = "vault"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        appendonly.connect()
