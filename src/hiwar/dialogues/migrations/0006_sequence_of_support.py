from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Let the later answer to a recommendation stand, in whatever order answers come."""

    dependencies = (("dialogues", "0005_two_moderators"),)

    operations = (
        migrations.AddField(
            model_name="support",
            name="sequence",
            field=models.BigIntegerField(default=0),
        ),
    )
