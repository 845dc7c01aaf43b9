"""Examples of addresses of asks."""

from django.utils import timezone

from factories.asks import AskFactory
from hiwar.accounts.models import User
from hiwar.asks.actions.positions import make_position_link
from hiwar.asks.models import Ask, Position


def draft_ask() -> dict[str, object]:
    approved = Ask.objects.earliest("pk")
    return {"key": AskFactory.create(dossier=approved.dossier, number=99, state="drafted").pk}


def link_of_an_organisation() -> dict[str, str]:
    position = Position.objects.earliest("pk")
    _, token = make_position_link(
        actor=User.objects.filter(roles__code="director").earliest("pk"),
        dossier=position.ask.dossier, organisation=position.organisation, now=timezone.now(),
    )  # fmt: skip
    return {"token": token}


def position() -> dict[str, object]:
    return {"key": Position.objects.filter(retracted_at=None).earliest("pk").pk}


EXAMPLES = {
    "asks:edit": draft_ask,
    "asks:retract": position,
    "public_asks:own": link_of_an_organisation,
}
