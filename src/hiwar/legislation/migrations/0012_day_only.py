"""Links and files of comments, and what the log said of strangers, tell the day alone."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.db import migrations

from hiwar.common.dates import start_of_day
from hiwar.common.files.storage import storage

BY_LINK, SENT = "legislation.comment", "legislation.comment_file"
# What the log told of authors, who have no account.
OF_AUTHORS = ("legislation.comment.send", "legislation.comment.attach", "legislation.comment.detach")


def coarsen(apps: Any, editor: Any) -> None:
    """Keep the day of what authors did, and nothing finer."""
    for model, field, rows in (
        ("PrivateLink", "made_at", {"purpose": BY_LINK}),
        ("StoredFile", "made_at", {"kind": SENT}),
    ):
        _to_the_day(apps.get_model("common", model).objects.filter(**rows), field)
    for file in apps.get_model("common", "StoredFile").objects.filter(kind=SENT).iterator():
        written_at = (file.made_at + timedelta(days=1)).timestamp()
        with suppress(FileNotFoundError):
            os.utime(storage().place(file.pk), (written_at, written_at))
    files = apps.get_model("legislation", "CommentFile").objects.filter(added_by=None)
    _to_the_day(files, "added_at")
    entries = apps.get_model("common", "AuditEntry").objects.filter(actor="system")
    keys = list(entries.filter(verb__in=OF_AUTHORS).values_list("pk", flat=True))
    stored = entries.filter(verb__startswith="common.storedfile.")
    keys += [row.pk for row in stored.iterator() if SENT in str(row.changed.get("kind", ""))]
    with editor.connection.cursor() as cursor:
        for key in keys:
            cursor.execute("DELETE FROM common_auditentry WHERE id = %s", [key])


def _to_the_day(rows: Any, field: str) -> None:
    for row in rows.iterator():
        setattr(row, field, start_of_day(getattr(row, field)))
        row.save(update_fields=[field])


class Migration(migrations.Migration):
    dependencies = [  # noqa: RUF012 -- Django reads a list
        ("common", "0005_house_export"),
        ("legislation", "0011_comment_files"),
    ]
    operations = [migrations.RunPython(coarsen, migrations.RunPython.noop)]  # noqa: RUF012
