"""A house of which something of every kind is public, each thing with the same word in it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from typing import Any

from factories.accounts import InstitutionFactory, UserFactory
from factories.asks import AddresseeFactory, AnswerFactory, AskFactory, AskPointFactory
from factories.contacts import OrganisationFactory
from factories.dialogues import DialogueFactory
from factories.dossiers import DossierFactory, StateChangeFactory
from factories.events import EventFactory
from factories.evidence import make_instrument, make_media_item, make_source
from factories.evidence import make_item as make_evidence
from factories.legislation import make_law, make_version
from factories.papers import make_paper
from factories.publishing import make_item, make_public, make_text
from hiwar.asks.models import AnswerPoint, Commitment, Outcome, StateChange
from hiwar.dialogues.models import Publication
from hiwar.dossiers.models import JointStatement, JointText
from hiwar.events.models import Conclusion, Minutes
from hiwar.evidence.models import Instrument, InstrumentArticle
from hiwar.forums.models import Forum
from hiwar.legislation.models import (
    Amendment,
    AmendmentOutcome,
    Comment,
    Consultation,
    Law,
    LawVersion,
    LegislativeStep,
    OfficialAnswer,
)
from hiwar.papers.models import PaperVersion
from hiwar.publishing.actions.profile import change_profile
from hiwar.signatures.models import Signature, Signing, SigningVersion

NOW = datetime(2027, 7, 4, 9, tzinfo=UTC)
DAY = date(2027, 7, 1)
WORD = "Quicksilver"
TEXT = {"ar": f"زئبق {WORD}", "en": WORD}
COUNTS = {"agree": 9, "disagree": 2, "pass": 1, "seen": 12}


def public_house() -> dict[str, Any]:
    """Make something public of every kind that is lent to the open data; return it by name."""
    InstitutionFactory.create()
    media, director = UserFactory.create(roles=["media"]), UserFactory.create(roles=["director"])
    researcher = UserFactory.create(roles=["researcher"])
    dossier = DossierFactory.create(
        code="OPEN", title=TEXT, owner=director, visibility="public", where_it_stands=TEXT
    )
    StateChangeFactory.create(dossier=dossier)
    made: dict[str, Any] = {"dossier": dossier, "director": director, "media": media}
    made["publication"] = _results(dossier)
    made |= _joint_statement(dossier, director)
    event = EventFactory.create(
        title=TEXT, visibility="public", published_at=NOW, dossier=dossier, where=TEXT
    )
    made["event"] = event
    made["minutes"] = Minutes.objects.create(
        event=event, audience="public", drafted_by=director, drafted_at=NOW, published_at=NOW
    )
    Conclusion.objects.create(event=event, kind="agreed", text=TEXT)
    made["version"] = _paper(dossier)
    made["forum"] = Forum.objects.create(
        code="first-job", template="policy_forum", title=TEXT, question=TEXT, who_decides=TEXT,
        decision_on=DAY, state="approved", started_by=director, started_at=NOW, approved_at=NOW,
        approved_by=director, visibility="public", dossier=dossier,
    )  # fmt: skip
    made |= _law(dossier)
    made |= _asks(dossier, director, researcher)
    instrument = make_instrument(researcher)
    Instrument.objects.update(visibility="public", title=TEXT)
    InstrumentArticle.objects.update(text=TEXT)
    made["instrument"] = instrument
    made["item_of_media"] = make_media_item(
        researcher, headline=WORD, visibility="public", dossier=dossier
    )
    made["item"] = make_public(make_item(media, make_text(TEXT, TEXT)), director)
    made["profile"] = change_profile(actor=None, now=NOW, changes={
        "officers": [{"from": "2027-01-01", "until": "", "office": TEXT, "person": TEXT}],
        "funders": [{"year": 2026, "share": 60, "name": TEXT}],
    })  # fmt: skip
    return made


def _results(dossier: Any) -> Publication:
    dialogue = DialogueFactory.create(dossier=dossier, state="closed", title=TEXT)
    row = {
        "number": 1, "texts": TEXT, "counts": COUNTS, "groups": [COUNTS, None], "shared": True,
        "dividing": False,
    }  # fmt: skip
    hidden = row | {"number": 2, "counts": None, "groups": [None, None], "shared": False}
    return Publication.objects.create(
        dialogue=dialogue, version=1, made_at=NOW, published_at=NOW, state="published",
        bundle_hash="a" * 64, document={
            "code": dialogue.code, "title": TEXT, "question": TEXT, "opened": "2027-05-01",
            "closed": "2027-06-01", "outcome": "none", "gap": {}, "threshold": 5, "tier": "A",
            "answer": {"shared": 1, "statements": 1, "groups": 2},
            "inputs": {"participants": 12, "votes": 24, "statements": 2,
                       "participants_in_map": 12},
            "groups": [{"id": 0, "size": 7}, {"id": 1, "size": 5}], "statements": [row, hidden],
            "tables": [],
        },
    )  # fmt: skip


def _joint_statement(dossier: Any, director: Any) -> dict[str, Any]:
    signing = Signing.objects.create(kind="dossiers.joint", made_at=NOW)
    words = SigningVersion.objects.create(
        signing=signing, number=1, title=TEXT, text=TEXT, checksum="c" * 64, opened_at=NOW
    )
    statement = JointStatement.objects.create(
        dossier=dossier, code="together", kind="statement", signing=signing, created_at=NOW,
        visibility="public",
    )  # fmt: skip
    text = JointText.objects.create(
        statement=statement, number=1, state="published", title=TEXT, text=TEXT, version=words,
        made_by=director, made_at=NOW, published_at=NOW,
    )  # fmt: skip
    Signature.objects.create(
        version=words, organisation=OrganisationFactory.create(name=TEXT),
        organisation_name=TEXT, signer="Persona Grata", function="Chair", way="paper",
        source="Inner note", signed_at=NOW, position=1, made_at=NOW, typed_by=director,
    )  # fmt: skip
    return {"statement": statement, "text": text}


def _paper(dossier: Any) -> PaperVersion:
    paper = make_paper(dossier=dossier)
    content = {
        "code": paper.code, "version": 1, "kind": "policy_brief", "language": "ar",
        "languages": ["ar", "en"], "title": TEXT, "byline": [WORD], "correction": {},
        "institution": TEXT,
        "citations": [], "blocks": [
            {"key": "1" * 32, "kind": "recommendation", "part": "", "texts": TEXT,
             "recommendation": {"post": TEXT, "organisation": TEXT, "budget": {},
                                "citations": [], "equity": [], "money": False,
                                "gender_marker": None}},
        ],
    }  # fmt: skip
    return PaperVersion.objects.create(
        paper=paper, number=1, content=json.dumps(content), sha256="b" * 64,
        frozen_by=paper.owner, frozen_at=NOW, published_at=NOW,
    )  # fmt: skip


def _law(dossier: Any) -> dict[str, Any]:
    law = make_law()
    first = make_version(law)
    Law.objects.update(visibility="public", title=TEXT, summary=TEXT, dossier=dossier)
    LawVersion.objects.update(visibility="public", published_at=NOW, source=WORD)
    owner = first.added_by
    step = LegislativeStep.objects.create(
        law=law, kind="suspended", happened_on=DAY, evidence="press", recorded_by=owner,
        recorded_at=NOW, note="Inner note",
    )  # fmt: skip
    amendment = Amendment.objects.create(
        law=law, version=first, number=1, kind="substitution", eid="art_2", text=TEXT,
        reason=TEXT, state="adopted", is_published=True, created_by=owner, created_at=NOW,
    )  # fmt: skip
    AmendmentOutcome.objects.create(
        amendment=amendment, version=first, result="weaker", suggested="same",
        confirmed_by=owner, confirmed_at=NOW, note="Inner note",
    )  # fmt: skip
    consultation = Consultation.objects.create(
        law=law, version=first, opens_on=DAY, opens=time(9), closes_on=DAY, closes=time(16),
        time_zone="Asia/Hebron", created_by=owner, created_at=NOW, answered_at=NOW,
        answered_by=owner,
    )  # fmt: skip
    comment = Comment.objects.create(
        consultation=consultation, number=1, channel="web", text=f"{WORD} 0599123456",
        language="ar", received_on=DAY, submitter="citizen", name="Salma Named",
        organisation="Guild Named", may_publish=True, may_name=True, is_published=True,
        disposition="taken_up", disposition_reason="Answered reason", contact=b"Sealed",
    )  # fmt: skip
    answer = OfficialAnswer.objects.create(
        law=law, body="Ministry", text=TEXT, source="Letter", answered_on=DAY, is_published=True,
        recorded_by=owner, recorded_at=NOW,
    )  # fmt: skip
    return {
        "law": law, "law_version": first, "step": step, "amendment": amendment,
        "consultation": consultation, "comment": comment, "official_answer": answer,
    }  # fmt: skip


def _asks(dossier: Any, director: Any, researcher: Any) -> dict[str, Any]:
    ask = AskFactory.create(dossier=dossier, text=TEXT, short=TEXT, visibility="public")
    point = AskPointFactory.create(ask=ask, act=TEXT)
    addressee = AddresseeFactory.create(ask=ask, post__title={"en": "Secret post"})
    answer = AnswerFactory.create(
        addressee=addressee, words=WORD, may_publish=True, giver_name="Giver Unnamed"
    )
    AnswerPoint.objects.create(answer=answer, point=point, verdict="accepted")
    source = make_evidence(make_source(researcher))
    commitment = Commitment.objects.create(
        point=point, post=addressee.post, words=TEXT, made_on=DAY, is_public=True, item=source,
        recorded_by=researcher, recorded_at=NOW, state="unkept",
    )  # fmt: skip
    change = StateChange.objects.create(
        commitment=commitment, before="made", after="unkept", day=DAY, reason="Inner reason",
        recorded_by=researcher, recorded_at=NOW, verified_by=director, verified_at=NOW,
        reply=f"{WORD} reply",
    )  # fmt: skip
    outcome = Outcome.objects.create(
        point=point, result="weaker", on=DAY, note=WORD, recorded_by=researcher,
        recorded_at=NOW, confirmed_by=director, confirmed_at=NOW,
    )  # fmt: skip
    return {"ask": ask, "answer": answer, "commitment": commitment, "change": change,
            "outcome": outcome}  # fmt: skip
