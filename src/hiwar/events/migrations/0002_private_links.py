"""Invitations and calendars get a private link; their secrets stay until they are moved."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


def link() -> models.OneToOneField:
    return models.OneToOneField(
        editable=False,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="common.privatelink",
    )


def secret() -> models.CharField:
    return models.CharField(editable=False, max_length=40, null=True, unique=True)


class Migration(migrations.Migration):
    dependencies = [
        ("common", "0004_private_links"),
        ("events", "0001_initial"),
    ]

    operations = [
        migrations.AddField("invitation", "private_link", link()),
        migrations.AddField("calendarfeed", "private_link", link()),
        migrations.AlterField("invitation", "secret", secret()),
        migrations.AlterField("calendarfeed", "secret", secret()),
    ]
