"""Digest, last day and state of every link move to a private link: addresses go on opening."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import migrations

if TYPE_CHECKING:
    from typing import Any

MOVED = ("digest", "ends_on", "made_at", "withdrawn_at", "used_at")


def forwards(apps: Any, schema_editor: Any) -> None:
    del schema_editor
    private_link = apps.get_model("common", "PrivateLink")
    for row in apps.get_model("visits", "ShareLink").objects.all():
        row.private_link = private_link.objects.create(
            purpose=f"visits.{row.kind}", **{name: getattr(row, name) for name in MOVED}
        )
        row.save(update_fields=["private_link"])


def backwards(apps: Any, schema_editor: Any) -> None:
    # Deleting as models do would ask rooms whose way back is done already.
    private_links = apps.get_model("common", "PrivateLink").objects
    for row in apps.get_model("visits", "ShareLink").objects.select_related("private_link"):
        link, row.private_link = row.private_link, None
        for name in MOVED:
            setattr(row, name, getattr(link, name))
        row.save()
        private_links.filter(pk=link.pk)._raw_delete(schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("visits", "0002_private_links")]

    operations = [migrations.RunPython(forwards, backwards)]
