"""The doors in: the public form, the JSON API, files. Each turns what it gets into one shape of draft."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "fairnotice.intake"
    label = "intake"

    def ready(self) -> None:
        from fairnotice.intake.fediverse import readers
        from fairnotice.intake.reading import READERS

        READERS.update(
            mastodon=readers.read_mastodon, discourse=readers.read_discourse, flag=readers.read_flag
        )
