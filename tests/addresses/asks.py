"""Examples of addresses of asks."""

from django.utils import timezone

from factories.asks import (
    AddresseeFactory,
    AnswerFactory,
    AnswerLinkFactory,
    AskFactory,
    AskPointFactory,
)
from hiwar.accounts.models import User
from hiwar.asks.actions.positions import make_position_link
from hiwar.asks.models import Ask, Position


def draft_ask() -> dict[str, object]:
    approved = Ask.objects.earliest("pk")
    draft = Ask.objects.filter(dossier=approved.dossier, number=99).first()
    draft = draft or AskFactory.create(dossier=approved.dossier, number=99, state="drafted")
    return {"key": draft.pk}


def link_of_an_organisation() -> dict[str, str]:
    position = Position.objects.earliest("pk")
    _, token = make_position_link(
        actor=User.objects.filter(roles__code="director").earliest("pk"),
        dossier=position.ask.dossier, organisation=position.organisation, now=timezone.now(),
    )  # fmt: skip
    return {"token": token}


def position() -> dict[str, object]:
    return {"key": Position.objects.filter(retracted_at=None).earliest("pk").pk}


def point() -> dict[str, object]:
    return {"key": AskPointFactory.create(ask=Ask.objects.get(pk=draft_ask()["key"])).pk}


def addressee() -> dict[str, object]:
    ask = Ask.objects.filter(state="approved").earliest("pk")
    return {"key": AddresseeFactory.create(ask=ask).pk}


def answer_by_link() -> dict[str, object]:
    link = AnswerLinkFactory.create(addressee_id=addressee()["key"])
    return {"key": AnswerFactory.create(addressee=link.addressee, way="link", link=link).pk}


EXAMPLES = {
    "asks:remove_point": point,
    "asks:take_addressee_state": addressee,
    "asks:record_answer": addressee,
    "asks:remove_addressee": addressee,
    "asks:confirm_answer": answer_by_link,
    "asks:add_point": draft_ask,
    "asks:add_addressee": draft_ask,
    "asks:approve": draft_ask,
    "asks:edit": draft_ask,
    "asks:retract": position,
    "public_asks:own": link_of_an_organisation,
}
