from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnswerableConfig(AppConfig):
    name = "fairnotice.answerable"
    label = "answerable"
    verbose_name = _("Who is answerable")

    def ready(self) -> None:
        from fairnotice.answerable import guards

        guards.register()
