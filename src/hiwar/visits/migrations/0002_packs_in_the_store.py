from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("common", "0003_stored_files"), ("visits", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="packfile",
            name="file",
            field=models.OneToOneField(
                editable=False, null=True, on_delete=django.db.models.deletion.PROTECT,
                related_name="+", to="common.storedfile",
            ),
        ),
        # The way back needs something to begin with.
        migrations.AlterField(
            model_name="packfile",
            name="content",
            field=models.BinaryField(default=bytes, editable=False),
        ),
        migrations.AlterField(
            model_name="packfile",
            name="size",
            field=models.PositiveIntegerField(default=0),
        ),
    ]  # fmt: skip
