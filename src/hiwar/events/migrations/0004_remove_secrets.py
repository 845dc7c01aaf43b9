"""No secret in plain text is left."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


def link() -> models.OneToOneField:
    return models.OneToOneField(
        editable=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="common.privatelink",
    )


class Migration(migrations.Migration):
    dependencies = [("events", "0003_move_secrets_to_private_links")]

    operations = [
        migrations.AlterField("invitation", "private_link", link()),
        migrations.AlterField("calendarfeed", "private_link", link()),
        migrations.RemoveField("invitation", "secret"),
        migrations.RemoveField("calendarfeed", "secret"),
        migrations.RemoveField("calendarfeed", "revoked_at"),
        migrations.RemoveField("calendarfeed", "read_at"),
    ]
