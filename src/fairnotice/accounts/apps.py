from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts of staff, with roles."""

    name = "fairnotice.accounts"
    label = "accounts"
