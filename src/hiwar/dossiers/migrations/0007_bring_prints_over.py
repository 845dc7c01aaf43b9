"""The bytes of printed joint statements go to the store of files, and back."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from hiwar.common.files.moving import into_store, out_of_store


def bring_over(apps: Any, _editor: Any) -> None:
    prints = apps.get_model("dossiers", "JointPrint").objects.filter(file=None)
    for row in prints.exclude(content=b"").select_related("text__statement").order_by("pk"):
        name = f"{row.text.statement.code}-{row.text.number}-{row.language}.pdf"
        row.file = into_store(
            apps, kind="dossiers.print", name=name, content=bytes(row.content),
            at=row.made_at or row.asked_at, is_sealed=False,
        )  # fmt: skip
        row.save(update_fields=["file"])


def bring_back(apps: Any, _editor: Any) -> None:
    prints = apps.get_model("dossiers", "JointPrint").objects.exclude(file=None)
    for row in prints.select_related("file").order_by("pk"):
        row.content, file, row.file = out_of_store(row.file), row.file, None
        row.save(update_fields=["content", "file"])
        file._meta.model.objects.filter(pk=file.pk)._raw_delete("default")


class Migration(migrations.Migration):
    # Bytes are put beside any transaction; what was brought over already is passed over.
    atomic = False
    dependencies = [("dossiers", "0006_prints_in_the_store")]

    operations = [migrations.RunPython(bring_over, bring_back)]
