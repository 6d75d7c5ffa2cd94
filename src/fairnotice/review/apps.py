"""The desk. Its pages only read through queries and write through actions; it has no tables of its own."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "fairnotice.review"
    label = "review"
