"""Facts rest on sources of the library: found by words, shared, looked at once, and closed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.dossiers import BarrierFactory, DossierFactory, FactFactory
from factories.evidence import make_copy, make_item, make_source
from hiwar.common.models import Visibility
from hiwar.dossiers.actions import facts as act
from hiwar.dossiers.models import Barrier, Fact, FactVersion
from hiwar.dossiers.queries.extension_points import fact_grounds
from hiwar.evidence.actions import sources
from hiwar.evidence.models import Check, FactSource, Source
from hiwar.evidence.queries.library import items_for, sources_for, stale
from hiwar.evidence.queries.search_documents import names_of_items, names_of_sources
from hiwar.evidence.queries.uses import uses_of

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper

    from hiwar.accounts.models import User
    from hiwar.dossiers.models import Dossier

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 7, 4, 9, tzinfo=UTC)
TODAY = NOW.date()
moving = import_module("hiwar.evidence.migrations.0003_bring_sources_of_facts_over")


@pytest.fixture
def manager(roles: object) -> User:
    InstitutionFactory.create()
    return UserFactory.create(roles=["programme_manager"])


@pytest.fixture
def officer(manager: User) -> User:
    return UserFactory.create(roles=["researcher"])


def tell(actor: User, dossier: Dossier, source: str = "Labour survey", **more: Any) -> Fact:
    return act.add_fact(
        actor=actor, dossier=dossier, text={"en": "One in four.", "ar": "واحد من أربعة."},
        source=act.Source(source, more.pop("url", ""), more.pop("published_on", None)),
        check=act.Check(more.pop("checked_on", None)), today=TODAY, now=NOW,
    )  # fmt: skip


def closed_dossier(owner: User) -> Dossier:
    return DossierFactory.create(visibility=Visibility.PERSONAL, owner=owner)


def source_of(fact: Fact) -> Source:
    return FactSource.objects.get(fact=fact).source


def correct(actor: User, fact: Fact, **changes: Any) -> None:
    act.correct_fact(
        actor=actor, fact=fact, changes=changes, reason="Revised.", today=TODAY, now=NOW
    )


def test_a_fact_makes_the_source_that_it_names(manager: User) -> None:
    fact = tell(manager, DossierFactory.create(), "مسح القوى العاملة", url="https://x.example/s",
                published_on=date(2026, 3, 1), checked_on=date(2027, 6, 1))  # fmt: skip
    source = source_of(fact)
    assert (source.title, source.language, source.url) == (fact.source, "ar", fact.url)
    assert (source.issued, source.is_from_words) == ("2026-03-01", True)
    assert source.checked_on == date(2027, 6, 1)
    assert [use.title for use in uses_of(manager, source)] == [str(fact)]


def test_the_same_words_or_address_name_the_same_source(manager: User, officer: User) -> None:
    known = make_source(officer, url="https://x.example/s")
    first = tell(manager, DossierFactory.create(), "سُوق العمل والشباب")
    second = tell(manager, DossierFactory.create(), "as on the site", url="https://x.example/s")
    other = tell(manager, DossierFactory.create(), known.title, url="https://y.example/t")
    assert source_of(first) == source_of(second) == known
    assert source_of(other) != known
    assert known.dossier is None


def test_a_source_of_two_open_dossiers_belongs_to_the_library(manager: User) -> None:
    one, two = DossierFactory.create(), DossierFactory.create()
    first = tell(manager, one)
    assert source_of(first).dossier == one
    assert source_of(tell(manager, one)) == source_of(first)
    assert source_of(tell(manager, two)) == source_of(first)
    assert source_of(first).dossier is None


def test_a_closed_dossier_shares_no_source_that_it_named(manager: User, officer: User) -> None:
    open_one, closed = DossierFactory.create(), closed_dossier(manager)
    secret = tell(manager, closed)
    shown = tell(manager, open_one)
    assert source_of(secret) != source_of(shown)
    assert source_of(secret).dossier == closed
    assert list(sources_for(officer)) == [source_of(shown)]
    assert set(sources_for(manager)) == {source_of(secret), source_of(shown)}
    item = make_item(source_of(secret))
    assert item not in items_for(officer)
    assert names_of_sources([str(source_of(secret).pk)]) == {}
    assert names_of_items([str(item.pk)]) == {}


def test_a_dossier_that_closes_closes_what_it_named(manager: User, officer: User) -> None:
    dossier = DossierFactory.create(owner=manager)
    fact = tell(manager, dossier)
    assert source_of(fact) in sources_for(officer)
    dossier.visibility = Visibility.PERSONAL
    dossier.save()
    assert source_of(fact) not in sources_for(officer)
    assert uses_of(officer, source_of(fact)) == []


def test_a_page_of_the_library_names_no_fact_of_a_closed_dossier(
    manager: User, officer: User
) -> None:
    make_source(officer, title="Labour survey", language="en")
    dossier = closed_dossier(manager)
    tell(manager, dossier, "Labour survey")
    source = Source.objects.get()
    for user, names in ((officer, False), (manager, True)):
        client = Client()
        sign_in_fully(client, user)
        for name in ("source", "check_source"):
            page = client.get(reverse(f"evidence:{name}", args=[source.pk])).content.decode()
            assert (dossier.code in page) is names
    page = Client().get(reverse("evidence:source", args=[source.pk]))
    assert page.status_code == 302
    assert fact_grounds(officer, [Fact.objects.get().pk]) != {}


def test_who_may_not_read_a_closed_source_is_not_led_to_it(manager: User, officer: User) -> None:
    secret = tell(manager, closed_dossier(manager))
    assert fact_grounds(officer, [secret.pk]) == {}
    client = Client()
    sign_in_fully(client, officer)
    source = source_of(secret)
    for name in ("source", "check_source", "edit_source"):
        assert client.get(reverse(f"evidence:{name}", args=[source.pk])).status_code == 404


def test_looking_at_a_source_checks_what_rests_on_it(manager: User, officer: User) -> None:
    make_source(officer, title="Labour survey", language="en")
    old = tell(manager, DossierFactory.create(), checked_on=date(2026, 1, 1))
    never = tell(manager, DossierFactory.create())
    newer = tell(manager, DossierFactory.create(), checked_on=date(2027, 7, 3))
    hidden = tell(manager, closed_dossier(manager), checked_on=date(2026, 1, 1))
    put_away = tell(manager, DossierFactory.create(), checked_on=date(2026, 1, 1))
    put_away.dossier.archived_at = NOW
    put_away.dossier.save()
    source, on = source_of(old), date(2027, 7, 2)
    assert {source_of(fact) for fact in (never, newer, hidden, put_away)} == {source}
    sources.check(actor=officer, record=source, on=on, result="holds", now=NOW)
    days = {fact.pk: fact.checked_on for fact in Fact.objects.all()}
    assert (days[old.pk], days[never.pk], days[newer.pk]) == (on, on, date(2027, 7, 3))
    assert days[hidden.pk] == days[put_away.pk] == date(2026, 1, 1)
    old.refresh_from_db()
    assert old.checked_by == officer
    assert not old.is_stale(on + timedelta(days=365))
    assert old.is_stale(on + timedelta(days=366))
    assert Check.objects.filter(source=source, on=on).count() == 1


@pytest.mark.parametrize("result", ["changed", "gone"])
def test_a_source_that_says_something_else_casts_doubt(
    manager: User, officer: User, result: str
) -> None:
    fact = tell(manager, DossierFactory.create(), checked_on=date(2027, 6, 1))
    source = source_of(fact)
    sources.check(actor=officer, record=source, on=date(2027, 7, 1), result=result, now=NOW)
    fact.refresh_from_db()
    assert fact.checked_on == date(2027, 6, 1)
    words = str(Check.Result(result).label)
    assert fact_grounds(officer, [fact.pk])[fact.pk].doubt == words
    client = Client()
    sign_in_fully(client, officer)
    page = client.get(reverse("dossiers:facts", args=[fact.dossier.code])).content.decode()
    assert words in page
    correct(manager, fact, text={"en": "One in five."})
    assert fact_grounds(officer, [fact.pk])[fact.pk].doubt == ""


def test_a_check_of_one_fact_takes_no_doubt_from_another(manager: User, officer: User) -> None:
    dossier = DossierFactory.create()
    facts = [tell(manager, dossier, checked_on=date(2027, 6, 1)) for _ in range(2)]
    source = source_of(facts[0])
    sources.check(actor=officer, record=source, on=date(2027, 7, 1), result="gone", now=NOW)
    act.check_fact(actor=manager, fact=facts[0], on=TODAY, today=TODAY, now=NOW)
    grounds = fact_grounds(manager, [fact.pk for fact in facts])
    assert [bool(grounds[fact.pk].doubt) for fact in facts] == [False, True]
    sources.check(actor=officer, record=source, on=TODAY, result="holds", now=NOW)
    grounds = fact_grounds(manager, [fact.pk for fact in facts])
    assert [bool(grounds[fact.pk].doubt) for fact in facts] == [False, False]


def test_a_check_of_a_fact_is_a_look_at_its_source_once_a_day(manager: User) -> None:
    dossier = DossierFactory.create()
    facts = [tell(manager, dossier), tell(manager, dossier)]
    assert list(stale(sources_for(manager), TODAY)) == [source_of(facts[0])]
    for fact in facts:
        act.check_fact(actor=manager, fact=fact, on=TODAY, today=TODAY, now=NOW)
    source = source_of(facts[0])
    assert list(source.checks.values_list("on", "result")) == [(TODAY, "holds")]
    assert source.checked_on == TODAY
    assert list(stale(sources_for(manager), TODAY + timedelta(days=365))) == []
    assert list(stale(sources_for(manager), TODAY + timedelta(days=366))) == [source]


def test_a_correction_that_names_another_source_moves_the_fact(manager: User) -> None:
    fact = tell(manager, DossierFactory.create())
    before = source_of(fact)
    correct(manager, fact, value="26%")
    assert source_of(fact) == before
    correct(manager, fact, source="Labour survey, second edition")
    assert source_of(fact) != before
    assert source_of(fact).checked_on == TODAY
    assert uses_of(manager, before) == []


def test_a_source_that_was_described_keeps_its_facts(manager: User, officer: User) -> None:
    fact = tell(manager, DossierFactory.create())
    source = source_of(fact)
    values = {"title": "Labour Force Survey 2026", "publisher": "Bureau of Statistics"}
    sources.update_source(actor=officer, source=source, values=values, now=NOW)
    act.check_fact(actor=manager, fact=fact, on=TODAY, today=TODAY, now=NOW)
    correct(manager, fact, value="26%")
    assert source_of(fact) == source
    assert not source_of(fact).is_from_words
    assert Source.objects.count() == 1


def test_a_withdrawn_fact_is_no_use(manager: User) -> None:
    fact = tell(manager, DossierFactory.create())
    act.withdraw_fact(actor=manager, fact=fact, now=NOW)
    assert uses_of(manager, source_of(fact)) == []
    act.restore_fact(actor=manager, fact=fact, now=NOW)
    assert [use.title for use in uses_of(manager, source_of(fact))] == [str(fact)]


@pytest.mark.parametrize(
    ("language", "badge"), [("ar", "لم يوصف بعد"), ("en", "not yet described")]
)
def test_its_page_says_that_only_its_words_are_known(
    manager: User, language: str, badge: str
) -> None:
    fact = tell(manager, DossierFactory.create())
    client = Client()
    sign_in_fully(client, manager)
    client.cookies["hiwar_language"] = language
    page = client.get(reverse("evidence:source", args=[source_of(fact).pk])).content.decode()
    assert badge in page
    assert fact.dossier.code in page


def rows() -> dict[str, list[Any]]:
    """Return what facts, their versions, checks and uses are, to be held against one another."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for model in (Fact, FactVersion, Barrier)
    }


def test_the_migration_leads_over_and_back(
    manager: User, officer: User, settings: SettingsWrapper, tmp_path: Path
) -> None:
    settings.FILES = tmp_path / "files"
    library = make_source(officer, title="Statistical Yearbook")
    one, two, closed = DossierFactory.create(), DossierFactory.create(), closed_dossier(manager)
    seen = {"checked_on": date(2026, 5, 1), "checked_by": manager}
    named: list[dict[str, Any]] = [
        {"dossier": one, "source": "Hearing", **seen},
        {"dossier": one, "source": "Hearing", **seen},
        {"dossier": two, "source": "hearing", "url": "https://x.example/h"},
        {"dossier": one, "source": "", "url": "https://x.example/h"},
        {"dossier": one, "source": "Statistical yearbook", **seen},
        {"dossier": closed, "source": "Hearing", "withdrawn_at": NOW},
        {"dossier": closed, "source": "Told in confidence", "url": "https://x.example/c"},
    ]
    facts = [
        FactFactory.create(added_at=NOW + timedelta(minutes=minute), **values)
        for minute, values in enumerate(named)
    ]
    FactVersion.objects.create(fact=facts[5], number=1, text={"ar": "كان"}, replaced_at=NOW)
    BarrierFactory.create(fact=facts[0], dossier=one)
    before = rows()
    moving.bring_over(apps, None)
    assert rows() == before
    assert FactSource.objects.count() == len(facts)
    made = Source.objects.exclude(pk=library.pk)
    assert set(made.values_list("title", "dossier", "visibility")) == {
        ("Hearing", None, "institution"), ("Told in confidence", closed.pk, "institution"),
    }  # fmt: skip
    shared = made.get(title="Hearing")
    assert {row.source for row in FactSource.objects.filter(fact__in=[*facts[:4], facts[5]])} == {
        shared
    }
    assert (shared.url, shared.checked_on) == ("https://x.example/h", date(2026, 5, 1))
    assert [check.checked_by for check in Check.objects.all()] == [manager]
    library.refresh_from_db()
    assert (library.facts.count(), library.checked_on) == (1, None)
    assert not sources_for(officer).filter(dossier=closed).exists()
    make_copy(made.get(title="Told in confidence"))
    moving.bring_back(apps, SimpleNamespace(connection=connection))
    assert rows() == before
    assert set(Source.objects.values_list("title", "visibility")) == {
        ("Statistical Yearbook", "institution"), ("Told in confidence", "personal"),
    }  # fmt: skip
    assert not Check.objects.exists()
    moving.bring_over(apps, None)
    assert FactSource.objects.count() == len(facts)


def test_the_migration_makes_nothing_of_facts_that_name_no_source(manager: User) -> None:
    FactFactory.create(source="", url="")
    moving.bring_over(apps, None)
    assert not FactSource.objects.exists()
    assert not Source.objects.exists()
