"""Examples of addresses of visits."""

from typing import Any

from django.utils import timezone

from factories.visits import make_visit
from hiwar.accounts.models import User
from hiwar.visits.actions.packs import ask_pack, keep_file
from hiwar.visits.actions.sharing import make_link
from hiwar.visits.actions.visits import publish_visit
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


def planned_visit() -> dict[str, Any]:
    return {"code": "velmark-2027"}


def published_visit() -> dict[str, Any]:
    actor = User.objects.filter(roles__code="director").earliest("pk")
    visit = make_visit(actor)
    visit.state = Visit.State.HELD
    visit.save()
    publish_visit(actor=actor, visit=visit, summary={"ar": "زارنا وفد."}, now=timezone.now())
    return {"code": visit.code}


def made_pack() -> dict[str, Any]:
    now = timezone.now()
    actor = User.objects.filter(roles__code="director").earliest("pk")
    build = ask_pack(actor=actor, visit=Visit.objects.get(code="velmark-2027"), now=now)
    variant, language = build.wanted[0]
    keep_file(
        build=build, variant=variant, language=language, content=b"%PDF-1.7", pages=1, now=now
    )
    return {"code": build.visit.code, "key": build.files.get().pk}


EXAMPLES = {
    "public_visits:fact": published_visit,
    "public_visits:public_calendar": published_visit,
    "visits:pack_file": made_pack,
    "public_visits:calendar": programme,
    "public_visits:feedback": feedback,
    "public_visits:programme": programme,
    "public_visits:state": programme,
}
