# A log for each year. A data folder that has one log already keeps it, under its name and where its files lie:
# it becomes the log of the year of its last event, and is closed like any other when that year is over.

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

#: The row that existing rows are given to, by a default for the time of this migration: an UPDATE would be
#: refused by the triggers of append-only tables.
ONE = 1


def carry_over(apps: Any, schema_editor: Any) -> None:
    log, event = apps.get_model("ledger", "Log"), apps.get_model("ledger", "Event")
    checkpoint, edge = apps.get_model("ledger", "CheckpointRow"), apps.get_model("ledger", "Edge")
    if not (event.objects.exists() or checkpoint.objects.exists() or edge.objects.exists()):
        return
    times = [
        *event.objects.order_by("at").values_list("at", flat=True)[:1],
        *checkpoint.objects.order_by("at").values_list("at", flat=True)[:1],
    ]
    ends = [
        *event.objects.order_by("-at").values_list("at", flat=True)[:1],
        *checkpoint.objects.order_by("-at").values_list("at", flat=True)[:1],
    ]
    now = timezone.now()
    row = log.objects.create(
        origin=settings.FN_ORIGIN,
        year=max(ends, default=now).year,
        place="",
        opened_at=min(times, default=now),
    )
    if row.pk != ONE:
        raise RuntimeError("the new table of logs is not empty")


def _of_a_log(field: tuple[str, Any]) -> migrations.AddField:
    return migrations.AddField(
        model_name=field[0],
        name="log",
        field=field[1],
        preserve_default=False,
    )


class Migration(migrations.Migration):

    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Log",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("origin", models.CharField(max_length=255, unique=True)),
                ("year", models.IntegerField(unique=True)),
                ("place", models.CharField(blank=True, max_length=8, unique=True)),
                ("opened_at", models.DateTimeField()),
                ("frozen_at", models.DateTimeField(blank=True, null=True)),
                ("final_size", models.BigIntegerField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "log",
                "verbose_name_plural": "logs",
                "ordering": ["year"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("origin", ""), _negated=True), name="log_origin_not_empty"),
                    models.CheckConstraint(condition=models.Q(("year__gte", 1970), ("year__lte", 9999)), name="log_year_is_a_year"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("final_size__isnull", True), ("frozen_at__isnull", True)),
                            models.Q(("final_size__gte", 0), ("frozen_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="log_closed_with_its_size",
                    ),
                ],
            },
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        *(
            _of_a_log((model, models.ForeignKey(
                default=ONE, on_delete=django.db.models.deletion.PROTECT, related_name=name, to="ledger.log"
            )))
            for model, name in (("event", "events"), ("logentry", "entries"), ("checkpointrow", "checkpoints"))
        ),
        migrations.RemoveConstraint(model_name="edge", name="edge_single_row"),
        _of_a_log(("edge", models.OneToOneField(
            default=ONE, on_delete=django.db.models.deletion.PROTECT, related_name="edge", to="ledger.log"
        ))),
        migrations.AlterModelOptions(
            name="logentry",
            options={"ordering": ["log", "index"], "verbose_name": "log entry", "verbose_name_plural": "log entries"},
        ),
        migrations.AlterModelOptions(
            name="checkpointrow", options={"ordering": ["log", "size"], "verbose_name": "checkpoint"}
        ),
        migrations.AlterField(model_name="logentry", name="index", field=models.BigIntegerField()),
        migrations.AlterField(model_name="checkpointrow", name="size", field=models.BigIntegerField()),
        migrations.AlterField(
            model_name="logentry",
            name="event",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entry",
                to="ledger.event",
            ),
        ),
        migrations.AddField(model_name="logentry", name="recovered", field=models.BooleanField(default=False)),
        migrations.AddConstraint(
            model_name="logentry",
            constraint=models.UniqueConstraint(fields=("log", "index"), name="logentry_place_taken_once"),
        ),
        migrations.AddConstraint(
            model_name="logentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("event__isnull", False), ("recovered", True), _connector="OR"),
                name="logentry_has_event_or_recovered",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkpointrow",
            constraint=models.UniqueConstraint(fields=("log", "size"), name="checkpoint_size_signed_once"),
        ),
    ]
