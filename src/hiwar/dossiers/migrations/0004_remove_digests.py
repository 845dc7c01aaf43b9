"""What moved to private links goes."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0003_move_links_to_private_links")]

    operations = [
        migrations.AlterField(
            "signingletter",
            "private_link",
            models.OneToOneField(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="common.privatelink",
            ),
        ),
        migrations.RemoveField("signingletter", "digest"),
        migrations.RemoveField("signingletter", "sealed"),
        migrations.RemoveField("signingletter", "ends_on"),
        migrations.RemoveField("signingletter", "withdrawn_at"),
    ]
