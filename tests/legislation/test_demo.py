"""The law of the demonstration: loaded once, in two versions, and removed without a trace."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from hiwar.accounts.actions.demo import load_demo
from hiwar.common.models import SearchDocument
from hiwar.dossiers.actions.demo import load_demo_dossiers
from hiwar.legislation.actions.demo import load_demo_laws, remove_demo_laws
from hiwar.legislation.exports.comparison import changes_between, counts_of
from hiwar.legislation.models import (
    Amendment,
    AmendmentOutcome,
    Consultation,
    Law,
    LawVersion,
    Procedure,
    Provision,
    Stage,
)

if TYPE_CHECKING:
    from datetime import datetime

pytestmark = pytest.mark.django_db


def test_one_law_of_sixteen_articles_and_seventeen_comes_and_goes(
    roles: object, now: datetime
) -> None:
    folder = settings.DEMO_FOLDER
    assert load_demo_laws(folder, now)[0] == 0
    load_demo(document=json.loads((folder / "institution.json").read_text("utf-8")), at=now)
    load_demo_dossiers(folder, now)
    assert load_demo_laws(folder, now) == (1, 0, [])
    assert load_demo_laws(folder, now) == (0, 1, [])
    articles = {
        (version.number, version.language): version.provisions.filter(kind="article").count()
        for version in LawVersion.objects.all()
    }
    assert articles == {(1, "ar"): 16, (1, "en"): 16, (2, "ar"): 17, (2, "en"): 17}
    old, new = LawVersion.objects.filter(language="ar").order_by("number")
    counts = counts_of(changes_between(old, new))
    assert (counts["changed"], counts["added"]) == (6, 1)
    assert Consultation.objects.get().state(now) == "open"
    assert Counter(AmendmentOutcome.objects.values_list("result", flat=True)) == {
        "same": 3, "stronger": 2, "absent": 1,
    }  # fmt: skip
    assert all(amendment.is_published for amendment in Amendment.objects.all())
    assert remove_demo_laws(folder) == 1
    for model in (Law, LawVersion, Amendment, Provision, Consultation, Procedure, Stage):
        assert not model._default_manager.exists()
    assert not SearchDocument.objects.filter(kind="legislation.law").exists()
