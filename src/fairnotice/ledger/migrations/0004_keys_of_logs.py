# Keys of the logs, and when each signs.

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0003_cosignatures'),
    ]

    operations = [
        migrations.CreateModel(
            name='LogKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(max_length=16)),
                ('vkey', models.CharField(max_length=400, unique=True)),
                ('source', models.CharField(max_length=1000)),
                ('since', models.DateTimeField()),
                ('since_size', models.BigIntegerField(default=0)),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('ended', models.CharField(blank=True, default='', max_length=16)),
                ('log', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='keys', to='ledger.log')),
            ],
            options={
                'verbose_name': 'key of a log',
                'verbose_name_plural': 'keys of logs',
                'ordering': ['log', 'purpose', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('purpose__in', ('checkpoint', 'promise'))), name='logkey_purpose_known'), models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='logkey_source_not_empty'), models.CheckConstraint(condition=models.Q(('since_size__gte', 0)), name='logkey_size_not_negative'), models.CheckConstraint(condition=models.Q(models.Q(('ended', ''), ('until__isnull', True)), models.Q(('ended__in', ('rotated', 'lost', 'stolen')), ('until__isnull', False)), _connector='OR'), name='logkey_ends_with_a_reason')],
            },
        ),
    ]
