"""How far the reports of a service have been asked for."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("cases", "0005_clients"),
    ]

    operations = [
        migrations.CreateModel(
            name='ServiceAsked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('service', models.CharField(max_length=40, unique=True)),
                ('last_report', models.CharField(blank=True, default='', max_length=64)),
                ('asked_at', models.DateTimeField()),
                ('error_code', models.CharField(blank=True, default='', max_length=32)),
            ],
        ),
    ]
