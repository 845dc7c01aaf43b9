"""Letters about signing point down to a private link."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("common", "0004_private_links"),
        ("dossiers", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            "signingletter",
            "private_link",
            models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="common.privatelink",
            ),
        ),
        migrations.AlterField(
            "signingletter", "digest", models.CharField(max_length=64, null=True, unique=True)
        ),
        migrations.AlterField("signingletter", "ends_on", models.DateField(null=True)),
    ]
