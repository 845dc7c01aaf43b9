"""The published results: the page, its older versions, the data, and a participant's receipt."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hiwar.common.multilingual import MultilingualText
from hiwar.dialogues import exports
from hiwar.dialogues.models import Participant, Publication
from hiwar.dialogues.queries.method import LICENCE, LICENCE_URL, tier_promise
from hiwar.dialogues.queries.results import (
    bundle_of,
    embargo_of,
    is_public,
    public_version,
    publications_of,
)
from hiwar.dialogues.views.pages import bearer_of, person_of, public_dialogue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from hiwar.dialogues.models import Dialogue

LETTERS = "ABCDE"
KEPT = 3600
OPEN_AT_FIRST = 6
TYPES = {
    "votes.zip": "application/zip",
    "counts.csv": "text/csv; charset=utf-8",
    "results.json": "application/json",
}


def results(
    request: HttpRequest, language: str, code: str, version: int | None = None
) -> HttpResponse:
    """Show a version of the results, or say when there will be one."""
    now = timezone.now()
    dialogue = public_dialogue(code)
    try:
        found = public_version(dialogue, now, version)
    except Publication.DoesNotExist:
        if version is not None:
            raise Http404 from None
        return _not_yet(request, dialogue)
    if found.state == Publication.State.WITHDRAWN:
        context = {"dialogue": dialogue, "publication": found}
        page = render(request, "dialogues/public/results_withdrawn.html", context)
        page.status_code = HTTPStatus.GONE
        return page
    versions = [one for one in publications_of(dialogue) if is_public(one, now)]
    page = render(request, "dialogues/public/results.html", page_context(dialogue, found, versions))
    page.headers["Last-Modified"] = _modified(found)
    return page


def page_context(
    dialogue: Dialogue, found: Publication, versions: list[Publication]
) -> dict[str, Any]:
    """Return what the page of a version is made of; its body is drawn once and kept."""
    language = get_language() or settings.LANGUAGE_CODE
    address = reverse("public_dialogues:results", args=[language, dialogue.code])
    return {
        "dialogue": dialogue,
        "publication": found,
        "newer": next((one for one in versions if one.version > found.version), None),
        "older": [one for one in versions if one.version < found.version],
        "body": _body(found, language),
        "address": f"{settings.PUBLIC_ORIGIN}{address}",
        "files": [_file(dialogue, found, language, name) for name in TYPES],
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "tier": found.document["tier"],
    }


def _file(dialogue: Dialogue, found: Publication, language: str, name: str) -> dict[str, str]:
    arguments = [language, dialogue.code, found.version, name]
    return {"name": name, "url": reverse("public_dialogues:data", args=arguments)}


def data(request: HttpRequest, language: str, code: str, version: int, name: str) -> HttpResponse:
    """Hand out a file of a version that everybody may read."""
    dialogue = public_dialogue(code)
    if name not in TYPES:
        raise Http404
    try:
        found = public_version(dialogue, timezone.now(), version)
    except Publication.DoesNotExist:
        raise Http404 from None
    if found.state == Publication.State.WITHDRAWN:
        return HttpResponse(status=HTTPStatus.GONE)
    if name == "votes.zip":
        content = bundle_of(found)
    elif name == "counts.csv":
        content = exports.counts_csv(found).encode()
    else:
        content = exports.results_json(found).encode()
    response = HttpResponse(content, content_type=TYPES[name])
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{dialogue.code}-{version}-{name}"'
    )
    response.headers["Last-Modified"] = _modified(found)
    response.headers["Link"] = f'<{LICENCE_URL}>; rel="license"'
    return response


def receipt(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Hand a participant the proofs of the votes of this browser, and of no other."""
    dialogue = public_dialogue(code)
    person = person_of(bearer_of(request, dialogue), dialogue)
    try:
        found = public_version(dialogue, timezone.now())
    except Publication.DoesNotExist:
        raise Http404 from None
    if person is None or found.state == Publication.State.WITHDRAWN:
        raise Http404
    content = exports.receipts(found, person.pk, bundle_of(found))
    response = HttpResponse(content, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{dialogue.code}-receipt.zip"'
    add_never_cache_headers(response)
    return response


def _not_yet(request: HttpRequest, dialogue: Dialogue) -> HttpResponse:
    waiting = embargo_of(dialogue, timezone.now())
    last = dialogue.rounds.exclude(ends_on=None).order_by("-number").first()
    context = {
        "dialogue": dialogue,
        "until": waiting.embargo_until if waiting else None,
        "ends_on": last.ends_on if last else None,
    }
    return render(request, "dialogues/public/results_not_yet.html", context)


def _modified(found: Publication) -> str:
    instant = found.published_at or found.made_at
    return http_date(instant.timestamp())


def _body(found: Publication, language: str) -> str:
    """Return the findings as drawn for one language; a version never changes."""
    key = f"dialogues:results:{found.pk}:{language}"
    kept = cache.get(key)
    if kept is None:
        kept = draw(found.document, language)
        cache.set(key, kept, KEPT)
    body: str = kept
    return body


def draw(document: Mapping[str, Any], language: str) -> str:
    """Draw the findings of a version in one language."""
    by_number = {row["number"]: row for row in document["statements"]}
    statements = {number: _statement(row) for number, row in by_number.items()}
    counted = [statements[n] for n, row in by_number.items() if row["counts"]]
    shared = sorted(
        (s for s in counted if s["raw"]["shared"]), key=lambda s: -(s["raw"]["bridging"] or 0)
    )
    apart = sorted(
        (s for s in counted if s["raw"]["dividing"]), key=lambda s: -(s["raw"]["divisiveness"] or 0)
    )
    privacy = document["quality"]["privacy"] or {}
    stability = document["quality"]["stability"] or {}
    context = {
        "document": document,
        "question": MultilingualText(document["question"]),
        "groups": [
            {"letter": LETTERS[at % 5], "size": group["size"]}
            for at, group in enumerate(document["groups"])
        ],
        "shared": shared[:OPEN_AT_FIRST],
        "more_shared": shared[OPEN_AT_FIRST:],
        "apart": apart[:OPEN_AT_FIRST],
        "more_apart": apart[OPEN_AT_FIRST:],
        "all": [statements[n] for n in by_number],
        "voices": _voices(document, statements),
        "map": _map(document),
        "spreads": _spreads(document),
        "targets": [{**t, "label": MultilingualText(t["label"])} for t in _targets(document)],
        "missing": _missing(document),
        "tables": _tables(document, statements),
        "recommendations": [
            {**r, "text": MultilingualText(r["texts"])} for r in document["recommendations"]
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


def _statement(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "raw": row,
        "number": row["number"],
        "text": MultilingualText(row["texts"]),
        "counts": row["counts"],
        "groups": [
            {"letter": LETTERS[at % 5], "counts": counts} for at, counts in enumerate(row["groups"])
        ],
        "points": _percent(row["divisiveness"]),
    }


def _voices(
    document: Mapping[str, Any], statements: Mapping[int, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    found = []
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
        found.append({"letter": LETTERS[at % 5], "statements": own})
    return found


def _map(document: Mapping[str, Any]) -> dict[str, Any] | None:
    raw = document["map"]
    if raw is None:
        return None
    return {
        **raw,
        "groups": [
            {**group, "letter": LETTERS[at % 5], "size": document["groups"][at]["size"], **row}
            for at, (group, row) in enumerate(zip(raw["groups"], raw["table"], strict=True))
        ],
    }


def _spreads(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    everybody = document["people"]["everybody"]
    return [
        {
            "attribute": spread["attribute"],
            "stated": spread["stated"],
            "everybody": everybody,
            "categories": [
                {"name": _name(spread["attribute"], one), "people": one["people"]}
                for one in spread["categories"]
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
            "place": MultilingualText(one["place"]),
            "label": MultilingualText(one["label"]) if one["label"] else None,
        }
        for one in document["missing"]
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
