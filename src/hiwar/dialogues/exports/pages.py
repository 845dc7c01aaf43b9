"""The page of published results, drawn once for each language and kept."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import cache
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from hiwar.common.multilingual import MultilingualText
from hiwar.common.printing import qr_code
from hiwar.dialogues.exports.rooms import told_by_room
from hiwar.dialogues.exports.scale import axis, key_of, label_lines, labelled, scale_of
from hiwar.dialogues.models import Participant
from hiwar.dialogues.queries.method import LICENCE, LICENCE_URL, tier_promise

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hiwar.dialogues.models import Dialogue, Publication

LETTERS = "ABCDE"
SHEET_SHARED, SHEET_APART = 5, 3
KEPT = 3600
# From here on the page shows what stands out, and a page of its own all that was said.
LONG, LISTED = 60, 24
TYPES = {
    "votes.zip": "application/zip",
    "counts.csv": "text/csv; charset=utf-8",
    "results.json": "application/json",
}


def page_context(
    dialogue: Dialogue,
    publication: Publication,
    versions: list[Publication],
    body: Callable[[Publication, str], str] | None = None,
) -> dict[str, Any]:
    """Return what the page of a version is made of; its body is drawn once and kept."""
    language = get_language() or settings.LANGUAGE_CODE
    address = reverse("public_dialogues:results", args=[language, dialogue.code])
    return {
        "dialogue": dialogue,
        "publication": publication,
        "newer": next((other for other in versions if other.version > publication.version), None),
        "older": [other for other in versions if other.version < publication.version],
        "body": (body or _body)(publication, language),
        "address": f"{settings.PUBLIC_ORIGIN}{address}",
        "drawing": _drawing(f"{settings.PUBLIC_ORIGIN}{address}", on_white=True),
        "files": [_file(dialogue, publication, language, name) for name in TYPES],
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "tier": _tier(publication),
    }


_drawing = lru_cache(maxsize=256)(qr_code)


def _file(dialogue: Dialogue, publication: Publication, language: str, name: str) -> dict[str, str]:
    arguments = [language, dialogue.code, publication.version, name]
    return {"name": name, "url": reverse("public_dialogues:data", args=arguments)}


def _body(publication: Publication, language: str) -> str:
    """Return the findings as drawn for one language; a version never changes."""
    return _kept(publication, language, "_results_body", draw)


def every_statement(publication: Publication, language: str) -> str:
    """Return all counts of a version and who said what, drawn for one language."""
    return _kept(publication, language, "_results_every", draw_every)


def _tier(publication: Publication) -> str:
    key = f"dialogues:results:{publication.pk}:tier"
    tier: str | None = cache.get(key)
    if tier is None:
        tier = publication.document["tier"]
        cache.set(key, tier, KEPT)
    return tier


def _kept(
    publication: Publication,
    language: str,
    name: str,
    how: Callable[[Mapping[str, Any], str, str], str],
) -> str:
    key = f"dialogues:results:{publication.pk}:{language}:{name}"
    kept = cache.get(key)
    if kept is None:
        address = reverse(
            "public_dialogues:results_statements",
            args=[language, publication.dialogue.code, publication.version],
        )
        kept = how(publication.document, language, address)
        cache.set(key, kept, KEPT)
    drawn: str = kept
    return drawn


def answer_sentence(publication: Publication, language: str) -> str:
    """Return the sentence that the results of a version begin with, in one language."""
    return _kept(publication, language, "_results_answer", _draw_answer).strip()


def _draw_answer(document: Mapping[str, Any], language: str, address: str) -> str:
    context = {
        "document": document,
        "answer": _answer(document),
        "headline": _headline(document),
    }
    return render_to_string("dialogues/public/_results_answer.html", context)


def draw_every(document: Mapping[str, Any], language: str, address: str) -> str:
    """Draw the counts of all statements, and the tables of who said what."""
    tiers = document.get("headline", {}).get("statements", {})
    statements = {
        row["number"]: _statement(row, tiers.get(str(row["number"])))
        for row in document["statements"]
    }
    context = {
        "all": list(statements.values()),
        "tables": _tables(document, statements),
        "rooms": _rooms(document, None),
    }
    return render_to_string("dialogues/public/_results_every.html", context)


def draw(document: Mapping[str, Any], language: str, address: str = "") -> str:
    """Draw the findings of a version in one language.

    A long version leads to ``address`` for all of its statements, where there is one.
    """
    by_number = {row["number"]: row for row in document["statements"]}
    tiers = document.get("headline", {}).get("statements", {})
    statements = {n: _statement(row, tiers.get(str(n))) for n, row in by_number.items()}
    listed = _listed(document, statements)
    is_long = bool(address) and len(statements) > LONG
    most = LISTED if is_long else None
    privacy = document["quality"]["privacy"] or {}
    stability = document["quality"]["stability"] or {}
    context = {
        "document": document,
        "headline": _headline(document),
        "answer": _answer(document),
        "question": MultilingualText(document["question"]),
        "groups": _groups(document),
        "grouped": sum(group["size"] for group in document["groups"]),
        **listed,
        "shared": listed["shared"][:most],
        "more": len(listed["shared"]) - len(listed["shared"][:most]),
        "also": listed["also"][:most],
        "apart": listed["apart"][:most],
        "others": [] if is_long else listed["others"],
        "axis": axis(is_rtl=get_language_bidi()),
        "is_long": is_long,
        "all_url": address,
        "all": [statements[n] for n in by_number],
        "voices": _voices(document, statements),
        "map": _map(document, statements),
        "spreads": _spreads(document),
        "targets": [{**t, "label": MultilingualText(t["label"])} for t in _targets(document)],
        "missing": _missing(document),
        "tables": [] if is_long else _tables(document, statements),
        "rooms": _rooms(document, most),
        "recommendations": [
            {
                **r,
                "text": MultilingualText(r["texts"]),
                "people": sum(r["counts"].values()) if r["counts"] else None,
            }
            for r in document["recommendations"]
        ],
        "closed": _day(document["closed"]),
        "opened": _day(document["opened"]),
        "next": _next(document),
        "privacy": privacy,
        "agreement": _percent(stability.get("mean_agreement")),
        "resamples": stability.get("n_resamples"),
        "promise": tier_promise(document["tier"]),
    }
    return render_to_string("dialogues/public/_results_body.html", context)


def draw_sheet(document: Mapping[str, Any], language: str, address: str) -> str:
    """Draw what fits on one sheet of paper: the answer, what is shared, what divides, what next."""
    tiers = document.get("headline", {}).get("statements", {})
    statements = {
        row["number"]: _statement(row, tiers.get(str(row["number"])))
        for row in document["statements"]
    }
    listed = _listed(document, statements)
    context = {
        "document": document,
        "headline": _headline(document),
        "answer": _answer(document),
        "question": MultilingualText(document["question"]),
        "groups": _groups(document),
        **listed,
        "shared": listed["shared"][:SHEET_SHARED],
        "more": len(listed["shared"][SHEET_SHARED:]),
        "apart": listed["apart"][:SHEET_APART],
        "axis": axis(is_rtl=get_language_bidi()),
        "places": document["people"]["places"],
        "targets": [{**t, "label": MultilingualText(t["label"])} for t in _targets(document)][:3],
        "closed": _day(document["closed"]),
        "opened": _day(document["opened"]),
        "next": _next(document),
    }
    return render_to_string("dialogues/public/_results_sheet.html", context)


def one_sheet(publication: Publication, language: str) -> str:
    """Return the sheet of a version as drawn for one language."""
    return _kept(publication, language, "_results_sheet", draw_sheet)


def _groups(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"letter": LETTERS[at % 5], "size": group["size"]}
        for at, group in enumerate(document["groups"])
    ]


def _listed(
    document: Mapping[str, Any], statements: Mapping[int, Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the statements in the order of the page: shared, dividing, the others.

    ``shared`` are those that the first sentence counts: where it counts who came in by codes and
    lists, those that they share; ``also`` are then what everybody shares besides. ``untold`` of
    the counted ones have too few votes to be shown.
    """
    counted = [row for row in statements.values() if row["counts"]]
    both = sorted(
        (row for row in counted if row["raw"]["shared"]),
        key=lambda row: -(row["raw"]["bridging"] or 0),
    )
    apart = sorted(
        (row for row in counted if row["raw"]["dividing"]),
        key=lambda row: -(row["raw"]["divisiveness"] or 0),
    )
    headline = document.get("headline", {"kind": ""})
    numbers = headline["codes"].get("numbers") if headline["kind"] == "both" else None
    shared, also = both, []
    if numbers is not None:
        chosen = set(numbers)
        shared = [row for row in both if row["number"] in chosen]
        seen = {row["number"] for row in shared}
        shared += [row for row in counted if row["number"] in chosen - seen]
        also = [row for row in both if row["number"] not in chosen]
    placed = {row["number"] for row in (*shared, *also)}
    apart = [row for row in apart if row["number"] not in placed]
    placed |= {row["number"] for row in apart}
    is_of_sentence = headline["kind"] != "both" or numbers is not None
    wanted = _answer(document)["shared"] if is_of_sentence else document["answer"]["shared"]
    return {
        "shared": shared,
        "also": also,
        "apart": apart,
        "others": [row for row in statements.values() if row["number"] not in placed],
        "is_of_sentence": is_of_sentence,
        "is_by_codes": numbers is not None,
        "untold": max(0, wanted - len(shared)) if document["outcome"] == "groups" else 0,
    }


def _rooms(document: Mapping[str, Any], most: int | None) -> dict[str, Any] | None:
    """Return the agreement by room; versions from before rooms were told have none."""
    document_told = told_by_room(document.get("rooms"))
    return document_told and {**document_told, "bridging": document_told["bridging"][:most]}


def _headline(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer by how people came in; versions from before it was told have none."""
    headline = document.get("headline", {"kind": ""})
    if headline["kind"] != "both":
        return dict(headline)
    everybody = {
        "people": document["inputs"]["participants"],
        "votes": document["inputs"]["votes"],
        "shared": document["answer"]["shared"],
        "statements": document["answer"]["statements"],
    }
    rows = [("codes", headline["codes"]), ("open", headline["open"]), ("all", everybody)]
    return {**headline, "rows": [{"kind": kind, **row} for kind, row in rows]}


def _answer(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the first sentence says: of codes and lists wherever these stand apart."""
    headline = document.get("headline", {"kind": ""})
    codes = headline["codes"] if headline["kind"] == "both" else document["answer"]
    return {**document["answer"], "shared": codes["shared"], "statements": codes["statements"]}


def _statement(row: Mapping[str, Any], tiers: list[Any] | None) -> dict[str, Any]:
    line: dict[str, Any] = {
        "tiers": {"codes": tiers[0], "open": tiers[1]} if tiers and any(tiers) else None,
        "raw": row,
        "number": row["number"],
        "text": MultilingualText(row["texts"]),
        "counts": row["counts"],
        "groups": [
            {"letter": LETTERS[at % 5], "counts": counts} for at, counts in enumerate(row["groups"])
        ],
        "points": _percent(row["divisiveness"]),
    }
    return {**line, "scale": scale_of(line, is_rtl=get_language_bidi())}


def _voices(
    document: Mapping[str, Any], statements: Mapping[int, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    spoken = []
    for at, rows in enumerate(document["voices"]):
        own = []
        for row in rows:
            statement = statements.get(row["number"])
            counts = statement["groups"][at]["counts"] if statement else None
            if statement and counts and counts["seen"]:
                part = counts[row["direction"]]
                own.append(
                    {
                        "text": statement["text"],
                        "agrees": row["direction"] == "agree",
                        "part": part,
                        "seen": counts["seen"],
                    }
                )
        spoken.append({"letter": LETTERS[at % 5], "statements": own})
    return spoken


def _map(
    document: Mapping[str, Any], statements: Mapping[int, Mapping[str, Any]]
) -> dict[str, Any] | None:
    """Return the map with what each group is, in the words that set it apart most."""
    raw = document["map"]
    if raw is None:
        return None
    voices = _voices(document, statements)
    groups = []
    for at, (group, row) in enumerate(zip(raw["groups"], raw["table"], strict=True)):
        own = voices[at]["statements"][:1]
        groups.append(
            {
                **group, **row, "letter": LETTERS[at % 5], "size": document["groups"][at]["size"],
                "voice": own[0] if own else None,
                "lines": label_lines(str(own[0]["text"])) if own else [],
            }
        )  # fmt: skip
    key = key_of(raw.get("key", []), is_rtl=get_language_bidi())
    return {**raw, "groups": labelled(groups, raw["height"]), "key": key}


def _spreads(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    everybody = document["people"]["everybody"]
    return [
        {
            "attribute": spread["attribute"],
            "stated": spread["stated"],
            "everybody": everybody,
            "categories": [
                {"name": _name(spread["attribute"], category), "people": category["people"]}
                for category in spread["categories"]
            ],
        }
        for spread in document["people"]["spreads"]
        if spread["stated"] != 0
    ]


def _targets(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {**target, "wanted": _percent(target["wanted_share"])}
        for target in document["people"]["targets"]
    ]


def _missing(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "place": MultilingualText(entry["place"]),
            "label": MultilingualText(entry["label"]) if entry["label"] else None,
        }
        for entry in document["missing"]
    ]


def _tables(
    document: Mapping[str, Any], statements: Mapping[int, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    return [
        {
            "attribute": table["attribute"],
            "names": [_name(table["attribute"], row) for row in table["rows"]],
            "rows": [
                {
                    "text": statements[number]["text"],
                    "cells": [row["cells"][at] for row in table["rows"]],
                }
                for at, number in enumerate(table["columns"])
            ],
        }
        for table in document["tables"]
    ]


def _name(attribute: str, row: Mapping[str, Any]) -> str:
    """Return an answer in words; ways in and ways of taking part have names of their own."""
    text = str(MultilingualText(row["name"]))
    if attribute == "trust" and text.isdigit():
        return str(Participant.Trust(int(text)).label)
    if attribute == "channel":
        return {"web": _("web"), "sms": _("text message"), "paper": _("paper")}.get(text, text)
    return text


def _next(document: Mapping[str, Any]) -> dict[str, Any] | None:
    raw = document["next"]
    if raw is None:
        return None
    return {
        "who": MultilingualText(raw["who"]),
        "what": MultilingualText(raw["what"]),
        "on": _day(raw["on"]),
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _percent(value: float | None) -> int | None:
    return None if value is None else round(100 * value)
