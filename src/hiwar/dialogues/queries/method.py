"""How it was counted, in words: the texts that travel with published votes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping

LICENCE = "CC BY 4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"


def method_files(findings: Mapping[str, Any]) -> dict[str, str]:
    """Return the method in every language and the record of what was hidden."""
    parts = []
    for code, name in settings.LANGUAGES:
        with translation.override(code):
            parts.append("\n\n".join([f"# {name}", *_paragraphs(findings)]))
    rooms = findings.get("rooms") or {}
    with_rooms = bool(rooms.get("rows"))
    hidden = {
        "threshold": findings["threshold"],
        "statements_hidden": [
            row["number"] for row in findings["statements"] if row["counts"] is None
        ],
        "rules": [
            "counts of fewer people than the threshold are hidden",
            "further cells are hidden so that no sum gives a hidden one away",
            "where nine in ten of a category answered alike, the numbers are hidden",
            *(["rooms with fewer people than the smallest room are counted together"] * with_rooms),
        ],
        "smallest_room": rooms["threshold"] if with_rooms else None,
        "epsilon_spent": 0,
    }
    return {
        "method.md": "\n\n".join(parts) + "\n",
        "sdc.json": json.dumps(hidden, ensure_ascii=False, indent=1) + "\n",
    }


def _paragraphs(findings: Mapping[str, Any]) -> list[str]:
    return [
        _(
            "Everybody's latest vote on each statement is counted once. Registrations of one "
            "person were joined before counting; blocked registrations are left out."
        ),
        _("Those who took part chose to. They are not a sample of the population."),
        _(
            "Statements on which fewer than %(threshold)s people voted are left out of the log of "
            "votes and of the counts."
        )
        % {"threshold": findings["threshold"]},
        *_about_rooms(findings.get("rooms") or {}),
        tier_promise(findings["tier"]),
        _("Licence: %(licence)s, %(url)s") % {"licence": LICENCE, "url": LICENCE_URL},
    ]


def _about_rooms(rooms: Mapping[str, Any]) -> list[str]:
    if not rooms.get("rows"):
        return []
    facts = {"share": rooms["share"], "threshold": rooms["threshold"]}
    return [
        _(
            "A statement is bridging when at least %(share)s%% of the votes on it, passes included,"
            " agree in every room that is shown and in every opinion group. Rooms with fewer than "
            "%(threshold)s people are counted together with others. The room of a vote is not in "
            "this file, so counts by room cannot be recounted from it."
        )
        % facts
    ]


def tier_promise(tier: str) -> str:
    """Say what is published in a tier, and what anybody can recount."""
    if tier == "A":
        return _(
            "Published are totals and a sealed log of votes. Nobody can change the log without it "
            "showing; the totals can be recounted by an auditor, not by everybody."
        )
    if tier == "B":
        return _(
            "Published is every vote by statement, shuffled, and nothing links two votes of a "
            "person. Everybody can recount the totals."
        )
    return _(
        "Published are the votes in rows, one for each person, under new numbers. Everybody can "
        "recount the totals and the groups."
    )
