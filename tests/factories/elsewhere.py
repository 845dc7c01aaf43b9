"""A house in another country: its places, people, events, dialogue and papers, all in French."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from factories.accounts import InstitutionFactory, UserFactory
from factories.asks import AddresseeFactory, AskFactory
from factories.contacts import (
    ContactPointFactory,
    InteractionFactory,
    OrganisationFactory,
    PersonFactory,
    PostFactory,
    PostHoldingFactory,
)
from factories.dialogues import DialogueFactory, ParticipantFactory, StatementFactory, VoteFactory
from factories.dossiers import BarrierFactory, DossierFactory, FactFactory, NextStepFactory
from factories.events import AgendaItemFactory, EventFactory, InvitationFactory, RoomFactory
from factories.evidence import make_media_item, make_source
from factories.forums import make_forum
from factories.papers import make_paper
from factories.places import CalendarFactory, PlaceFactory
from factories.publishing import make_item, make_public, make_text
from hiwar.accounts.models import Role
from hiwar.dialogues.actions.dialogues import create_dialogue
from hiwar.events.models import Attendance, Event, Note, Venue
from hiwar.legislation.actions.laws import LawFacts, enter_law
from hiwar.places.models import WorkingHours
from hiwar.visits.actions.visits import NewVisit, create_visit
from hiwar.visits.models import Traveller

if TYPE_CHECKING:
    from hiwar.accounts.models import User
    from hiwar.contacts.models import Person
    from hiwar.dialogues.models import Dialogue, Participant
    from hiwar.visits.models import Visit

NOW = datetime(2027, 1, 11, 9, tzinfo=UTC)
ZONE = "Asia/Kathmandu"


@dataclass(frozen=True, slots=True)
class House:
    """What was made, as a test asks for it."""

    director: User
    dialogue: Dialogue
    person: Participant
    visit: Visit
    event: Event


def furnish_house() -> House:
    """Return a house in French with something on nearly every page; the roles must be loaded."""
    director = UserFactory.create(
        name={"fr": "Élodie Gurung"},
        email="elodie@maison.example",
        language="fr",
        roles=["director"],
    )
    director.roles.set(Role.objects.all())
    InstitutionFactory.create(
        name={"fr": "Maison du dialogue"}, short_name={"fr": "La Maison"},
        vision={"fr": "Une société qui écoute"}, values=[{"fr": "Inclusion"}],
        pillars=[{"code": "P1", "name": {"fr": "Bonne gouvernance"},
                  "programmes": [{"code": "P1.1", "name": {"fr": "Forums"}}]}],
    )  # fmt: skip
    province = PlaceFactory.create(code="P", level="province", name={"fr": "Vallée haute"})
    town = PlaceFactory.create(
        code="T",
        level="municipality",
        kind="urban",
        parent=province,
        name={"fr": "Bourg-la-Rivière"},
    )
    calendar = CalendarFactory.create(
        code="ici", name={"fr": "Calendrier de la maison"}, time_zone=ZONE, weekend=[6]
    )
    WorkingHours.objects.create(calendar=calendar, opens=time(9), closes=time(17))
    person = _register(town)
    dossier = DossierFactory.create(
        title={"fr": "Premier emploi"}, slug="premier-emploi", owner=director
    )
    FactFactory.create(dossier=dossier, text={"fr": "Un jeune sur trois"}, source="Annuaire")
    NextStepFactory.create(dossier=dossier, what={"fr": "Écrire au ministère"}, owner=director)
    BarrierFactory.create(
        title={"fr": "Pas de transport"}, evidence={"fr": "Dit en séance."}, kind="access",
        evidence_source="procès-verbal", place=town,
    )  # fmt: skip
    event = _event(director, person)
    dialogue, participant = _dialogue(director)
    visit = _visit(director)
    ask = AskFactory.create(
        dossier=dossier, text={"fr": "Trente pour cent de femmes"}, short={"fr": "Quota 30 %"}
    )
    AddresseeFactory.create(ask=ask, post=PostFactory.create(
        organisation=OrganisationFactory.create(name={"fr": "Ministère du Travail"}),
        title={"fr": "Ministre"},
    ))  # fmt: skip
    make_source(director, title="Le marché du travail", language="fr", publisher="Institut",
                authors=[{"family": "Márquez", "given": "María"}])  # fmt: skip
    make_media_item(director, outlet="Le Matin", language="fr", headline="Les stages",
                    topic="stages")  # fmt: skip
    make_paper(director, language="fr", languages=["fr"], title={"fr": "Les stages"},
               byline="É. Gurung")  # fmt: skip
    make_forum(director, title={"fr": "Premier emploi"}, question={"fr": "Quel premier emploi ?"})
    enter_law(
        actor=director, dossier=dossier, now=NOW,
        facts=LawFacts({"fr": "Loi sur le fonds"}, "law", "NP", "fr", "parliament"),
    )  # fmt: skip
    second = UserFactory.create(name={"fr": "Bina Rai"}, language="fr", roles=["director"])
    text = make_text({"fr": "Une rencontre"}, {"fr": "Quarante personnes."})
    make_public(make_item(director, text, language="fr"), second)
    return House(director, dialogue, participant, visit, event)


def _register(town: object) -> Person:
    mission = OrganisationFactory.create(
        code="AMB", name={"fr": "Ambassade d'Ordune"}, kind="mission", languages=["fr"]
    )
    person = PersonFactory.create(
        shown_name={"fr": "María José García Márquez"}, sort_name="maria jose garcia marquez",
        sex="female", honorific="excellency", place=town, language="",
    )  # fmt: skip
    post = PostFactory.create(
        organisation=mission, title={"fr": "Ambassadrice"}, style="ambassador"
    )
    PostHoldingFactory.create(post=post, person=person)
    ContactPointFactory.create(person=person, value="01-4412345", key="014412345")
    InteractionFactory.create(subject="La loi sur le fonds", organisation=mission)
    OrganisationFactory.create(code="COAL", name={"fr": "Coalition"}, kind="coalition")
    return person


def _event(director: User, person: Person) -> Event:
    venue = Venue.objects.create(code="S", name={"fr": "Salle municipale"})
    event = EventFactory.create(
        title={"fr": "Atelier sur l'emploi"}, zone=ZONE, owner=director, venue=venue,
        starts_on=date(2027, 2, 2), ends_on=date(2027, 2, 2),
    )  # fmt: skip
    room = RoomFactory.create(event=event, code="R1", label={"fr": "Grande salle"})
    item = AgendaItemFactory.create(event=event, title={"fr": "Discussion"})
    Note.objects.create(
        event=event, item=item, text="Payer les stages", language="fr", author=director,
        written_at=NOW, kind=Note.Kind.AGREED,
    )  # fmt: skip
    InvitationFactory.create(event=event, name="Anne Île", person=person)
    Attendance.objects.create(event=event, room=room, name="Anne Île", sex="female", arrived_at=NOW)
    return event


def _dialogue(director: User) -> tuple[Dialogue, Participant]:
    create_dialogue(
        actor=director, template="policy_forum", title={"fr": "Stages payés"},
        question={"fr": "Que faut-il payer ?"}, now=NOW,
    )  # fmt: skip
    dialogue = DialogueFactory.create(
        title={"fr": "Premier emploi"}, question={"fr": "Qu'est-ce qui compte ?"}, slug="emploi",
    )  # fmt: skip
    people = [
        ParticipantFactory.create(
            dialogue=dialogue, sex="female", locality_kind="city", language="fr"
        )
        for _number in range(12)
    ]
    for number in (1, 2, 3):
        statement = StatementFactory.create(
            dialogue=dialogue, number=number, language="fr", text={"fr": f"Idée numéro {number}"}
        )
        for each in people:
            VoteFactory.create(participant=each, statement=statement)
    StatementFactory.create(
        dialogue=dialogue, number=9, language="fr", text={"fr": "À relire"}, state="held",
        source="participant", author=people[0],
    )  # fmt: skip
    return dialogue, people[0]


def _visit(director: User) -> Visit:
    new = NewVisit(
        title={"fr": "Délégation d'Ordune"}, sender={"fr": "Assemblée d'Ordune"},
        starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 3), zone=ZONE,
        home_zone="Europe/Paris", code="ordune",
    )  # fmt: skip
    visit = create_visit(actor=director, template="delegation", new=new, now=NOW)
    Traveller.objects.create(
        visit=visit, number=1, name="Jean Martin", role={"fr": "Député"}, variant="member"
    )
    visit.emergency = [{"name": {"fr": "Permanence"}, "phone": "01-4412000"}]
    visit.save()
    return visit
