"""The doors in: the public form, the JSON API, files. Each turns what it gets into one shape of draft."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "fairnotice.intake"
    label = "intake"
