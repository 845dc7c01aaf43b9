"""Lists at the desk: what narrows them keeps what else was chosen."""

from __future__ import annotations

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from factories.contacts import OrganisationFactory
from hiwar.common.desk.lists import choice_of, filter_links, ordered, words_of
from hiwar.common.desk.pages import paged
from hiwar.contacts.models import Organisation

OPTIONS = [("", "All", 3), ("open", "Open", 3), ("over", "Over", 0)]


def test_a_filter_keeps_words_and_the_other_filter_and_forgets_the_page():
    request = RequestFactory().get("/", {"q": " صوت ", "state": "open", "page": "4"})
    words, state = words_of(request), choice_of(request, "state", ["open", "over"])
    links = filter_links("state", state, OPTIONS, {"q": words, "state": state, "pillar": "P"})
    assert [link["url"] for link in links][1] == "?state=open&q=%D8%B5%D9%88%D8%AA&pillar=P"
    assert [link["current"] for link in links] == [False, True, False]


def test_what_is_not_offered_is_not_chosen_and_empty_kinds_can_be_left_out():
    request = RequestFactory().get("/", {"state": "' OR 1=1"})
    state = choice_of(request, "state", ["open", "over"])
    assert state == ""
    shown = filter_links("state", state, OPTIONS, with_none=False)
    assert [link["label"] for link in shown] == ["All", "Open"]


def test_a_page_says_which_of_how_many_and_is_jumped_to_in_any_digits():
    request = RequestFactory().get("/", {"q": "صوت", "kind": ["a", "b"], "page": "٣"})
    turned = paged(request, range(120), 25)
    assert (turned["page"].number, turned["pages"].count) == (3, 5)
    component = engines["django"].from_string(
        '{% load components %}{% part "pagination" pages=pages %}'
    )
    with translation.override("en"):
        shown = component.render(turned, request)
    assert "of 5" in shown
    assert 'name="page" value="3"' in shown
    for name, value in (("q", "صوت"), ("kind", "a"), ("kind", "b")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in shown
    assert shown.count('type="hidden"') == 3
    assert 'rel="prev"' in shown
    assert 'rel="next"' in shown
    assert paged(RequestFactory().get("/", {"page": "99"}), range(120), 25)["page"].number == 5


@pytest.mark.django_db
def test_a_list_is_sorted_as_its_reader_reads_it():
    first = OrganisationFactory.create(name={"ar": "ب", "en": "Alpha"})
    second = OrganisationFactory.create(name={"ar": "أ", "en": "Beta"})
    only_english = OrganisationFactory.create(name={"en": "Gamma"})
    rows = Organisation.objects.all()
    with translation.override("ar"):
        assert list(ordered(rows, "name", {"name": "name"}))[1:] == [second, first]
    with translation.override("en"):
        assert list(ordered(rows, "-name", {"name": "name"})) == [only_english, second, first]
