"""What visits keep for a time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.common.dates import local_day
from hiwar.common.personal.retention import KeepingClass
from hiwar.visits.actions.packs import drop_packs
from hiwar.visits.models import PackBuild, Permit, Traveller, VisitItem

if TYPE_CHECKING:
    from datetime import datetime

DAYS = 14


@transaction.atomic
def forget_journeys(*, now: datetime) -> int:
    """Forget how travellers were reached and what they needed, and the packs; who came stays."""
    before = local_day(now) - timedelta(days=DAYS)
    travellers = Traveller.objects.filter(visit__ends_on__lt=before)
    bare = {"phone": "", "diet": "", "needs": "", "is_step_free": False}
    count = travellers.exclude(**bare).update(**bare)
    count += Permit.objects.filter(traveller__in=travellers).delete()[0]
    count += drop_packs(builds=PackBuild.objects.filter(visit__ends_on__lt=before), now=now)
    calls = VisitItem.objects.filter(visit__ends_on__lt=before).exclude(phone="")
    return count + calls.update(phone="")


KEPT = (
    KeepingClass(
        "visits.journeys",
        _("telephones, diets, needs, permits and packs of travellers"),
        _("from the last day of the visit"),
        lambda: DAYS,
        forget_journeys,
    ),
    KeepingClass(
        "visits.documents",
        _("travel documents, sealed; a visit may say otherwise"),
        _("from the last day of the visit"),
        lambda: DAYS,
        duty="visits.delete_documents",
    ),
)
