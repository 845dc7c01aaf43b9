"""Tables of proposals that others have edited, written, and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.common.refusals import Refused
from hiwar.legislation.actions.amendments import (
    AmendmentFacts,
    change_amendment,
    propose_amendment,
)
from hiwar.legislation.models import Amendment, LawVersion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hiwar.common.imports import Plan, Source
    from hiwar.common.models import ImportRun

Kind = Amendment.Kind


class TableInUse(Refused):
    """Proposals of the table were changed or adopted since."""

    code = "table_in_use"
    message = _("Proposals of this table were changed or adopted since. Nothing was undone.")


def _facts(amendment: Amendment, **changed: Any) -> AmendmentFacts:
    kept = {
        name: getattr(amendment, name)
        for name in ("kind", "eid", "reason", "text", "words", "affected")
    }
    comments = list(amendment.comments.select_related("consultation"))
    lenses = list(amendment.notes.values_list("lens", flat=True))
    return AmendmentFacts(**(kept | changed), comments=comments, lenses=lenses)


def _plain(amendment: Amendment) -> dict[str, Any]:
    return {
        "kind": amendment.kind, "text": dict(amendment.text), "words": dict(amendment.words),
        "reason": dict(amendment.reason),
    }  # fmt: skip


@transaction.atomic
def apply_table(*, source: Source, plan: Plan) -> dict[str, Any]:
    """Write what a table changes, and its new proposals; raises as the actions for one do.

    A proposal whose text was edited in the table becomes a whole new text, whatever it was.
    """
    version = LawVersion.objects.select_related("law__dossier").get(pk=str(source.run.subject))
    language = version.language
    rows = plan.data
    assert isinstance(rows, list)  # noqa: S101 - as plan_table made it
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for row in rows:
        if row["number"] is None:
            propose_amendment(
                actor=source.actor, version=version, now=source.now, run=source.run,
                facts=AmendmentFacts(
                    Kind.SUBSTITUTION, row["eid"], {language: row["reason"]},
                    {language: row["proposal"]}, {}, {},
                ),
            )  # fmt: skip
            continue
        amendment = Amendment.objects.get(law=version.law_id, number=row["number"])
        changed: dict[str, Any] = {}
        if row["proposal"] is not None:
            changed["text"] = amendment.text.updated({language: row["proposal"]})
            if amendment.kind in {Kind.PHRASE, Kind.REPEAL}:
                changed |= {"kind": Kind.SUBSTITUTION, "words": {}}
                changed["text"] = {language: row["proposal"]}
        if row["reason"] is not None:
            changed["reason"] = amendment.reason.updated({language: row["reason"]})
        before[str(amendment.pk)] = _plain(amendment)
        amendment = change_amendment(
            actor=source.actor, amendment=amendment, facts=_facts(amendment, **changed),
            now=source.now,
        )  # fmt: skip
        after[str(amendment.pk)] = _plain(amendment)
    return {"before": before, "after": after}


@transaction.atomic
def undo_table(*, run: ImportRun, journal: Mapping[str, Any], **step: Any) -> None:
    """Put proposals back as they were, and take new ones away; raises ``TableInUse``."""
    new = Amendment.objects.filter(import_run=run)
    if new.exclude(state=Amendment.State.DRAFT).exists():
        raise TableInUse
    for key, values in journal["before"].items():
        amendment = Amendment.objects.get(pk=key)
        is_draft = amendment.state == Amendment.State.DRAFT
        if not is_draft or _plain(amendment) != journal["after"][key]:
            raise TableInUse
        change_amendment(
            actor=step["actor"], amendment=amendment, facts=_facts(amendment, **values),
            now=step["now"],
        )  # fmt: skip
    new.delete()
