"""What dialogues lend to the open data: published results, statements, and counts by group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from hiwar.common.navigation import PageSource, PublicPage, paths_of
from hiwar.common.tables.lending import (
    DOSSIER,
    KEY,
    PAGE,
    PUBLISHED,
    TITLE,
    Column,
    Holds,
    PublicTable,
    Theme,
    page_address,
)
from hiwar.dialogues.exports.files import COUNTS
from hiwar.dialogues.models import Publication
from hiwar.dialogues.queries.home_page import published_results
from hiwar.dossiers.queries.public import public_codes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

DIALOGUE = Column("dialogue", _("Code of the dialogue, as in its address."))
STATEMENT = Column("statement", _("Number of the statement in its dialogue."), Holds.INTEGER)
COUNTED = (
    Column("agree", _("How many agreed; empty where so few answered that it is hidden."),
           Holds.INTEGER),
    Column("disagree", _("How many disagreed; empty where hidden."), Holds.INTEGER),
    Column("pass", _("How many passed; empty where hidden."), Holds.INTEGER),
    Column("seen", _("How many answered at all; empty where hidden."), Holds.INTEGER),
)  # fmt: skip


def _documents(now: datetime) -> Iterator[tuple[Publication, dict[str, Any]]]:
    """Yield the results that everybody reads with what their pages say, newest first; two queries.

    What is hidden in a document is hidden here.
    """
    shown = published_results(now)
    documents = dict(
        Publication.objects.filter(pk__in=[publication.pk for publication in shown])
        .order_by()
        .values_list("pk", "document")
    )
    for publication in shown:
        yield publication, documents[publication.pk]


def results(now: datetime) -> Iterator[list[object]]:
    """Yield one row for each dialogue with published results."""
    dossiers = public_codes()
    for publication, document in _documents(now):
        dialogue = publication.dialogue
        inputs = document["inputs"]
        yield [
            document["code"], document["title"], document["question"], publication.version,
            publication.published_at or publication.embargo_until, document["opened"],
            document["closed"], document["outcome"], inputs["participants"], inputs["votes"],
            inputs["statements"], len(document["groups"]), document["threshold"],
            publication.correction, publication.bundle_hash,
            dossiers.get(dialogue.dossier_id) if dialogue.dossier_id else None,
            page_address("public_dialogues:results", document["code"]),
        ]  # fmt: skip


def statements(now: datetime) -> Iterator[list[object]]:
    """Yield one row for each statement of published results."""
    for _publication, document in _documents(now):
        for row in document["statements"]:
            counts = row["counts"] or {}
            yield [
                f"{document['code']}-{row['number']}", document["code"], row["number"],
                row["texts"], *(counts.get(name) for name in COUNTS), row["shared"],
                row["dividing"],
            ]  # fmt: skip


def group_counts(now: datetime) -> Iterator[list[object]]:
    """Yield one row for each statement and group of published results."""
    for _publication, document in _documents(now):
        for row in document["statements"]:
            for at, counts in enumerate(row["groups"]):
                letter = chr(ord("A") + at)
                yield [
                    f"{document['code']}-{row['number']}-{letter}", document["code"],
                    row["number"], letter, *((counts or {}).get(name) for name in COUNTS),
                ]  # fmt: skip


def result_pages(now: datetime) -> Iterator[PublicPage]:
    """Yield the pages of published results, as feeds and the map of the site tell of them."""
    dossiers = public_codes()
    for publication in published_results(now):
        dialogue = publication.dialogue
        began = publication.published_at or publication.embargo_until
        yield PublicPage(
            str(publication.pk), dialogue.title,
            paths_of("public_dialogues:results", dialogue.code), began, began,
            summary=dialogue.question,
            dossier=dossiers.get(dialogue.dossier_id, "") if dialogue.dossier_id else "",
        )  # fmt: skip


PUBLIC_PAGES = PageSource("results", 20, _("Results of dialogues"), result_pages)

PUBLIC_TABLES = (
    PublicTable(
        "dialogue-results", 10, _("Results of dialogues"),
        _("Each dialogue whose results are published, in the newest version: how many took part, "
          "how many groups there are."),
        Theme.SOCIETY,
        (
            KEY, TITLE, Column("question", _("What was asked."), Holds.TEXTS),
            Column("version", _("Version of the results."), Holds.INTEGER), PUBLISHED,
            Column("opened_on", _("First day of the dialogue."), Holds.DAY),
            Column("closed_on", _("Last day of the dialogue."), Holds.DAY),
            Column("outcome", _("What the engine says of groups, as a code.")),
            Column("participants", _("How many people voted."), Holds.INTEGER),
            Column("votes", _("How many votes were counted."), Holds.INTEGER),
            Column("statements", _("How many statements were counted."), Holds.INTEGER),
            Column("groups", _("How many groups are shown."), Holds.INTEGER),
            Column("threshold", _("Numbers of fewer people than this are hidden."), Holds.INTEGER),
            Column("correction", _("What was corrected in this version.")),
            Column("votes_sha256", _("Checksum (SHA-256) of the file with which the votes are "
                                     "counted again.")),
            DOSSIER, PAGE,
        ),
        results,
    ),
    PublicTable(
        "dialogue-statements", 11, _("Statements of dialogues"),
        _("Each statement that was counted in published results, with how many agreed and "
          "disagreed."),
        Theme.SOCIETY,
        (
            KEY, DIALOGUE, STATEMENT, Column("text", _("The statement."), Holds.TEXTS), *COUNTED,
            Column("shared", _("Whether all groups share it."), Holds.BOOLEAN),
            Column("dividing", _("Whether it divides the groups."), Holds.BOOLEAN),
        ),
        statements,
    ),
    PublicTable(
        "dialogue-groups", 12, _("Statements by group"),
        _("How each group of a dialogue answered each statement, as published."), Theme.SOCIETY,
        (KEY, DIALOGUE, STATEMENT, Column("group", _("Letter of the group.")), *COUNTED),
        group_counts,
    ),
)  # fmt: skip
