from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("common", "0003_stored_files"), ("dossiers", "0005_remove_signing")]

    operations = [
        migrations.AddField(
            model_name="jointprint",
            name="file",
            field=models.OneToOneField(
                editable=False, null=True, on_delete=django.db.models.deletion.PROTECT,
                related_name="+", to="common.storedfile",
            ),
        ),
    ]  # fmt: skip
