"""The tables of the keys database."""

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Secret',
            fields=[
                ('name', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('wrapped', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='Key',
            fields=[
                ('id', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('subject', 'subject'), ('record', 'record')], max_length=7)),
                ('wrapped', models.BinaryField(null=True)),
                ('created_at', models.DateTimeField()),
                ('destroyed_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['subject', 'record'])), name='vault_key_kind'), models.CheckConstraint(condition=models.Q(models.Q(('destroyed_at__isnull', False), ('wrapped__isnull', True)), models.Q(('destroyed_at__isnull', True), ('wrapped__isnull', False)), _connector='OR'), name='vault_key_destroyed_is_gone'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'record'), _negated=True), ('destroyed_at__isnull', True), _connector='OR'), name='vault_key_record_is_kept')],
            },
        ),
    ]
