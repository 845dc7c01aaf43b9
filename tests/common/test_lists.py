"""Lists at the desk: what narrows them keeps what else was chosen."""

from __future__ import annotations

from django.test import RequestFactory

from hiwar.common.desk.lists import choice_of, filter_links, words_of

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
