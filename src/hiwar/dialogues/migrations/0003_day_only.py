"""What was stored with a clock keeps its day and its order within one person."""

from __future__ import annotations

import json
import zlib
from typing import Any

from django.db import migrations

from hiwar.common.dates import start_of_day
from hiwar.common.crypto import make_number

# As `models.sequences` had them when this was written.
CLOCK, COUNTERS, EARLIEST, EPOCH, MILLISECONDS = 10**11, 2**32, 700_000, 719_163, 86_400_000

BULK = 500
DAY = f"({EPOCH} + sequence / {MILLISECONDS}) * {COUNTERS}"
# In the order of one person's acts, from her own random number on.
COARSE = (
    "SELECT id, CASE WHEN sequence >= {clock} THEN {day} ELSE 0 END"
    " + (participant_id >> 16) % {span}"
    " + ROW_NUMBER() OVER (PARTITION BY participant_id ORDER BY sequence, id) AS coarse"
    " FROM {table} WHERE sequence > 0 AND sequence < {end}"
)


def coarsen(apps: Any, editor: Any) -> None:
    """Keep the day of each act, and nothing finer; make the keys of rows anew."""
    names = {"clock": CLOCK, "day": DAY, "span": 2**30, "end": EARLIEST * COUNTERS}
    clocks = _clocks(apps)
    with editor.connection.cursor() as cursor:
        for table in ("dialogues_vote", "dialogues_support"):
            cursor.execute(
                f"UPDATE {table} SET sequence = told.coarse FROM"  # noqa: S608 -- constants
                f" ({COARSE.format(table=table, **names)}) AS told WHERE told.id = {table}.id"
            )
    coarse = _after(apps, clocks)
    _notes(apps, coarse, _rekey(apps))
    _days(apps)


def _clocks(apps: Any) -> dict[int, tuple[int, int]]:
    """Return participant and clock of the votes that notes for undoing may name, by key."""
    models = [apps.get_model("dialogues", name) for name in ("ImportBatch", "MergeProposal")]
    decisions = apps.get_model("dialogues", "ModerationDecision").objects.exclude(before={})
    if not decisions.exists() and not any(model.objects.exists() for model in models):
        return {}
    votes = apps.get_model("dialogues", "Vote").objects.values_list(
        "pk", "participant_id", "sequence"
    )
    return {key: (person, sequence) for key, person, sequence in votes.iterator()}


def _after(apps: Any, clocks: dict[int, tuple[int, int]]) -> dict[tuple[int, int], int]:
    if not clocks:
        return {}
    votes = apps.get_model("dialogues", "Vote").objects.values_list("pk", "sequence")
    return {clocks[key]: sequence for key, sequence in votes.iterator()}


def _told(coarse: dict[tuple[int, int], int], people: tuple[int, ...], clock: int) -> int:
    """Return the sequence that stands for a clock of somebody, its day alone if none stands."""
    for person in people:
        if (person, clock) in coarse:
            return coarse[person, clock]
    if clock < CLOCK or clock >= EARLIEST * COUNTERS:
        return clock
    return (EPOCH + clock // MILLISECONDS) * COUNTERS


def _notes(apps: Any, coarse: dict[tuple[int, int], int], offers: dict[int, int]) -> None:
    for batch in apps.get_model("dialogues", "ImportBatch").objects.exclude(before=None):
        noted = json.loads(zlib.decompress(bytes(batch.before)))
        for row in noted.get("votes", ()):
            row[2] = _told(coarse, (row[0],), row[2])
            if row[3]:
                row[3][0], row[3][-1] = make_number(), _told(coarse, (row[0],), row[3][-1])
        for message in noted.get("messages", ()):
            message[1] = _told({}, (), message[1])
        batch.before = zlib.compress(json.dumps(noted).encode())
        batch.save(update_fields=["before"])
    for proposal in apps.get_model("dialogues", "MergeProposal").objects.filter(state="accepted"):
        _rows(proposal.before, coarse, proposal.kept_id)
        for offer in proposal.before.get("offers", ()):
            offer[0] = offers.get(offer[0], offer[0])
        proposal.save(update_fields=["before"])
    for decision in apps.get_model("dialogues", "ModerationDecision").objects.exclude(before={}):
        _rows(decision.before, coarse, None)
        decision.save(update_fields=["before"])


def _rows(before: dict[str, Any], coarse: dict[tuple[int, int], int], kept: int | None) -> None:
    for row in before.get("votes", ()):
        people = (row[1],) if kept is None else (kept, row[1])
        row[0], row[6] = make_number(), _told(coarse, people, row[6])


def _rekey(apps: Any) -> dict[int, int]:
    """Give each row a random key; return those of offers, which notes of merges name."""
    offers: dict[int, int] = {}
    for name in ("Vote", "Exposure", "Support"):
        model = apps.get_model("dialogues", name)
        keys = list(model.objects.values_list("pk", flat=True))
        for at in range(0, len(keys), BULK):
            rows = list(model.objects.filter(pk__in=keys[at : at + BULK]))
            model.objects.filter(pk__in=keys[at : at + BULK]).delete()
            for row in rows:
                old, row.pk = row.pk, make_number()
                if name == "Exposure":
                    offers[old] = row.pk
            model.objects.bulk_create(rows)
    return offers


def _days(apps: Any) -> None:
    """Keep of what people of a dialogue wrote the day alone."""
    statements = apps.get_model("dialogues", "Statement").objects.exclude(author=None)
    for statement in statements.only("added_at"):
        statement.added_at = start_of_day(statement.added_at)
        statement.save(update_fields=["added_at"])
    for objection in apps.get_model("dialogues", "Appeal").objects.only("made_at"):
        objection.made_at = start_of_day(objection.made_at)
        objection.save(update_fields=["made_at"])


class Migration(migrations.Migration):
    dependencies = [("dialogues", "0002_random_keys")]

    operations = [migrations.RunPython(coarsen, migrations.RunPython.noop)]
