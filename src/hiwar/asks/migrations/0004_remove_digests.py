"""What moved to private links goes."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("asks", "0003_move_links_to_private_links"),
    ]

    operations = [
        migrations.AlterField(
            "positionlink",
            "private_link",
            models.OneToOneField(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="common.privatelink",
            ),
        ),
        migrations.RemoveField("positionlink", "digest"),
        migrations.RemoveField("positionlink", "ends_on"),
        migrations.RemoveField("positionlink", "made_at"),
        migrations.RemoveField("positionlink", "withdrawn_at"),
        migrations.RemoveField("positionlink", "used_at"),
    ]
