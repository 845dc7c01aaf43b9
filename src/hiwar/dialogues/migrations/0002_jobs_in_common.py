import datetime

from django.db import migrations, models

# The way back fills the column, which had no default, with a day that tells nothing.
SOME_DAY = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
QUEUE = ("asked_at", "error", "failures", "lease_until", "progress", "worker")


class Migration(migrations.Migration):

    dependencies = [
        ("dialogues", "0001_initial"),
    ]

    operations = [
        migrations.AlterField("maprequest", "asked_at", models.DateTimeField(default=SOME_DAY)),
        *[migrations.RemoveField("maprequest", name) for name in QUEUE],
    ]
