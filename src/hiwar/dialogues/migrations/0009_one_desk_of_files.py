"""Files of dialogues become runs of the one desk of files, and can still be undone.

What was only looked at is dropped, as a day without a decision drops it. What undoing needs is
sealed on the way, and opened again on the way back.
"""

from __future__ import annotations

import json
import uuid
import zlib
from datetime import timedelta
from typing import Any

from django.db import migrations

from hiwar.common.crypto import seal, unseal
from hiwar.common.dates import local_day

KIND = "dialogues.file"
KEPT = timedelta(days=365)


def to_runs(apps: Any, _editor: Any) -> None:
    ImportRun = apps.get_model("common", "ImportRun")
    Batch = apps.get_model("dialogues", "ImportBatch")
    Check = apps.get_model("dialogues", "FormCheck")
    people = set(apps.get_model("dialogues", "Participant").objects.values_list("pk", flat=True))
    for batch in Batch.objects.exclude(state="preview").order_by("pk").iterator():
        counts = {name: n for name, n in batch.counts.items() if isinstance(n, int)}
        done = batch.done_at or batch.made_at
        run = ImportRun.objects.create(
            pk=batch.pk,
            kind=KIND,
            subject=batch.dialogue_id,
            state=batch.state,
            files=[{"part": "file", "name": batch.file_name, "sha256": batch.sha256}],
            options={"kind": batch.kind},
            counts={**counts, "lines": counts.get("rows", 0), "problems": {}, "listed": 0},
            journal=_sealed(batch),
            made_by=f"accounts.user:{batch.made_by_id}" if batch.made_by_id else "",
            made_at=batch.made_at,
            done_at=batch.done_at,
            purge_on=local_day(done + KEPT),
        )
        apps.get_model("dialogues", "MessageInQueue").objects.filter(batch=batch).update(run=run)
        for check in batch.counts.get("checks", ()):
            if int(check["participant"]) in people:
                Check.objects.create(
                    run=run, dialogue_id=batch.dialogue_id, form=check["form"][:60],
                    participant_id=int(check["participant"]), result=check["result"],
                    checked_by=check["by"], checked_at=check["at"] or None,
                )  # fmt: skip
    apps.get_model("dialogues", "MessageInQueue").objects.filter(
        batch__state="preview"
    ).update(batch=None)


def to_batches(apps: Any, _editor: Any) -> None:
    ImportRun = apps.get_model("common", "ImportRun")
    Message = apps.get_model("dialogues", "MessageInQueue")
    runs = ImportRun.objects.filter(kind=KIND)
    for run in runs.filter(state__in=("done", "undone")).order_by("pk"):
        checks = apps.get_model("dialogues", "FormCheck").objects.filter(run=run)
        key = run.made_by.partition(":")[2]
        batch = apps.get_model("dialogues", "ImportBatch").objects.create(
            pk=run.pk,
            dialogue_id=run.subject,
            kind=run.options.get("kind", "votes"),
            state=run.state,
            file_name=run.files[0]["name"],
            sha256=run.files[0]["sha256"],
            content=b"",
            counts={
                **{name: n for name, n in run.counts.items() if isinstance(n, int)},
                **({"checks": [_told(check) for check in checks]} if checks else {}),
            },
            before=_opened(run),
            made_by_id=uuid.UUID(key) if key else None,
            made_at=run.made_at,
            done_at=run.done_at,
        )
        Message.objects.filter(run=run).update(batch=batch)
    Message.objects.update(run=None)
    apps.get_model("dialogues", "FormCheck").objects.all().delete()
    # Rooms that point at runs of other kinds may be further back already: none of them is asked.
    runs._raw_delete(runs.db)


def _told(check: Any) -> dict[str, str]:
    at = check.checked_at.isoformat() if check.checked_at else ""
    told = {"form": check.form, "participant": str(check.participant_id)}
    return {**told, "result": check.result, "by": check.checked_by, "at": at}


def _context(key: uuid.UUID) -> str:
    return f"common.importrun:{key}:journal"


def _sealed(batch: Any) -> bytes:
    if batch.before is None or batch.state != "done":
        return b""
    try:
        plain = zlib.decompress(bytes(batch.before))
        json.loads(plain)
    except (zlib.error, ValueError):
        return b""
    return seal(zlib.compress(plain), _context(batch.pk))


def _opened(run: Any) -> bytes | None:
    return unseal(bytes(run.journal), _context(run.pk)) if run.journal else None


class Migration(migrations.Migration):
    dependencies = [("dialogues", "0008_form_checks")]

    operations = [migrations.RunPython(to_runs, to_batches)]
