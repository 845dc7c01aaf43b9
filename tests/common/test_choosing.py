"""A record is chosen by a field that searches: whole without script, and the same with it."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

import border_rules
from factories.accounts import UserFactory
from factories.contacts import OrganisationFactory
from hiwar.common.desk.choosing import FEW, SearchMultipleChoiceField
from hiwar.contacts.forms.register import QuickPersonForm
from hiwar.contacts.models import Organisation

pytestmark = pytest.mark.django_db


def sent(**values):
    data = QueryDict(mutable=True)
    data["shown_name_en"] = data["shown_name_0"] = "Nada"
    for name, value in values.items():
        data.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
    return data


@pytest.fixture
def reader(roles):
    return UserFactory.create(roles=["director"])


@pytest.fixture
def many():
    for number in range(FEW + 5):
        name = {"ar": f"جمعية رقم {number}", "en": f"Society number {number}"}
        OrganisationFactory.create(name=name)
    return OrganisationFactory.create(name={"ar": "مركز إبداع المعلّم", "en": "Teacher Centre"})


def form_of(reader, data=None):
    return QuickPersonForm(data, user=reader)


def offered(form):
    shown = str(form["organisation"])
    return re.findall(r'type="radio" name="organisation" value="([^"]+)"', shown)


def test_few_are_a_list_and_many_a_field(reader):
    OrganisationFactory.create()
    assert "<select" in str(form_of(reader)["organisation"])
    OrganisationFactory.create_batch(FEW)
    shown = str(form_of(reader)["organisation"])
    assert "<select" not in shown
    assert "<option" not in shown
    assert 'name="organisation-words"' in shown


def test_words_are_searched_first_and_what_is_chosen_then_is_taken(reader, many):
    form = form_of(reader, sent(organisation__words="ابداع المعلم", organisation__shown=""))
    assert not form.is_valid()
    assert form.errors.as_data()["organisation"][0].code == "search"
    assert offered(form) == [str(many.pk)]
    shown = re.search(r'name="organisation-shown" value="([^"]*)"', str(form["organisation"]))
    assert shown is not None
    chosen = sent(
        organisation=str(many.pk), organisation__words="ابداع المعلم",
        organisation__shown=shown.group(1),
    )  # fmt: skip
    form = form_of(reader, chosen)
    form.is_valid()
    assert form.cleaned_data["organisation"] == many


def test_nobody_is_chosen_by_part_of_a_name_and_other_words_let_the_old_choice_go(reader, many):
    old = Organisation.objects.exclude(pk=many.pk).earliest("pk")
    words = {"organisation": str(old.pk), "organisation__shown": "before"}
    form = form_of(reader, sent(organisation__words="Teacher", **words))
    assert not form.is_valid()
    assert offered(form) == [str(many.pk)]
    assert str(old.pk) not in str(form["organisation"])
    form = form_of(reader, sent(organisation__words=str(many), **words))
    form.is_valid()
    assert form.cleaned_data["organisation"] == many
    form = form_of(reader, sent(organisation__words="", **words))
    form.is_valid()
    assert form.cleaned_data["organisation"] is None


def test_step_of_the_script_never_saves_and_offers_only_what_the_form_takes(reader, many):
    step = {"organisation__words": "Teacher", "organisation__shown": "Teacher"}
    form = form_of(reader, sent(organisation=str(many.pk), organisation__search="1", **step))
    assert not form.is_valid()
    assert offered(form) == [str(many.pk)]
    many.visibility = "personal"
    many.save()
    form = form_of(reader, sent(organisation__search="1", **step))
    assert not form.is_valid()
    assert offered(form) == []
    form = form_of(reader, sent(organisation=str(many.pk), **step))
    assert "organisation" in form.errors or not form.is_valid()
    assert form.errors.as_data()["organisation"][0].code == "invalid_choice"


def test_mistakes_and_other_letters_find_the_name(reader, many):
    OrganisationFactory.create(name={"ar": "بلدية رام الله"})
    for words in ("Ramalla", "baladiyet Ramallah"):
        form = form_of(reader, sent(organisation__words=words, organisation__search="1"))
        assert not form.is_valid()
        assert "بلدية رام الله" in str(form["organisation"]), words


def test_several_are_added_one_after_the_other(many):
    field = SearchMultipleChoiceField(Organisation.objects.order_by("pk"), required=False)
    first = Organisation.objects.earliest("pk")
    read = field.widget.value_from_datadict
    data = sent(hosts=[str(first.pk)], hosts__words=str(many), hosts__shown="")
    assert set(field.clean(read(data, {}, "hosts"))) == {first, many}
    data = sent(hosts=[str(first.pk)], hosts__words="Teacher", hosts__shown="")
    with pytest.raises(ValidationError) as refused:
        field.clean(read(data, {}, "hosts"))
    assert refused.value.code == "search"
    data = sent(hosts=[str(first.pk), str(many.pk)], hosts__words="", hosts__shown="")
    assert set(field.clean(read(data, {}, "hosts"))) == {first, many}


def test_next_list_of_a_large_table_is_noticed(tmp_path):
    room = tmp_path / "room"
    room.mkdir()
    (room / "forms.py").write_text(
        "class Mine(forms.ModelChoiceField):\n    pass\n"
        "host = Mine(Organisation.objects.none())\n"
        "who = forms.ModelChoiceField(label='x', queryset=Person.objects.all())\n"
        "owner = forms.ModelChoiceField(User.objects.all())\n"
        "post = SearchChoiceField(Post.objects.none())\n",
        "utf-8",
    )
    assert [line.split(":")[1] for line in border_rules.long_lists(tmp_path)] == ["3", "4"]
