"""Memoranda about laws: their annex, what is signed, what the room of signatures is told."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from hiwar.accounts.queries import WIDE
from hiwar.legislation import rules
from hiwar.legislation.models import Amendment, LawVersion, Memorandum, MemorandumEdition
from hiwar.legislation.queries.asked import asked_text, printed_number, said_in
from hiwar.legislation.queries.laws import laws_for, text_of, versions_for
from hiwar.signatures.rules import Document, DocumentKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from hiwar.accounts.models import User
    from hiwar.accounts.rules import Somebody
    from hiwar.legislation.models import Law
    from hiwar.signatures.models import Signing

CODE = "legislation.memorandum"


def memoranda_for(user: User, law: Law) -> QuerySet[Memorandum]:
    """Return the memoranda about versions of a law that a user may read, newest first."""
    if not laws_for(user).filter(pk=law.pk).exists():
        return Memorandum.objects.none()
    readable = versions_for(user, law).order_by().values("pk")
    memoranda = Memorandum.objects.filter(law=law, version__in=readable)
    return memoranda.select_related(
        "version", "number__series", "signing", "created_by", "sent_by"
    ).order_by("-created_at", "pk")


def annex_of(version: LawVersion) -> dict[str, list[dict[str, Any]]]:
    """Return the adopted proposals on a version in each of its languages, in their order.

    Each has ``number``, ``label``, ``old``, ``new`` and ``reason``; one without a text in a
    language is not in that language's annex.
    """
    amendments = list(
        Amendment.objects.filter(
            law=version.law_id, version__number=version.number, state=Amendment.State.ADOPTED
        ).order_by("number")
    )
    annex: dict[str, list[dict[str, Any]]] = {}
    texts = LawVersion.objects.filter(law=version.law_id, number=version.number)
    for spoken in texts.order_by("language"):
        text = text_of(spoken)
        rows = []
        for amendment in amendments:
            asked = asked_text(amendment, text)
            if asked is None:
                continue
            provision = text.provision(asked.eid)
            label = provision.label if provision else printed_number(asked.eid, spoken.language)
            reason = said_in(amendment.reason, spoken.language) or str(amendment.reason)
            rows.append({"number": amendment.number, "label": label or asked.eid,
                         "old": asked.old, "new": asked.new, "reason": reason})  # fmt: skip
        annex[spoken.language] = rows
    return annex


def annex_in(edition: MemorandumEdition, language: str) -> list[dict[str, Any]]:
    """Return the annex in a language, or in the first that has one."""
    annex: Mapping[str, list[dict[str, Any]]] = edition.annex
    rows: list[dict[str, Any]] = annex.get(language) or next(
        (rows for rows in annex.values() if rows), []
    )
    return rows


def checksum_of(edition: MemorandumEdition) -> str:
    """Return the SHA-256 of letter and annex, in hexadecimal digits."""
    content = [dict(edition.title), dict(edition.addressee), dict(edition.letter), edition.annex]
    return sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def words_to_sign(edition: MemorandumEdition) -> dict[str, str]:
    """Return letter and annex as plain text by language: exactly what organisations sign."""
    texts = {}
    for language in edition.languages:
        with override(language):
            parts = [edition.addressee.in_language(language), edition.letter[language]]
            for row in annex_in(edition, language):
                parts += [
                    f"{row['number']}. {row['label']}",
                    _("Draft: %(text)s") % {"text": row["old"] or "–"},
                    _("Our proposal: %(text)s") % {"text": row["new"] or "–"},
                    _("Reason: %(text)s") % {"text": row["reason"]},
                ]
        texts[language] = "\n\n".join(parts)
    return texts


def latest_edition(memorandum: Memorandum) -> MemorandumEdition | None:
    """Return the newest edition of a memorandum; None before it was fixed."""
    editions = memorandum.editions.select_related("signed_version", "fixed_by")
    return editions.order_by("-position").first()


def _memorandum_of(signing: Signing) -> Memorandum | None:
    memoranda = Memorandum.objects.select_related("law__dossier", "version")
    return memoranda.filter(signing=signing).first()


def _describe(signing: Signing) -> Document | None:
    memorandum = _memorandum_of(signing)
    if memorandum is None:
        return None
    law, edition = memorandum.law, latest_edition(memorandum)
    url = reverse("legislation:memorandum", args=[law.pk, memorandum.pk])
    is_sent = memorandum.sent_at is not None
    return Document(
        title=memorandum.title, kind=_("memorandum"), url=url,
        path=((str(law.title), reverse("legislation:law", args=[law.pk])),),
        tabs=((pgettext("tab of a memorandum", "Letter and annex"), url),),
        badge=pgettext("memorandum", "sent") if is_sent else pgettext("memorandum", "not sent"),
        tone="success" if is_sent else "notice", number=edition.position if edition else 1,
        is_open_to_staff=all(
            record.visibility in WIDE for record in (law, law.dossier, memorandum.version)
        ),
    )  # fmt: skip


def _may_read(user: Somebody, signing: Signing) -> bool:
    memorandum = _memorandum_of(signing)
    return memorandum is not None and rules.can_read_version(user, memorandum.version)


def _may_collect(user: Somebody, signing: Signing) -> bool:
    memorandum = _memorandum_of(signing)
    return memorandum is not None and rules.can_publish_law(user, memorandum.law) and (
        rules.can_read_version(user, memorandum.version)
    )  # fmt: skip


KIND = DocumentKind(CODE, _describe, _may_read, _may_collect)
