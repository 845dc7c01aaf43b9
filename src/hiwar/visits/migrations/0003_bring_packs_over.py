"""The bytes of printed packs go to the store of files, sealed, and back."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from hiwar.common.files.moving import into_store, out_of_store


def bring_over(apps: Any, _editor: Any) -> None:
    files = apps.get_model("visits", "PackFile").objects.filter(file=None)
    for row in files.select_related("build__visit").order_by("pk").iterator():
        build = row.build
        name = f"{build.visit.code}-v{build.version}-{row.variant}-{row.language}.pdf"
        row.file = into_store(
            apps, kind="visits.pack", name=name, content=bytes(row.content), at=row.made_at,
            is_sealed=True,
        )  # fmt: skip
        row.save(update_fields=["file"])


def bring_back(apps: Any, _editor: Any) -> None:
    files = apps.get_model("visits", "PackFile").objects.exclude(file=None)
    for row in files.select_related("file").order_by("pk").iterator():
        row.content, file, row.file = out_of_store(row.file), row.file, None
        row.size = len(row.content)
        row.save(update_fields=["content", "size", "file"])
        file._meta.model.objects.filter(pk=file.pk)._raw_delete("default")


class Migration(migrations.Migration):
    # Bytes are put beside any transaction; what was brought over already is passed over.
    atomic = False
    dependencies = [("visits", "0002_packs_in_the_store")]

    operations = [migrations.RunPython(bring_over, bring_back)]
