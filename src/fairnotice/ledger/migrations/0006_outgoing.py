from typing import Any

from django.db import migrations, models
from django.db.models import F, Q
from django.utils import timezone

CODES = (
    "refused",
    "deferred",
    "unreachable",
    "timeout",
    "misconfigured",
    "erased",
    "unreadable",
    "lease-expired",
    "internal",
    "cancelled",
    "gone",
)


def due_before(apps: Any, schema_editor: Any) -> None:
    """What was put in earlier has no moment of its own: the nearest that is known is when it was due."""
    apps.get_model("ledger", "OutboxRow").objects.update(queued_at=F("due_at"))


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_leaf_once")]

    operations = [
        migrations.AddField(
            model_name="outboxrow",
            name="queued_at",
            field=models.DateTimeField(default=timezone.now),
        ),
        migrations.RunPython(due_before, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="outboxrow",
            index=models.Index(condition=Q(dead=True), fields=["due_at", "id"], name="outbox_dead"),
        ),
        migrations.RemoveConstraint(model_name="outboxrow", name="outbox_error_code_known"),
        migrations.AddConstraint(
            model_name="outboxrow",
            constraint=models.CheckConstraint(
                condition=Q(error_code="") | Q(error_code__in=CODES), name="outbox_error_code_known"
            ),
        ),
    ]
