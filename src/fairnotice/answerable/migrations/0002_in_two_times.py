"""The register gets its second time: what it says, since when. Nothing that is known already gets lost: it
counts as recorded at the moment of this migration, since nobody knows better."""

from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from fairnotice.answerable.resources import Target, unpack
from fairnotice.answerable.spans import span_of


def fill(apps: Any, schema_editor: Any) -> None:
    def rows(name: str) -> Any:
        return apps.get_model("answerable", name).objects.order_by("pk")

    now = django.utils.timezone.now()
    version, mark = apps.get_model("answerable", "OrganisationVersion"), apps.get_model("answerable", "ContactMark")
    version.objects.bulk_create(
        (
            version(
                organisation_id=row.pk, name=row.name, country=row.country, url=row.url, source=row.source or "csv",
                recorded_from=now,
            )
            for row in rows("Organisation").iterator()
        ),
        batch_size=500,
    )
    mark.objects.bulk_create(
        (
            mark(contact_id=row.pk, works=not row.known_bad, at=row.verified_at or now)
            for row in rows("Contact").iterator()
            if row.known_bad or row.verified_at
        ),
        batch_size=500,
    )
    for row in rows("Delegation").select_related("resource").iterator():
        held = row.resource
        if held.kind == "ip":
            target = Target("ip", unpack(held.ip_start), unpack(held.ip_end))
        elif held.kind == "as":
            target = Target("as", held.as_start, held.as_end)
        else:
            target = Target(held.kind, name=held.name)
        span = span_of(target)
        # The number of a row is what its children name as their parent.
        parent = row.parent if row.from_org_id and row.parent != row.pk else None
        type(row).objects.filter(pk=row.pk).update(series=row.pk, low=span.low, high=span.high, parent=parent)
    if rows("Delegation").exists():
        apps.get_model("answerable", "Change").objects.create(what="bulk")


class Migration(migrations.Migration):

    dependencies = [
        ('answerable', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('delegation', 'Delegation'), ('organisation', 'Organisation'), ('contact', 'Contact'), ('mark', 'Mark'), ('bulk', 'Bulk')], max_length=16)),
                ('ref', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='ContactMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('works', models.BooleanField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='OrganisationVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_from', models.DateTimeField()),
                ('recorded_until', models.DateTimeField(blank=True, null=True)),
                ('name', models.CharField(max_length=200)),
                ('country', models.CharField(blank=True, default='', max_length=2)),
                ('url', models.CharField(blank=True, default='', max_length=300)),
                ('source', models.CharField(max_length=64)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='contact',
            name='recorded_from',
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='contact',
            name='recorded_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='contact',
            name='source',
            field=models.CharField(default='csv', max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='delegation',
            name='answer_hours',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='delegation',
            name='high',
            field=models.BinaryField(default=b'', max_length=257),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='delegation',
            name='low',
            field=models.BinaryField(default=b'', max_length=256),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='delegation',
            name='recorded_from',
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='delegation',
            name='recorded_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='delegation',
            name='series',
            field=models.BigIntegerField(db_index=True, default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='delegation',
            name='shared',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='organisation',
            name='basis',
            field=models.CharField(choices=[('registry', 'public in a registry'), ('agreed', 'agreed to be listed')], default='registry', max_length=8),
        ),
        migrations.AlterField(
            model_name='contact',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='answerable.organisation'),
        ),
        migrations.AlterField(
            model_name='contact',
            name='resource',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='answerable.resource'),
        ),
        migrations.AlterField(
            model_name='delegation',
            name='parent',
            field=models.BigIntegerField(blank=True, db_index=True, null=True),
        ),
        migrations.AddField(
            model_name='contactmark',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='answerable.contact'),
        ),
        migrations.AddField(
            model_name='organisationversion',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='answerable.organisation'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
