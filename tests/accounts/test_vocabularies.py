"""The institution words its own lists: seen everywhere, kept over an upgrade, taken back."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import translation

from factories.contacts import OrganisationFactory
from hiwar.accounts.actions import vocabularies as act
from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.actions.vocabulary_files import all_vocabularies
from hiwar.common.models import AuditEntry, VocabularyEntry
from hiwar.common.vocabularies import entries, lists
from hiwar.contacts.forms.register import OrganisationForm

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_english")]
KINDS = "contacts.kinds"
BARRIERS = "dossiers.barrier_kind"


@pytest.fixture
def _english(client):
    client.cookies["hiwar_language"] = "en"
    with translation.override("en"):
        yield


def word(actor, now, code, name, vocabulary=KINDS):
    return act.word_entry(
        actor=actor, vocabulary_code=vocabulary, code=code, values={"name": name}, at=now
    )


def test_new_wording_is_read_by_forms_and_pages_at_once(at_desk, director, now):
    word(director, now, "civil_society", {"ar": "جمعية أهلية"})
    organisation = OrganisationFactory.create(kind="civil_society")
    client = at_desk(director)
    page = client.get(reverse("contacts:organisation", args=[organisation.pk])).content.decode()
    with translation.override("ar"):
        offered = dict(OrganisationForm(user=director).fields["kind"].choices)
    assert "civil society organisation" in page
    assert offered["civil_society"] == "جمعية أهلية"
    assert entries.label(KINDS, "civil_society") == "civil society organisation"


def test_language_that_was_not_changed_follows_an_upgrade(director, now, monkeypatch):
    word(director, now, "legal", {"en": "in law"}, BARRIERS)
    monkeypatch.setattr(lists, "_seeds", {})
    shipped = {"legal": {"name": {"ar": "تشريعي", "en": "legal, worded anew", "fr": "juridique"}}}
    monkeypatch.setitem(
        lists._registered,
        BARRIERS,
        lists.Vocabulary(BARRIERS, "kinds", "room", lambda: shipped),
    )
    entries.refresh(at_once=True)
    entries._changes.merged.clear()
    assert dict(entries.entries(BARRIERS)["legal"].text) == {
        "ar": "تشريعي", "en": "in law", "fr": "juridique"
    }  # fmt: skip


def test_list_of_a_language_that_a_reader_lacks_falls_back_to_the_first_of_the_installation(
    director, now, settings
):
    settings.LANGUAGES = [("fr", "Français"), ("en", "English")]
    act.add_entry(
        actor=director,
        vocabulary_code=KINDS,
        values={"name": {"fr": "syndicat du port", "ar": "غرفة الحرف"}},
        at=now,
    )
    with translation.override("de"):
        assert entries.label(KINDS, "syndicat_du_port") == "syndicat du port"


def test_own_entry_gets_a_code_that_nobody_has_and_is_removed_only_when_unused(director, now):
    first = act.add_entry(
        actor=director, vocabulary_code=KINDS, values={"name": {"en": "Think tank"}}, at=now
    )
    second = act.add_entry(
        actor=director, vocabulary_code=KINDS, values={"name": {"ar": "مركز فكر"}}, at=now
    )
    third = act.add_entry(
        actor=director, vocabulary_code=KINDS, values={"name": {"en": "Think-tank"}}, at=now
    )
    assert [first.code, second.code, third.code] == ["think_tank", "entry", "think_tank_2"]
    OrganisationFactory.create(kind="think_tank")
    with pytest.raises(act.EntryInUse):
        act.remove_entry(actor=director, vocabulary_code=KINDS, code="think_tank", at=now)
    act.remove_entry(actor=director, vocabulary_code=KINDS, code="entry", at=now)
    assert "entry" not in entries.entries(KINDS)


def test_retired_entry_is_offered_no_longer_but_stays_where_it_is_used(director, now):
    act.retire_entry(
        actor=director, vocabulary_code=KINDS, code="local_council", is_retired=True, at=now
    )
    assert "local_council" not in dict(OrganisationForm(user=director).fields["kind"].choices)
    form = OrganisationForm(user=director, initial={"kind": "local_council"})
    assert "local_council" in dict(form.fields["kind"].choices)
    assert entries.label(KINDS, "local_council") == "local council"
    act.retire_entry(
        actor=director, vocabulary_code=KINDS, code="local_council", is_retired=False, at=now
    )
    assert not VocabularyEntry.objects.exists()


def test_same_wording_as_shipped_keeps_nothing(director, now):
    word(director, now, "civil_society", {"en": "NGO"})
    word(director, now, "civil_society", {"en": "civil society organisation"})
    assert not VocabularyEntry.objects.exists()
    assert entries.entries(KINDS)["civil_society"].origin is entries.Origin.SHIPPED


def test_entry_without_any_wording_is_refused_and_nothing_changes(director, now):
    with pytest.raises(act.NoWording):
        word(director, now, "civil_society", {"ar": "", "en": ""})
    assert not AuditEntry.objects.filter(verb__startswith="common.vocabularyentry").exists()
    assert entries.label(KINDS, "civil_society") == "civil society organisation"


def test_fixed_list_is_worded_but_neither_grows_nor_shrinks(director, now):
    word(director, now, "newsletter", {"en": "bulletin"}, "contacts.purposes")
    assert entries.label("contacts.purposes", "newsletter") == "bulletin"
    with pytest.raises(act.ClosedVocabulary):
        act.retire_entry(
            actor=director, vocabulary_code="contacts.purposes", code="newsletter",
            is_retired=True, at=now,
        )  # fmt: skip
    with pytest.raises(act.ClosedVocabulary):
        act.add_entry(
            actor=director, vocabulary_code="contacts.purposes",
            values={"name": {"en": "surveys"}}, at=now,
        )  # fmt: skip


def test_order_is_the_institutions_and_is_audited(director, now):
    codes = list(entries.entries(BARRIERS))
    wished = [codes[-1], *codes[:-1]]
    act.order_entries(actor=director, vocabulary_code=BARRIERS, codes=wished[:1], at=now)
    assert list(entries.entries(BARRIERS)) == wished
    entry = AuditEntry.objects.get(verb="common.vocabularyentry.order")
    assert entry.changed["order"] == [codes, wished]


def test_only_who_may_word_lists_does(facilitator, administrator, now):
    with pytest.raises(NotAllowed):
        word(facilitator, now, "civil_society", {"en": "NGO"})
    word(administrator, now, "civil_society", {"en": "NGO"})
    assert entries.label(KINDS, "civil_society") == "NGO"


def test_another_process_follows_when_it_looks_again(director, now):
    entries.forget()
    entries.refresh()
    VocabularyEntry.objects.create(
        vocabulary=KINDS, code="civil_society", values={"name": {"en": "NGO"}}, changed_at=now
    )
    assert entries.label(KINDS, "civil_society") == "civil society organisation"
    entries.refresh(at_once=True)
    assert entries.label(KINDS, "civil_society") == "NGO"
    VocabularyEntry.objects.all().delete()
    VocabularyEntry.objects.create(
        vocabulary=KINDS, code="civil_society", values={"name": {"en": "NPO"}},
        changed_at=now + timedelta(seconds=1),
    )  # fmt: skip
    entries.refresh(at_once=True)
    assert entries.label(KINDS, "civil_society") == "NPO"


def test_pages_of_lists_word_add_retire_and_take_back(at_desk, director):
    client = at_desk(director)
    assert b"Kinds of organisations" in client.get(reverse("accounts:vocabularies")).content
    edit = reverse("accounts:word_entry", args=[KINDS, "civil_society"])
    assert client.post(edit, {"name_ar": "جمعية", "name_en": "association"}).status_code == 302
    page = client.get(reverse("accounts:vocabulary", args=[KINDS])).content.decode()
    assert "association" in page
    assert "worded anew" in page
    assert "civil society organisation" in client.get(edit).content.decode()
    client.post(reverse("accounts:take_back_entry", args=[KINDS, "civil_society"]))
    assert entries.label(KINDS, "civil_society") == "civil society organisation"
    add = reverse("accounts:add_entry", args=[KINDS])
    refused = client.post(add, {"name_ar": "", "name_en": ""})
    assert refused.status_code == 200
    client.post(add, {"name_ar": "نادٍ", "name_en": "club"})
    client.post(reverse("accounts:retire_entry", args=[KINDS, "club"]))
    assert "club" not in dict(entries.choices(KINDS))
    client.post(reverse("accounts:offer_entry", args=[KINDS, "club"]))
    assert dict(entries.choices(KINDS))["club"] == "club"
    assert client.get(reverse("accounts:vocabulary", args=["no.list"])).status_code == 404
    assert client.get(reverse("accounts:word_entry", args=[KINDS, "none"])).status_code == 404
    fixed = reverse("accounts:add_entry", args=["contacts.purposes"])
    assert client.get(fixed).status_code == 404


def test_file_of_all_lists_comes_back_as_it_left(at_desk, director, now, tmp_path, capsys):
    act.add_entry(
        actor=director, vocabulary_code=KINDS, values={"name": {"fr": "syndicat de quartier"}},
        at=now,
    )  # fmt: skip
    left = at_desk(director).get(reverse("accounts:vocabularies_file")).content
    before = all_vocabularies()
    VocabularyEntry.objects.all().delete()
    entries.refresh(at_once=True)
    file = tmp_path / "lists.json"
    file.write_bytes(left)
    call_command("load_vocabularies", str(file))
    assert all_vocabularies() == before
    assert " 1 added" in capsys.readouterr().out


def test_file_in_another_language_leaves_what_was_changed_here_alone(director, now, tmp_path):
    word(director, now, "civil_society", {"en": "NGO"})
    file = tmp_path / "lists.json"
    file.write_text(
        json.dumps({KINDS: {"civil_society": {"name": {"en": "CSO", "fr": "association"}},
                            "mission": {"name": {"fr": "mission diplomatique"}}}})
    )  # fmt: skip
    call_command("load_vocabularies", str(file))
    known = entries.entries(KINDS)
    assert dict(known["civil_society"].text)["en"] == "NGO"
    assert dict(known["mission"].text)["fr"] == "mission diplomatique"
    call_command("load_vocabularies", str(file), "--replace")
    assert dict(entries.entries(KINDS)["civil_society"].text)["en"] == "CSO"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "is no JSON file"),
        ("[1]", "no object with a list"),
        ('{"no.list": {}}', "No list is called"),
        ('{"contacts.kinds": {"x": {"colour": "red"}}}', "unknown: colour"),
        ('{"contacts.kinds": {"x": {"name": "red"}}}', "not in the right form: name"),
        ('{"contacts.purposes": {"x": {"name": {"en": "red"}}}}', "are fixed"),
        ('{"contacts.kinds": 3}', "no object of entries"),
    ],
)
def test_wrong_file_is_named_and_nothing_is_changed(content, said, tmp_path):
    file = tmp_path / "lists.json"
    file.write_text(content)
    with pytest.raises(CommandError, match=said):
        call_command("load_vocabularies", str(file))
    assert not VocabularyEntry.objects.exists()


def test_country_adds_to_the_lists_and_another_country_does_not(settings):
    """Codes in use stay; without their country they stand for themselves."""
    settings.COUNTRY = "PS"
    assert list(entries.texts("places.level"))[3:5] == ["governorate", "district"]
    assert entries.entries("legislation.lens")["place"].words("words")[3] == "مخيم"
    assert entries.label("dialogues.locality_kind", "camp") == "Camp"
    entries.forget(until_changed=True)
    settings.COUNTRY = "NP"
    assert "governorate" not in entries.texts("places.level")
    assert "مخيم" not in entries.entries("legislation.lens")["place"].words("words")
    assert entries.label("dialogues.locality_kind", "camp") == "camp"
