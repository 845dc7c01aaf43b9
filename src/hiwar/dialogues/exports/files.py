"""Files that leave the house: published counts, and the proofs of a participant's own votes."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from hiwar.common.tables import write_csv
from hiwar.dialogues.queries.bundles import proofs
from hiwar.dialogues.queries.method import LICENCE_URL
from hiwar.dialogues.queries.results import bundle_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hiwar.dialogues.models import ModerationDecision, Publication

COUNTS = ("agree", "disagree", "pass", "seen")
WAYS_IN = ("by_code", "by_open_link")


def counts_csv(publication: Publication) -> bytes:
    """Return the published counts, one line for each statement; an empty cell is a hidden one."""
    counted = publication.document
    languages = [code for code, _name in settings.LANGUAGES]
    groups = [chr(ord("A") + at) for at in range(len(counted["groups"]))]
    lines: list[list[object]] = []
    heading = ["statement", *(f"text_{code}" for code in languages), *COUNTS]
    heading += [f"{name}_group_{letter}" for letter in groups for name in COUNTS]
    tiers = counted.get("headline", {}).get("statements", {})
    heading += [f"{name}_{kind}" for kind in WAYS_IN if tiers for name in COUNTS]
    lines.append([*heading, "shared", "dividing"])
    for row in counted["statements"]:
        line: list[object] = [row["number"]]
        line += [row["texts"].get(code, "") for code in languages]
        for counts in (row["counts"], *row["groups"], *tiers.get(str(row["number"]), ())):
            line += [counts[name] if counts else "" for name in COUNTS]
        lines.append([*line, int(row["shared"]), int(row["dividing"])])
    return write_csv(lines)


def results_json(publication: Publication) -> str:
    """Return everything that the page says, with its licence and the day of its last change."""
    instant = publication.published_at or publication.made_at
    about = {
        "licence": LICENCE_URL,
        "version": publication.version,
        "last_modified": instant.isoformat(),
        "correction": publication.correction,
        "bundle_sha256": publication.bundle_hash,
    }
    content = {key: value for key, value in publication.document.items() if key != "map"}
    return json.dumps(about | content, ensure_ascii=False, indent=1) + "\n"


def decisions_csv(decisions: Iterable[ModerationDecision]) -> bytes:
    """Return every decision of review, one line each, its words as staff read them."""
    lines: list[list[object]] = []
    lines.append(
        ["decided_at", "statement", "language", "text", "outcome", "reason", "reply",
         "reply_language", "moderator"]
    )  # fmt: skip
    for decision in decisions:
        subject = decision.statement
        lines.append(
            [
                decision.decided_at.isoformat(),
                subject.number,
                subject.language,
                subject.shown.get(subject.language, ""),
                decision.outcome,
                decision.reason,
                decision.reply,
                decision.language,
                str(decision.moderator or ""),
            ]
        )
    return write_csv(lines)


def receipts(publication: Publication, participant: int, bundle: bytes) -> bytes:
    """Return a zip with a proof for each vote of a participant, and what it shows to a finder."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        files = {name: archive.read(name) for name in ("entries", "checkpoint", "keys.vkey")}
    codes = proofs(publication.dialogue, participant, publication.version, files)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                archive.writestr(
                    _entry(f"README.{code}.txt"), warning(publication.document["tier"])
                )
        archive.writestr(_entry("keys.vkey"), files["keys.vkey"])
        for number, text in codes.items():
            archive.writestr(_entry(f"statement-{number}.tlog-proof"), text)
    return out.getvalue()


def signed_head_of(publication: Publication) -> str:
    """Return the signed head of the log of a version as its file has it; empty without a file."""
    try:
        with zipfile.ZipFile(io.BytesIO(bundle_of(publication))) as bundle:
            return bundle.read("checkpoint").decode()
    except (zipfile.BadZipFile, KeyError):
        return ""


def warning(tier: str) -> str:
    """Say what a receipt proves, and what somebody learns who finds it."""
    proof = _("Each file proves that one of your votes is in the published log.")
    return f"{proof}\n{shown_by(tier)}\n"


def shown_by(tier: str) -> str:
    """Say what somebody learns who finds a receipt."""
    if tier == "A":
        return _(
            "Whoever finds these files learns that you took part, and on which statements. They "
            "do not learn what you said."
        )
    if tier == "B":
        return _(
            "Whoever finds these files learns that you took part and can read in the published "
            "votes what you said to each statement. Keep them only if that cannot harm you."
        )
    return _(
        "Whoever finds these files can read your whole row of votes. Keep them only if that "
        "cannot harm you."
    )


def _entry(name: str) -> zipfile.ZipInfo:
    """Return an entry without the time of the download."""
    return zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
