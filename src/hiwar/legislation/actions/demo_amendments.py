"""What the institution of the demonstration proposed to its law, and what became of that."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hiwar.engine import law as engine
from hiwar.legislation.actions.amendments import (
    AmendmentFacts,
    adopt_amendment,
    propose_amendment,
    publish_amendments,
    write_equity_note,
)
from hiwar.legislation.actions.outcomes import confirm_outcome
from hiwar.legislation.queries.amendments import lenses_touched
from hiwar.legislation.queries.laws import text_of
from hiwar.legislation.queries.outcomes import outcome_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from hiwar.accounts.models import User
    from hiwar.legislation.models import Amendment, LawVersion

FILE = "amendments.json"


def load_demo_amendments(
    *, folder: Path, old: LawVersion, new: LawVersion, writer: User, at: datetime
) -> list[Amendment]:
    """Propose, adopt and publish amendments on one version, and confirm them in a later one.

    Days of the file are days before ``at``. Raises what proposing and adopting raise.
    """
    document = json.loads((folder / "legislation" / FILE).read_text("utf-8"))
    amendments = [_adopted(old, entry, document, writer, at) for entry in document["amendments"]]
    publish_amendments(
        actor=writer, law=old.law, amendments=amendments, is_shown=True,
        now=_ago(at, document["adopted"]),
    )  # fmt: skip
    changes = engine.compare(text_of(old), text_of(new))
    entries = {
        amendment.pk: entry
        for amendment, entry in zip(amendments, document["amendments"], strict=True)
    }
    for row in outcome_rows(writer, old, new, changes):
        entry = entries[row.amendment.pk]
        confirm_outcome(
            actor=writer, amendment=row.amendment, version=new, suggested=row.suggested,
            result=entry["result"], note=entry["note"], now=_ago(at, document["outcome"]),
        )  # fmt: skip
    return amendments


def _adopted(
    version: LawVersion, entry: Mapping[str, Any], document: Mapping[str, Any], writer: User,
    at: datetime,
) -> Amendment:  # fmt: skip
    proposed, adopted = _ago(at, document["proposed"]), _ago(at, document["adopted"])
    facts = AmendmentFacts(
        entry["kind"], entry["eid"], entry["reason"], entry["text"], entry["words"], {}
    )
    amendment = propose_amendment(actor=writer, version=version, facts=facts, now=proposed)
    for lens in lenses_touched(amendment, text_of(version)):
        write_equity_note(
            actor=writer, amendment=amendment, lens=lens.code, text=document["equity"]["ar"],
            now=proposed,
        )  # fmt: skip
    adopt_amendment(actor=writer, amendment=amendment, now=adopted)
    amendment.refresh_from_db()
    return amendment


def _ago(at: datetime, days: int) -> datetime:
    return at - timedelta(days=days)
