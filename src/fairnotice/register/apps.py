from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """Pages only; the tables are those of `cases`."""

    name = "fairnotice.register"
    label = "register"
