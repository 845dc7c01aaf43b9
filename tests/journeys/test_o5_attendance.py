"""O5, steps 1 and 2: lists from the field come in, and written forms become people."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from factories.accounts import UserFactory
from factories.imports import work
from hiwar.common.imports import actions as imports
from hiwar.common.models import ImportRun
from hiwar.common.tables import own_upload
from hiwar.contacts.actions.merges import keep_apart
from hiwar.contacts.models import DuplicatePair, Person, PersonName
from hiwar.contacts.queries.files import people_of_rows
from hiwar.contacts.queries.register import open_pairs
from hiwar.places.actions import load_demo_pack

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.shared_data,
    pytest.mark.exhaustive("journeys"),
]
DEMO = Path(__file__).parents[2] / "demo"


def test_857_written_forms_lead_to_617_people(shared_data, roles, now):
    load_demo_pack(DEMO, now)
    tala = UserFactory.create(roles=["me_officer"])
    content = (shared_data / "demo/scenario-data/s5-attendance.csv").read_bytes()
    run = imports.prepare_run(
        actor=tala, kind="contacts.people", files={"people": own_upload(content, "s5.csv")}, now=now
    )
    assert run.state == ImportRun.State.LOOKING, "a thousand rows are not read in a request"
    work(now)
    run.refresh_from_db()
    counts = {name: run.counts[name] for name in ("rows", "loaded", "forms", "without_phone")}
    assert counts == {"rows": 1004, "loaded": 1004, "forms": 857, "without_phone": 285}
    assert run.counts["people"] == 617
    assert run.counts["to_decide"] <= 60
    assert run.counts["namesakes"] == 12
    assert not Person.objects.exists()

    imports.confirm_run(actor=tala, run=run, now=now)
    assert not Person.objects.exists()
    work(now)
    run.refresh_from_db()
    assert run.state == ImportRun.State.DONE
    assert Person.objects.count() == 617
    people = people_of_rows(run)
    assert len(people) == 1004
    sexes = [person.sex for person in {one.pk: one for one in people.values()}.values()]
    assert (sexes.count("female"), sexes.count("male")) == (333, 284)

    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    told = defaultdict(set)
    for line, row in enumerate(rows, 2):
        told[people[line].pk].add((row["sex"], row["birth_year"]))
    assert all(len(said) == 1 for said in told.values()), "two people became one"

    pairs = list(open_pairs(tala))
    assert len(pairs) <= 60
    namesakes = [pair for pair in pairs if pair.verdict == "namesakes"]
    assert len(namesakes) == 12
    for pair in namesakes:
        assert {"other-birth-year", "other-place"} <= {one["code"] for one in pair.reasons}
        keep_apart(actor=UserFactory.create(roles=["director"]), pair=pair, now=now)
    for pair in open_pairs(tala):
        keep_apart(actor=tala, pair=pair, now=now)
    assert Person.objects.filter(merged_into=None).count() == 617
    assert not open_pairs(tala).exists()

    with pytest.raises(imports.SameFile):
        imports.prepare_run(
            actor=tala, kind="contacts.people", files={"people": own_upload(content, "b")}, now=now
        )
    imports.undo_run(actor=tala, run=run, now=now)
    work(now)
    assert not Person.objects.exists()
    assert not PersonName.objects.exists()
    assert not DuplicatePair.objects.exists()
    run.refresh_from_db()
    assert run.state == ImportRun.State.UNDONE
