"""Examples of addresses of visits."""

from typing import Any

from django.utils import timezone

from hiwar.accounts.models import User
from hiwar.visits.actions.sharing import make_link
from hiwar.visits.models import Traveller, Visit


def link(kind: str) -> dict[str, Any]:
    visit = Visit.objects.get(code="velmark-2027")
    actor = User.objects.filter(roles__code="director").earliest("pk")
    _, token = make_link(
        actor=actor, visit=visit, kind=kind, now=timezone.now(),
        traveller=Traveller.objects.filter(visit=visit).earliest("pk"),
    )  # fmt: skip
    return {"token": token}


def programme() -> dict[str, Any]:
    return link("programme")


def feedback() -> dict[str, Any]:
    return link("feedback")


EXAMPLES = {
    "public_visits:calendar": programme,
    "public_visits:feedback": feedback,
    "public_visits:programme": programme,
    "public_visits:state": programme,
}
