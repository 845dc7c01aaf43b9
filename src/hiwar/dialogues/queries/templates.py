"""What a new dialogue begins with: templates, ground rules, groups that targets are set for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.common.vocabularies import entries, lists
from hiwar.dialogues.models import Dialogue, Round
from hiwar.dialogues.queries.attributes import ANSWERED_BY_CODE, answers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hiwar.common.multilingual import MultilingualText
    from hiwar.common.vocabularies.entries import Entry

FILE = Path(__file__).parents[1] / "templates.json"
TEMPLATE, RULE, GROUP = (
    "dialogues.template", "dialogues.ground_rule", "dialogues.target_group",
)  # fmt: skip
ASKED = frozenset([*ANSWERED_BY_CODE, "place"])
PLACE = "place"
# By which answers the groups that are always offered are known.
ANSWERS_OF: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "women": ("sex", ("female",)),
    "youth": ("age_band", ("18-19", "20-24", "25-29", "18-29")),
    "disability": ("disability", ("yes",)),
    PLACE: (PLACE, ()),
}
_TARGET = re.compile(r"(?P<group>[a-z_-]+)\s+(?P<percent>[1-9][0-9]?|100)\s*%")


@dataclass(frozen=True, slots=True)
class TargetGroup:
    """A group of people, or places: key, name, and the answers by which it is known."""

    key: str
    name: MultilingualText
    attribute: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlannedTarget:
    """A target of a template: a share of participants, or for places of the places there are."""

    group: TargetGroup
    share: Decimal


@dataclass(frozen=True, slots=True)
class DialogueTemplate:
    """What a template brings into a dialogue; every value is one that the dialogue may have."""

    rounds: tuple[str, ...]
    asks_about: tuple[str, ...]
    ground_rules: tuple[MultilingualText, ...]
    targets: tuple[PlannedTarget, ...]
    moderation: str
    publication_tier: str


def template_choices() -> list[tuple[str, str]]:
    """Return the templates as a form offers them, each with what it is for."""
    return entries.choices_told(TEMPLATE)


def find_template(code: str) -> DialogueTemplate | None:
    """Return a template; lines that cannot be read are left out, the most careful value stands."""
    entry = entries.entries(TEMPLATE).get(code)
    if entry is None:
        return None
    groups, rules = target_groups(), entries.texts(RULE)
    targets = [
        PlannedTarget(groups[line["group"]], Decimal(line["percent"]) / 100)
        for text in entry.words("targets")
        if (line := _TARGET.fullmatch(text.strip())) and line["group"] in groups
    ]
    return DialogueTemplate(
        rounds=_known(entry, "rounds", Round.Kind.values) or (Round.Kind.VOTE,),
        asks_about=_known(entry, "asks", ASKED),
        ground_rules=tuple(rules[word] for word in entry.words("rules") if word in rules),
        targets=tuple(targets),
        moderation=next(
            iter(_known(entry, "moderation", Dialogue.Moderation.values)),
            Dialogue.Moderation.HOLD_FIRST,
        ),
        publication_tier=next(
            iter(_known(entry, "publication", Dialogue.Tier.values)), Dialogue.Tier.COUNTS
        ),
    )


def target_groups() -> dict[str, TargetGroup]:
    """Return the groups that a target can be set for, by key: each sector is one as well."""
    names = entries.texts(GROUP)
    groups = [TargetGroup(key, names[key], *known) for key, known in ANSWERS_OF.items()]
    groups += [
        TargetGroup(f"sector-{code}", name, "sector", (code,))
        for code, name in answers("sector").items()
    ]
    return {group.key: group for group in groups}


def target_choices() -> list[tuple[str, str]]:
    """Return the groups that a target can be set for, as a form offers them."""
    return [(key, str(group.name)) for key, group in target_groups().items()]


def _known(entry: Entry, name: str, values: Sequence[str] | frozenset[str]) -> tuple[str, ...]:
    return tuple(word for word in entry.words(name) if word in values)


_ROOM = _("Dialogues")
VOCABULARIES = (
    lists.Vocabulary(
        TEMPLATE, _("Templates of dialogues"), _ROOM, lists.seed_of(FILE, "template"),
        about=_("What a new dialogue begins with; dialogues that are there stay as they are."),
        properties=(
            lists.NAME,
            lists.Property("about", _("When it fits"), lists.Kind.LONG_TEXT),
            lists.Property(
                "rounds", _("Rounds"), lists.Kind.WORDS,
                help=_("collect, vote or recommend, one to a line, in their order."),
            ),
            lists.Property(
                "asks", _("Questions to participants"), lists.Kind.WORDS,
                help=_("Of sex, age_band, place, disability, sector, one to a line."),
            ),
            lists.Property(
                "rules", _("Ground rules"), lists.Kind.WORDS,
                help=_("Codes of the list of ground rules, one to a line, in their order."),
            ),
            lists.Property(
                "targets", _("Targets"), lists.Kind.WORDS,
                help=_("One a line: women 50%, youth 40%, disability 5%, place 75%."),
            ),
            lists.Property(
                "moderation", _("Review"), lists.Kind.WORDS, help=_("hold_first or open."),
            ),
            lists.Property(
                "publication", _("What is published"), lists.Kind.WORDS,
                help=_("A (counts), B (votes by statement) or C (rows of votes)."),
            ),
        ),
    ),
    lists.Vocabulary(
        RULE, _("Ground rules of dialogues"), _ROOM, lists.seed_of(FILE, "ground_rule"),
        about=_("Templates name them by code; a dialogue keeps the words it began with."),
    ),
    lists.Vocabulary(
        GROUP, _("Groups that targets are set for"), _ROOM, lists.seed_of(FILE, "target_group"),
        about=_("Beside the sectors. What a target of a dialogue is called stays as it was."),
        is_closed=True,
    ),
)  # fmt: skip
