from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """No models: what is to be sent stands in the ledger's outbox."""

    name = "fairnotice.delivery"
    label = "delivery"
