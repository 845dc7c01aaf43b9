"""Frames of a screen: the way above a page, its heading, and the page of a form."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from hiwar.common.desk.frames import form_page
from hiwar.common.multilingual import MultilingualText

pytestmark = pytest.mark.django_db

RECORD = {"title": "<Record>", "url": "/desk/records/7/"}
TRAIL = [("Records", "/desk/records/")]


class Words(forms.Form):
    words = forms.CharField(label="Words")


def page(data: dict[str, str] | None = None, **context: object) -> str:
    request = RequestFactory().get("/desk/")
    with translation.override("en"):
        answer = form_page(request, Words(data), **{"title": "Write", "verb": "Keep", **context})  # type: ignore[arg-type]  # as a room says it
    return answer.content.decode()


def render(source: str, **values: object) -> str:
    with translation.override("en"):
        return Template("{% load components %}" + source).render(Context(values))


def test_form_is_headed_by_what_is_done_and_leads_back_to_its_record() -> None:
    html = page(record=RECORD, trail=TRAIL)
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", html) == ["Write"]
    assert "<title>Write" in html
    way = html[html.index('<nav class="breadcrumb"') : html.index("<h1")]
    assert re.findall(r'<a href="([^"]+)"><bdi>(.*?)</bdi>', way) == [
        ("/desk/records/", "Records"),
        ("/desk/records/7/", "&lt;Record&gt;"),
    ]
    assert "aria-current" not in way
    assert '<a class="button button-quiet" href="/desk/records/7/">Cancel</a>' in html


def test_form_without_anything_above_has_no_empty_way() -> None:
    html = page(back="/desk/")
    assert 'class="breadcrumb"' not in html
    assert '<a class="button button-quiet" href="/desk/">Cancel</a>' in html


def test_form_has_one_primary_button_and_one_summary_of_errors() -> None:
    html = page({"words": ""}, back="/desk/", cancel="Later", is_danger=False)
    main = html[html.index("<main") :]
    assert main.count("button-primary") == 1
    assert main.count("error-summary") == 1
    assert main.index("error-summary") < main.index("<form")
    assert ">Later</a>" in main
    assert "button-danger" not in main


def test_dangerous_form_has_no_primary_button() -> None:
    main = page(back="/desk/", is_danger=True).split("<main")[1]
    assert "button-danger" in main
    assert "button-primary" not in main


def test_heading_in_another_language_says_so() -> None:
    html = page(title=MultilingualText({"ar": "بلدية"}), back="/desk/")
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", html)
    assert heading is not None
    assert 'lang="ar"' in heading[1]


def test_component_of_forms_takes_fields_and_buttons_of_a_room() -> None:
    html = render(
        '{% component "form" form=form verb="Keep" %}{% slot fields %}<p>own</p>{% endslot %}'
        '{% slot buttons %}<button name="again">more</button>{% endslot %}{% endcomponent %}',
        form=Words(),
    )
    assert "<p>own</p>" in html
    assert 'name="words"' not in html
    assert html.index("Keep") < html.index('name="again"')


@pytest.mark.parametrize(
    ("body", "is_drawn"),
    [("<li>a</li>", True), ("", False), ("{% if no %}<li></li>{% endif %}", False)],
)  # fmt: skip
def test_breadcrumb_without_a_step_is_nothing(body: str, is_drawn: bool) -> None:
    html = render(f'{{% component "breadcrumb" %}}{body}{{% endcomponent %}}')
    assert ("<nav" in html) == is_drawn


def test_form_without_a_record_leads_back_to_the_page_above() -> None:
    html = page(trail=[*TRAIL, ("More", "/desk/records/more/")])
    assert '<a class="button button-quiet" href="/desk/records/more/">Cancel</a>' in html
