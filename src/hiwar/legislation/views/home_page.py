"""The sections of laws on the first page of the site: consultations that are open, laws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hiwar.common import dates
from hiwar.common.home_page import HomeItem, HomeSection
from hiwar.legislation.queries.consultations import open_public_consultations
from hiwar.legislation.queries.public import public_laws

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

MOST = 3


def consultations(language: str, now: datetime) -> Iterator[HomeItem]:
    """Yield the drafts that anybody may comment on now, the one that closes next first."""
    for consultation in open_public_consultations(now):
        law = consultation.law
        yield HomeItem(
            title=law.title.marked,
            url=reverse("public_laws:consultation", args=[language, law.pk, consultation.pk]),
            facts=(
                _("comments until %(day)s, %(time)s")
                % {
                    "day": dates.day(consultation.closes_on),
                    "time": f"{consultation.closes:%H:%M}",
                },
            ),
        )


def laws(language: str, now: datetime) -> Iterator[HomeItem]:
    """Yield the laws that were published last."""
    for law in public_laws()[:MOST]:
        yield HomeItem(
            title=law.title.marked, url=reverse("public_laws:law", args=[language, law.pk])
        )


CONSULTATIONS = HomeSection(
    "consultations", 15, gettext_lazy("Drafts open to comments"), consultations
)
LAWS = HomeSection(
    "laws", 50, gettext_lazy("Laws we follow"), laws, "public_laws:laws", gettext_lazy("All laws")
)
