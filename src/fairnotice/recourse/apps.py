from django.apps import AppConfig


class RecourseConfig(AppConfig):
    name = "fairnotice.recourse"
    label = "recourse"
