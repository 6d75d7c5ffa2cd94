from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Registers the tables that no one may rewrite."""

    name = "fairnotice.cases"
    label = "cases"

    def ready(self) -> None:
        from fairnotice.cases import guards
        from fairnotice.cases.actions import by_two, export

        guards.register()
        export.register()
        by_two.register()
