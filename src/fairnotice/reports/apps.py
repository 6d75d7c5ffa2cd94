from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Pages only; the tables are those of `cases`."""

    name = "fairnotice.reports"
    label = "reports"
