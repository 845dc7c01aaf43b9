"""Links to the feedback form tell that they were used, and not when."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.models import F


def forget_hours(apps: Any, _editor: Any) -> None:
    """Mark used links with the time at which they were made."""
    links = apps.get_model("common", "PrivateLink").objects.filter(purpose="visits.feedback")
    links.exclude(used_at=None).update(used_at=F("made_at"))


class Migration(migrations.Migration):
    dependencies = [  # noqa: RUF012 -- Django reads a list
        ("common", "0005_house_export"),
        ("visits", "0004_packs_only_in_the_store"),
    ]
    operations = [migrations.RunPython(forget_hours, migrations.RunPython.noop)]  # noqa: RUF012
