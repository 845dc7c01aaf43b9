"""Links point down to a private link; what they held stays until it is moved."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("common", "0004_private_links"),
        ("visits", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            "sharelink",
            "private_link",
            models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="common.privatelink",
            ),
        ),
        migrations.AlterField("sharelink", "digest", models.CharField(max_length=64, null=True, unique=True)),
        migrations.AlterField("sharelink", "ends_on", models.DateField(null=True)),
        migrations.AlterField("sharelink", "made_at", models.DateTimeField(null=True)),
    ]
