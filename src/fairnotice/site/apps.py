from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Pages, settings and the command line: the only place that knows everybody."""

    name = "fairnotice.site"
    label = "site"
