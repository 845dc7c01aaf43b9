"""Procedures as data: what an administrator changes stays, and steps go as they foresee."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from factories.accounts import UserFactory, sign_in_fully
from factories.legislation import NOW, make_law, make_version
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.models import AuditEntry
from hiwar.legislation.actions import procedures as act
from hiwar.legislation.actions import steps
from hiwar.legislation.actions.laws import publish_version
from hiwar.legislation.models import Law, Procedure, Stage
from hiwar.legislation.queries.procedures import all_procedures, shipped_procedures

if TYPE_CHECKING:
    from django.test import Client

    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
STAGE = {
    "name": {"en": "Notice"}, "decided_by": {}, "basis": {}, "document": {}, "clock_days": 15,
    "counts_working_days": True, "rolls": False, "proofs": ["official_text"], "may_repeat": False,
    "may_return": False,
}  # fmt: skip


@pytest.fixture
def admin(roles: object) -> User:
    return UserFactory.create(roles=["admin"])


@pytest.fixture
def officer(roles: object) -> User:
    return UserFactory.create(roles=["researcher"])


def codes(procedure: str) -> list[str]:
    stages = Stage.objects.filter(procedure__code=procedure, is_retired=False)
    return list(stages.order_by("position").values_list("code", flat=True))


def comes(
    law: Law, code: str, on: date | None, proof: str = "official_text", note: str = ""
) -> None:
    stage = law.procedure.stages.get(code=code)
    assert law.owner is not None
    facts = steps.StepFacts("stage", stage, on, proof, note=note)
    steps.record_step(actor=law.owner, law=law, facts=facts, now=NOW)


def test_the_six_kinds_are_there_before_anybody_uses_one() -> None:
    shipped = {line.code for line in all_procedures()}
    assert shipped >= {
        "ps-decree-law", "ps-plc-law", "parliament", "cabinet-regulation", "municipal-by-law",
        "public-consultation",
    }  # fmt: skip
    assert not Procedure.objects.exists()
    for entry in shipped_procedures():
        assert len({stage["code"] for stage in entry["stages"]}) == len(entry["stages"])
        act.own_procedure(entry["code"]).full_clean(exclude=["code"])
    for stage in Stage.objects.all():
        stage.full_clean()


def test_what_an_administrator_changes_is_not_what_is_shipped_any_more(
    admin: User, officer: User
) -> None:
    code = "cabinet-regulation"
    act.change_stage(actor=admin, code=code, stage="review", values=STAGE, now=NOW)
    act.move_stage(actor=admin, code=code, stage="gazette", by=-1, now=NOW)
    act.remove_stage(actor=admin, code=code, stage="drafting", now=NOW)
    act.add_stage(actor=admin, code=code, values=STAGE | {"name": {"en": "Recall"}}, now=NOW)
    assert codes(code)[:4] == ["review", "gazette", "approval", "in-force"]
    # The first law of its kind begins with what was changed, not with what is shipped.
    law = make_law(officer, code)
    assert str(law.procedure.stages.get(code="review")) == "Notice"
    assert law.procedure.stages.get(code="review").clock_days == 15
    other = act.add_procedure(actor=admin, name={"en": "Like it"}, like=code, now=NOW)
    assert codes(other.code) == codes(code)
    assert other.stages.get(code="review").proofs == ["official_text"]
    assert AuditEntry.objects.filter(verb__startswith="legislation.procedure.").count() == 5
    with pytest.raises(NotAllowed):
        act.move_stage(actor=officer, code=code, stage="gazette", by=1, now=NOW)
    with pytest.raises(act.NoProcedure):
        act.name_procedure(actor=admin, code="nowhere", name={"en": "x"}, now=NOW)


def test_a_stage_to_which_a_law_came_stays_with_it(
    admin: User, officer: User, client: Client
) -> None:
    law = make_law(officer)
    comes(law, "policy", date(2027, 1, 4))
    with pytest.raises(act.StageInUse):
        act.remove_stage(actor=admin, code="ps-decree-law", stage="policy", now=NOW)
    act.retire_stage(
        actor=admin, code="ps-decree-law", stage="policy", is_retired=True, now=NOW
    )  # fmt: skip
    sign_in_fully(client, officer)
    name = "Need or policy"
    stage = str(law.procedure.stages.get(code="policy").pk)
    page = client.get(reverse("legislation:law", args=[law.pk]), {"language": "en"})
    assert name in page.content.decode()
    fresh = reverse("legislation:law", args=[make_law(officer).pk])
    assert name not in client.get(fresh, {"language": "en"}).content.decode()
    form = client.get(reverse("legislation:step", args=[law.pk])).content.decode()
    assert f'value="{stage}"' not in form


def test_what_a_procedure_does_not_foresee_needs_a_reason(officer: User) -> None:
    law = make_law(officer)
    comes(law, "gazette", date(2027, 3, 1))
    with pytest.raises(steps.NotProven):
        comes(law, "gazette", date(2027, 2, 1), "press")
    with pytest.raises(steps.NotRepeated):
        comes(law, "gazette", date(2027, 3, 2))
    with pytest.raises(steps.NotReturned):
        comes(law, "drafting", date(2027, 3, 2))
    # What fills in the past, and what has no day, is as it was.
    comes(law, "drafting", date(2027, 2, 1))
    comes(law, "review", None)
    comes(law, "drafting", date(2027, 3, 3), note="The gazette was recalled.")
    comes(law, "reading-1", date(2027, 3, 4))
    comes(law, "reading-1", date(2027, 3, 5))
    comes(law, "drafting", date(2027, 3, 6))
    assert law.steps.count() == 7


def test_a_suspended_law_keeps_its_addresses_and_resumes(officer: User, client: Client) -> None:
    law = make_law(officer)
    version = make_version(law)
    publish_version(actor=officer, version=version, now=NOW)
    comes(law, "drafting", date(2027, 3, 1))
    addresses = [
        reverse("public_laws:law", args=["en", law.pk]),
        reverse("public_laws:article", args=["en", law.pk, "14"]),
    ]
    for kind in ("suspended", "resumed", "withdrawn", "lapsed"):
        facts = steps.StepFacts(kind, None, date(2027, 3, 2), "official_statement", "Bureau")
        steps.record_step(actor=officer, law=law, facts=facts, now=NOW)
        pages = [client.get(address) for address in addresses]
        assert [page.status_code for page in pages] == [200, 200]
        assert kind in pages[0].content.decode()


def test_an_administrator_edits_stages_through_the_screens(admin: User, client: Client) -> None:
    sign_in_fully(client, admin)
    listed = client.get(reverse("legislation:procedures"), {"language": "en"}).content.decode()
    assert "as shipped" in listed
    client.post(reverse("legislation:new_procedure"), {"name_en": "By-law of ours", "like": ""})
    own = Procedure.objects.get()
    form = {"name_ar": "إعلان", "name_en": "Notice", "clock_days": "15", "rolls": "on",
            "proofs": ["official_text", "press"], "may_return": "on"}  # fmt: skip
    client.post(reverse("legislation:add_stage", args=[own.code]), form)
    stage = own.stages.get()
    assert (stage.clock_days, stage.rolls, stage.may_repeat) == (15, True, False)
    assert stage.proofs == ["official_text", "press"]
    page = client.get(reverse("legislation:stage", args=[own.code, stage.code])).content.decode()
    assert 'value="15"' in page
    assert client.post(
        reverse("legislation:stage", args=[own.code, stage.code]), form | {"clock_days": "0"}
    ).status_code == 200  # fmt: skip
    client.post(reverse("legislation:stage", args=[own.code, stage.code]), form | {"rolls": ""})
    stage.refresh_from_db()
    assert not stage.rolls
    arrange = reverse("legislation:arrange_stage", args=[own.code, stage.code])
    client.post(arrange, {"what": "remove"})
    assert not own.stages.exists()
    assert client.post(arrange, {"what": "up"}).status_code == 404
    client.post(reverse("legislation:procedure", args=[own.code]), {"name_en": "Ours"})
    own.refresh_from_db()
    assert str(own.name) == "Ours"
