"""What moved to private links goes."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0003_move_links_to_private_links"),
    ]

    operations = [
        migrations.AlterField(
            "sharelink",
            "private_link",
            models.OneToOneField(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="common.privatelink",
            ),
        ),
        migrations.RemoveField("sharelink", "digest"),
        migrations.RemoveField("sharelink", "ends_on"),
        migrations.RemoveField("sharelink", "made_at"),
        migrations.RemoveField("sharelink", "withdrawn_at"),
        migrations.RemoveField("sharelink", "used_at"),
    ]
