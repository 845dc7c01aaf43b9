from __future__ import annotations

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import translation

from hiwar.accounts.models import Role
from hiwar.common.multilingual import MultilingualFormField, MultilingualText

HOUSE = MultilingualText({"ar": "شُرفة", "en": "Shurfa"})


@pytest.mark.parametrize(
    ("languages", "reader", "texts", "shown"),
    [
        (["ar", "en"], "ar", {"ar": "نعم", "en": "yes"}, "نعم"),
        (["ar", "en"], "en", {"ar": "نعم", "en": "yes"}, "yes"),
        (["ar", "en"], "en", {"ar": "نعم"}, "نعم"),
        (["fr", "en"], "en", {"fr": "oui", "en": "yes"}, "yes"),
        (["fr", "en"], "de", {"en": "yes", "fr": "oui"}, "oui"),
        (["ar", "en", "fr"], "fr", {"en": "yes", "ar": "نعم"}, "نعم"),
        (["ar", "en"], "pt-br", {"pt": "sim", "ar": "نعم"}, "sim"),
        (["ar", "en"], "en", {"de": "ja"}, "ja"),
        (["ar", "en"], "en", {}, ""),
    ],
)
def test_text_is_shown_in_the_readers_language_or_the_next_best(
    settings, languages, reader, texts, shown
):
    settings.LANGUAGES = [(code, code) for code in languages]
    with translation.override(reader):
        assert str(MultilingualText(texts)) == shown


def test_text_that_fell_back_says_its_language_and_direction():
    with translation.override("en"):
        assert MultilingualText({"ar": "<نعم>"}).marked == (
            '<span lang="ar" dir="rtl">&lt;نعم&gt;</span>'
        )
        assert HOUSE.marked == "Shurfa"


def test_text_is_told_in_every_language_the_wished_one_first():
    text = MultilingualText({"fr": "oui", "en": "yes", "ar": "نعم"})
    assert [code for code, _text in text.in_order()] == ["ar", "en", "fr"]
    assert [code for code, _text in text.in_order("en")] == ["en", "ar", "fr"]


def test_text_names_the_languages_still_owed(settings):
    settings.LANGUAGES = [("ar", "ar"), ("en", "en"), ("fr", "fr")]
    assert HOUSE.missing == ("fr",)


@pytest.mark.django_db
def test_field_keeps_any_language_and_finds_by_it():
    Role.objects.create(code="a", name={"ar": "باحث", "fr": "chercheur"})
    found = Role.objects.get(name__fr="chercheur")
    assert found.name == MultilingualText({"ar": "باحث", "fr": "chercheur"})
    assert list(Role.objects.values_list("name__ar", flat=True)) == ["باحث"]


@pytest.mark.django_db
def test_field_stores_arabic_readably():
    Role.objects.create(code="a", name={"ar": "باحث"})
    role = Role.objects.get(code="a")
    assert isinstance(role.name, MultilingualText)
    role.name = {"ar": "باحثة"}
    assert str(role.name["ar"]) == "باحثة"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_role")
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize("wrong", [{}, {"ar": ""}, "text", {"ar": 3}])
def test_field_refuses_what_is_no_text(wrong):
    field = Role._meta.get_field("name")
    value = MultilingualText(wrong) if wrong == {"ar": ""} else wrong
    with pytest.raises(ValidationError):
        field.clean(value, None)


class NameForm(forms.Form):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"] = MultilingualFormField(label="Name")


def test_form_has_one_input_per_language_with_its_direction(settings):
    settings.LANGUAGES = [("fr", "français"), ("ar", "العربية"), ("en", "English")]
    html = str(NameForm()["name"])
    assert html.count('type="text"') == 3
    for code, direction in (("fr", "ltr"), ("ar", "rtl"), ("en", "ltr")):
        assert f'lang="{code}" dir="{direction}"' in html


def test_form_accepts_one_language_and_refuses_none(settings):
    settings.LANGUAGES = [("ar", "العربية"), ("en", "English")]
    given = NameForm({"name_ar": "  باحث ", "name_en": ""})
    assert given.is_valid()
    assert given.cleaned_data["name"] == MultilingualText({"ar": "باحث"})
    assert not NameForm({"name_ar": "", "name_en": ""}).is_valid()


def test_update_keeps_languages_the_form_did_not_show():
    assert HOUSE.updated({"en": "Shurfa House"}) == MultilingualText(
        {"ar": "شُرفة", "en": "Shurfa House"}
    )
    assert HOUSE.updated({"en": ""}) == MultilingualText({"ar": "شُرفة"})


def test_a_text_in_the_same_letters_stands_in_before_any_other(settings):
    settings.LANGUAGES = [("fr", "Français")]
    seed = MultilingualText({"ar": "منظمة", "en": "organisation"})
    assert seed.in_language("fr") == "organisation"
    settings.LANGUAGES = [("fa", "فارسی")]
    assert MultilingualText({"en": "organisation", "ar": "منظمة"}).in_language("fa") == "منظمة"
    assert MultilingualText({"ru": "организация"}).in_language("fa") == "организация"


@pytest.mark.parametrize("blank", ["", "  ", "\n\t", "\u00a0"])
def test_a_required_text_of_blanks_alone_is_asked_for(blank: str) -> None:
    field = MultilingualFormField(label="Name")
    with pytest.raises(ValidationError) as refused:
        field.clean([blank, blank])
    assert refused.value.code == "required"
    optional = MultilingualFormField(label="Name", required=False)
    assert not optional.clean([blank, blank])
    assert dict(field.clean([f"{blank}اسم{blank}", blank])) == {"ar": "اسم"}
