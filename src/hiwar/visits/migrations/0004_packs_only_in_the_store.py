from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("visits", "0003_bring_packs_over")]

    operations = [
        migrations.RemoveField(model_name="packfile", name="content"),
        migrations.RemoveField(model_name="packfile", name="size"),
        migrations.AlterField(
            model_name="packfile",
            name="file",
            field=models.OneToOneField(
                editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="common.storedfile",
            ),
        ),
    ]  # fmt: skip
