from django.apps import AppConfig


class ObservatoryConfig(AppConfig):
    """Pages only: there are no tables, the store is a folder of files."""

    name = "fairnotice.observatory.web"
    label = "observatory"
