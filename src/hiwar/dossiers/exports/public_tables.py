"""What dossiers lend to the open data: public dossiers, their states, joint statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from hiwar.dossiers.models import StateChange
from hiwar.dossiers.queries.joint import public_statements, signatories
from hiwar.dossiers.queries.public import public_codes, public_dossiers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

STATE = Column("state", _("State, as a code."))


def dossiers(_now: datetime) -> Iterator[list[object]]:
    """Yield the dossiers that everybody may read."""
    for dossier in public_dossiers():
        yield [
            dossier.code, dossier.title, dossier.where_it_stands, dossier.aim, dossier.state,
            dossier.programme.name if dossier.programme else None,
            page_address("public_dossiers:dossier", dossier.code),
        ]  # fmt: skip


def states(_now: datetime) -> Iterator[list[object]]:
    """Yield the states of public dossiers with their days; reasons and sources are not read."""
    codes = public_codes()
    changes = StateChange.objects.filter(dossier__in=list(codes), taken_back_at=None)
    rows = changes.order_by("dossier__code", "on", "pk").values_list("pk", "dossier", "after", "on")
    for key, dossier, state, on in rows:
        yield [key, codes[dossier], state, on]


def joint_statements(_now: datetime) -> Iterator[list[object]]:
    """Yield the joint statements that stand, each in its newest published version."""
    codes = public_codes()
    for text in public_statements():
        signed = signatories(text)
        yield [
            text.statement.code, text.title, text.text, text.number, text.published_at,
            signed.count, len(signed.reserved), text.fingerprint,
            codes.get(text.statement.dossier_id),
            page_address("public_dossiers:statement", text.statement.code),
        ]  # fmt: skip


def signatures(_now: datetime) -> Iterator[list[object]]:
    """Yield the organisations that signed, as the page of each statement lists them."""
    for text in public_statements():
        for row in signatories(text).rows:
            yield [
                f"{text.statement.code}-{text.number}-{row.number}", text.statement.code,
                row.number, row.name, row.signed_at, row.is_reserved, row.reservation,
            ]  # fmt: skip


def statement_pages(_now: datetime) -> Iterator[PublicPage]:
    """Yield the joint statements that stand, as feeds and the map of the site tell of them."""
    codes = public_codes()
    for text in public_statements():
        yield PublicPage(
            str(text.pk), text.title,
            paths_of("public_dossiers:statement", text.statement.code, languages=text.title),
            text.published_at, text.published_at, text=text.text,
            dossier=codes.get(text.statement.dossier_id, ""),
        )  # fmt: skip


def dossier_pages(_now: datetime) -> Iterator[PublicPage]:
    """Yield the dossiers that everybody may read; a dossier itself is no news."""
    for dossier in public_dossiers():
        yield PublicPage(
            str(dossier.pk), dossier.title, paths_of("public_dossiers:dossier", dossier.code),
            dossier=dossier.code,
        )  # fmt: skip


PUBLIC_PAGES = (
    PageSource("joint-statements", 30, _("Joint statements"), statement_pages),
    PageSource("dossiers", 90, _("Dossiers"), dossier_pages),
)

PUBLIC_TABLES = (
    PublicTable(
        "dossiers", 20, _("Dossiers"),
        _("The issues that the institution follows and that everybody may read, and where each "
          "stands."),
        Theme.GOVERNMENT,
        (
            KEY, TITLE, Column("where_it_stands", _("Where it stands, in a sentence."),
                               Holds.TEXTS),
            Column("aim", _("What is aimed at."), Holds.TEXTS), STATE,
            Column("programme", _("The programme it belongs to."), Holds.TEXTS), PAGE,
        ),
        dossiers,
    ),
    PublicTable(
        "dossier-states", 21, _("States of dossiers"),
        _("When each dossier came to which state."), Theme.GOVERNMENT,
        (KEY, DOSSIER, STATE, Column("on", _("The day."), Holds.DAY)), states,
    ),
    PublicTable(
        "joint-statements", 30, _("Joint statements"),
        _("What organisations declared together, in the version that stands."), Theme.GOVERNMENT,
        (
            KEY, TITLE, Column("text", _("The whole text."), Holds.TEXTS),
            Column("version", _("Version of the text."), Holds.INTEGER), PUBLISHED,
            Column("signatures", _("How many organisations signed."), Holds.INTEGER),
            Column("reservations", _("How many of them with reservation."), Holds.INTEGER),
            Column("fingerprint", _("The first characters of a digest of title and text.")),
            DOSSIER, PAGE,
        ),
        joint_statements,
    ),
    PublicTable(
        "joint-signatures", 31, _("Signatures under joint statements"),
        _("Which organisations signed which statement, with their reservations."),
        Theme.GOVERNMENT,
        (
            KEY, Column("joint_statement", _("Code of the joint statement.")),
            Column("number", _("Place in the order of signing."), Holds.INTEGER),
            Column("organisation", _("Name of the organisation."), Holds.TEXTS),
            Column("signed_at", _("When it signed."), Holds.INSTANT),
            Column("is_reserved", _("Whether it signed with reservation."), Holds.BOOLEAN),
            Column("reservation", _("Its reservation, in its words.")),
        ),
        signatures,
    ),
)  # fmt: skip
