"""Keys that count would tell in which order people voted; from now on they are random."""

from django.db import migrations

from hiwar.common.crypto import RandomKeyField


class Migration(migrations.Migration):
    dependencies = [("dialogues", "0001_initial")]

    operations = [
        migrations.AlterField(model, "id", RandomKeyField())
        for model in ("participant", "exposure", "support", "vote")
    ]
