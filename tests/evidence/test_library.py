"""The library: cited in its own language, checked, judged with a reason, corrected openly."""

from __future__ import annotations

import json
from datetime import date, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from factories.accounts import UserFactory, sign_in_fully
from factories.evidence import (
    NOW,
    PAPER,
    make_copy,
    make_instrument,
    make_item,
    make_media_item,
    make_source,
)
from hiwar.accounts.actions.demo import load_demo
from hiwar.accounts.actions.people import NotAllowed
from hiwar.analysis.references import lines_of_names, names_of_lines
from hiwar.common.dates import local_day
from hiwar.common.models import AuditEntry, StoredFile
from hiwar.common.search.query import find as search
from hiwar.dossiers.actions.demo import load_demo_dossiers
from hiwar.dossiers.models import Fact
from hiwar.dossiers.queries.extension_points import registered_facets
from hiwar.evidence.actions import items, sources
from hiwar.evidence.actions.demo import load_demo_evidence, remove_demo_evidence
from hiwar.evidence.forms.sources import SourceForm
from hiwar.evidence.models import EvidenceItem, FactSource, Instrument, MediaItem, Source
from hiwar.evidence.queries.identifiers import is_isbn
from hiwar.evidence.queries.library import find, media_figures, media_for, sources_for
from hiwar.evidence.queries.uses import uses_of

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from django.test import Client
    from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks, SettingsWrapper

    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings: SettingsWrapper, tmp_path: Path) -> None:
    settings.FILES = tmp_path / "files"


@pytest.fixture
def officer(roles: object) -> User:
    return UserFactory.create(roles=["researcher"])


@pytest.fixture
def desk(client: Client, officer: User) -> Client:
    sign_in_fully(client, officer)
    return client


def found(reader: User, words: str) -> list[object]:
    return [hit.record for group in search(reader, words).groups for hit in group.hits]


def test_names_come_back_as_they_were_written() -> None:
    lines = "التميمي، رنا\nHaddad, Layla\nوزارة العمل\n، \n"
    names = names_of_lines(lines)
    assert names == [
        {"family": "التميمي", "given": "رنا"}, {"family": "Haddad", "given": "Layla"},
        {"literal": "وزارة العمل"},
    ]  # fmt: skip
    assert lines_of_names(names) == "التميمي، رنا\nHaddad, Layla\nوزارة العمل"


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("doi", "https://doi.org/10.1234/a.b", "10.1234/a.b"),
        ("doi", "10.12/x", None),
        ("isbn", "978-0-306-40615-7", "9780306406157"),
        ("isbn", "٠٣٠٦٤٠٦١٥٢", "0306406152"),
        ("isbn", "978-0-306-40615-8", None),
        ("issued", "٢٠٢٤", "2024"),
    ],
)
def test_identifiers_are_checked_by_form_alone(name: str, typed: str, kept: str | None) -> None:
    form = SourceForm({name: typed, "title": "x", "kind": "book", "language": "ar",
                       "visibility": "institution"})  # fmt: skip
    assert form.is_valid() == (kept is not None), form.errors
    if kept is not None:
        assert form.cleaned_data[name] == kept
    assert not is_isbn("12345")


def test_a_source_is_found_checked_judged_and_flagged(officer: User) -> None:
    source = make_source(officer)
    today = date(2027, 7, 4)
    assert source.is_stale(today)
    with pytest.raises(sources.ReasonMissing):
        sources.judge(actor=officer, record=source, quality="strong", reason=" ", now=NOW)
    sources.judge(actor=officer, record=source, quality="strong", reason="عينة عشوائية", now=NOW)
    with pytest.raises(sources.NotLookedAtYet):
        sources.check(
            actor=officer, record=source, on=today + timedelta(days=1), result="holds", now=NOW
        )
    for on in (today, today - timedelta(days=400)):
        sources.check(actor=officer, record=source, on=on, result="holds", now=NOW)
    source.refresh_from_db()
    assert (source.checked_on, source.judged_by, source.checks.count()) == (today, officer, 2)
    assert not source.is_stale(today + timedelta(days=365))
    assert source.is_stale(today + timedelta(days=366))
    old = find(sources_for(officer), {"stale": "on"}, today + timedelta(days=366))
    assert list(old) == [source]
    assert list(find(sources_for(officer), {"q": "تميمي 2024"}, today)) == [source]
    assert list(find(sources_for(officer), {"q": "تميمي", "written_in": "en"}, today)) == []
    assert found(officer, "سوق العمل") == [source.pk]


def test_a_copy_is_kept_to_the_byte_once_and_destroyed_whole(
    officer: User, desk: Client, tmp_path: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:  # fmt: skip
    source = make_source(officer)
    page = b"<!doctype html><script>alert(1)</script>"
    answer = desk.post(
        reverse("evidence:keep_copy", args=[source.pk]),
        {"copy": SimpleUploadedFile("page.html", page), "taken_on": "2026-01-02"},
    )
    assert answer.status_code == 302
    copy = source.copies.get()
    assert copy.file.sha256 == sha256(page).hexdigest()
    answer = desk.get(reverse("evidence:copy", args=[copy.pk]))
    assert (answer.content, answer["Content-Type"]) == (page, "text/plain")
    assert 'attachment; filename="page.html.txt"' in answer["Content-Disposition"]
    again = desk.post(
        reverse("evidence:keep_copy", args=[source.pk]),
        {"copy": SimpleUploadedFile("x.svg", b"<svg onload='x'/>"), "taken_on": "2026-01-02"},
    )
    assert "type_not_taken" in [error.code for error in again.context["form"].errors["copy"].data]
    make_copy(source)
    with pytest.raises(sources.SameCopy):
        make_copy(source, PAPER)
    with django_capture_on_commit_callbacks(execute=True):
        for copy in source.copies.all():
            sources.erase_copy(actor=officer, copy=copy, now=NOW)
    assert not StoredFile.objects.exists()
    left = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert len(left) == 1  # of the copy that was refused; swept after a day


def test_a_correction_keeps_what_was_said_and_everything_that_uses_a_source_is_shown(
    officer: User, desk: Client
) -> None:
    source = make_source(officer)
    item = make_item(source)
    assert [use.title for use in uses_of(officer, source)] == [str(item)]
    with pytest.raises(items.NothingCorrected):
        items.correct_item(
            actor=officer, item=item, text={}, figure=item.figure, reason="x", now=NOW
        )
    answer = desk.post(
        reverse("evidence:correct_item", args=[item.pk]),
        {"text_ar": item.text["ar"], "text_en": item.text["en"], "figure": "41% (52/126)",
         "reason": "صُحح الجدول"},
    )  # fmt: skip
    assert answer.status_code == 302
    item.refresh_from_db()
    version = item.versions.get()
    assert (item.figure, version.figure, version.number) == ("41% (52/126)", "43% (54/126)", 1)
    page = desk.get(reverse("evidence:item", args=[item.pk])).content.decode()
    assert "43% (54/126)" in page
    assert "صُحح الجدول" in page
    with pytest.raises(IntegrityError), transaction.atomic():
        EvidenceItem.objects.filter(pk=item.pk).update(source=None)


def test_instruments_are_cited_by_article(officer: User, desk: Client) -> None:
    instrument = make_instrument(officer)
    page = desk.get(reverse("evidence:instrument", args=[instrument.pk])).content.decode()
    assert f'id="a-{instrument.articles.get().pk}"' in page
    assert "تشارك المرأة" in page
    with pytest.raises(ValidationError):
        make_instrument(officer)
    assert found(officer, "take part") == [instrument.pk]


def test_media_items_are_counted_by_tone(officer: User, desk: Client) -> None:
    make_media_item(officer, tone="negative", cites_institution=True)
    make_media_item(officer, topic="زيارة وفد")
    assert media_figures(media_for(officer)) == {
        "all": 2, "cites": 1, "negative": 1, "neutral": 1, "positive": 0,
    }  # fmt: skip
    address = reverse("evidence:media")
    assert desk.get(address, {"cites": "yes"}).context["page"].paginator.count == 1
    assert desk.get(address, {"topic": "زيارة وفد"}).context["page"].paginator.count == 1
    assert desk.get(address, {"written_in": "en"}).context["page"].paginator.count == 0
    with pytest.raises(ValidationError):
        [make_media_item(officer, code="CL-1") for _again in range(2)]


def test_who_may_only_read_changes_nothing(officer: User, client: Client) -> None:
    source = make_source(officer)
    reader = UserFactory.create(roles=["facilitator"])
    with pytest.raises(NotAllowed):
        sources.update_source(actor=reader, source=source, values={"title": "x"}, now=NOW)
    with pytest.raises(NotAllowed):
        make_source(reader)
    sign_in_fully(client, reader)
    assert client.get(reverse("evidence:source", args=[source.pk])).status_code == 200
    assert client.get(reverse("evidence:new_source")).status_code == 403


def test_a_form_enters_changes_and_logs_a_source(officer: User, desk: Client) -> None:
    values = {"kind": "report", "title": "Who is left out?", "language": "en",
              "authors": "Haddad, Layla", "issued": "2025-09-15",
              "visibility": "institution"}  # fmt: skip
    answer = desk.post(reverse("evidence:new_source"), values)
    source = Source.objects.get()
    assert answer.headers["Location"] == reverse("evidence:source", args=[source.pk])
    assert source.authors == [{"family": "Haddad", "given": "Layla"}]
    desk.post(reverse("evidence:edit_source", args=[source.pk]), {**values, "publisher": "Press"})
    source.refresh_from_db()
    assert source.publisher == "Press"
    assert AuditEntry.objects.filter(verb="evidence.source.update").count() == 1
    wrong = desk.post(reverse("evidence:new_source"), {**values, "issued": "last year"})
    assert wrong.status_code == 200
    assert Source.objects.count() == 1


def test_the_demonstration_has_a_library_and_takes_it_away(roles: object, now: datetime) -> None:
    folder = settings.DEMO_FOLDER
    document = json.loads((folder / "institution.json").read_text("utf-8"))
    load_demo(document=document, at=now)
    load_demo_dossiers(folder, now)
    assert load_demo_evidence(folder, now) == (51, 0, [])
    assert load_demo_evidence(folder, now) == (0, 51, [])
    counts = (Source, EvidenceItem, Instrument, MediaItem)
    of_facts = FactSource.objects.values("source").distinct().count()
    assert FactSource.objects.count() == Fact.objects.count() > of_facts > 0
    assert Source.objects.filter(is_from_words=True).count() == of_facts
    rows = [model._default_manager.count() for model in counts]
    assert rows == [5 + of_facts, 6, 4, 36]
    figures = media_figures(MediaItem.objects.all())
    assert figures == {"all": 36, "positive": 12, "neutral": 18, "negative": 6, "cites": 9}
    item = EvidenceItem.objects.get(figure="41% (52/126)")
    assert item.dossier is not None
    assert item.owner is not None
    assert "evidence" in [facet.kind for facet in registered_facets(item.owner, item.dossier)]
    assert max(MediaItem.objects.values_list("published_on", flat=True)) < local_day(now)
    assert remove_demo_evidence(folder) == 51 + of_facts
    assert [model._default_manager.count() for model in counts] == [0, 0, 0, 0]
