"""Components: slots, isolation, what assistive technology is told, numbers in two languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

import hiwar.common
from hiwar.common.templatetags import components

COMMON = Path(hiwar.common.__file__).parent
SPRITE = (COMMON / "static" / "common" / "icons.svg").read_text("utf-8")


def render(source: str, **values: object) -> str:
    return Template("{% load components %}" + source).render(Context(values))


class Visitor(forms.Form):
    phone = forms.CharField(help_text="Deleted after 30 days.")
    agrees = forms.BooleanField(required=False)
    note = forms.CharField(required=False)


def test_component_places_its_body_and_its_slots() -> None:
    html = render(
        '{% component "notice" tone="danger" title=name %}<p>body</p>'
        "{% slot actions %}<a>act</a>{% endslot %}{% endcomponent %}",
        name="<b>",
    )
    assert "&lt;b&gt;" in html
    assert html.index("<p>body</p>") < html.index('<div class="row"><a>act</a></div>')
    assert html.count("<a>act</a>") == 1


def test_component_sees_only_what_it_is_given() -> None:
    assert "secret" not in render('{% part "badge" label="x" %}', tone="secret")


@pytest.mark.parametrize(
    "source",
    ["{% part %}", '{% part "badge" "x" %}', '{% component "notice" %}', "{% slot %}{% endslot %}"],
)
def test_a_misspelt_component_is_refused(source: str) -> None:
    with pytest.raises((TemplateSyntaxError, ValueError)):
        render(source)


def test_icon_is_silent_unless_labelled() -> None:
    assert 'aria-hidden="true"' in render('{% icon "search" %}')
    assert 'role="img" aria-label="More"' in render('{% icon "more" "More" %}')


def test_only_icons_of_direction_are_mirrored() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z]+)"', SPRITE))
    assert drawn >= components.DIRECTIONAL_ICONS
    assert "icon-directional" in render('{% icon "next" %}')
    assert "icon-directional" not in render('{% icon "clock" %}')


def test_every_icon_that_a_template_names_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z]+)"', SPRITE))
    named = {
        name
        for template in COMMON.parent.glob("*/templates/**/*.html")
        for name in re.findall(r'{% icon "([a-z]+)"', template.read_text("utf-8"))
    }
    assert named - drawn == set()


def test_field_ties_label_help_and_error_together() -> None:
    form = Visitor({"phone": ""})
    html = render("{% field form.phone %}", form=form)
    assert '<label for="id_phone">' in html
    assert 'id="id_phone_helptext"' in html
    assert 'id="id_phone_error"' in html
    assert 'aria-invalid="true"' in html
    described = re.search(r'aria-describedby="([^"]+)"', html)
    assert described
    assert set(described.group(1).split()) == {"id_phone_helptext", "id_phone_error"}


def test_field_marks_what_is_optional() -> None:
    form = Visitor()
    with translation.override("en"):
        assert "optional" in render("{% field form.note %}", form=form)
        assert "optional" not in render("{% field form.phone %}", form=form)
        assert "optional" not in render("{% field form.agrees %}", form=form)


def test_field_that_nobody_sees_has_no_label() -> None:
    class Hidden(forms.Form):
        version = forms.CharField(widget=forms.HiddenInput)

    html = render("{% field form.version %}", form=Hidden())
    assert 'type="hidden"' in html
    assert "<label" not in html


def test_cells_stand_beside_the_labels_of_their_columns() -> None:
    html = render(
        "{% for label, cell in cells|beside:labels %}{{ label }}={{ cell }};{% endfor %}",
        cells=[1, 2, 3],
        labels=["a", "b"],
    )
    assert html == "a=1;b=2;=3;"


def test_error_summary_leads_to_the_field() -> None:
    html = render('{% part "error_summary" form=form %}', form=Visitor({}))
    assert 'href="#id_phone"' in html
    assert 'role="alert"' in html
    assert render('{% part "error_summary" form=form %}', form=Visitor()).strip() == ""


@pytest.mark.parametrize(
    ("digits", "language", "written"),
    [("latin", "ar", "1,204"), ("arabic", "ar", "١٬٢٠٤"), ("arabic", "en", "1,204")],
)
def test_number_follows_the_setting(
    settings: object, digits: str, language: str, written: str
) -> None:
    settings.DIGITS = digits  # type: ignore[attr-defined]
    with translation.override(language):
        assert components.number(1204) == written


def test_number_of_nothing_is_a_dash() -> None:
    assert components.number(None) == "–"
    assert components.number(3.14159) == "3.1"


def test_share_says_its_denominator() -> None:
    with translation.override("en"):
        assert components.share(61, 84) == "61 of 84 (73%)"
        assert components.share(0, 0) == "nobody yet"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_opinion_bar_fills_the_width_in_every_language(language: str) -> None:
    with translation.override(language):
        html = render("{% opinion_bar 1 1 1 %}")
    widths = [float(width) for width in re.findall(r'width="([\d.]+)%" height="16"/', html)]
    assert len(widths) == 3
    assert sum(widths) == pytest.approx(100, abs=0.05)
    assert html.count('(<bdi dir="ltr">33%</bdi>)') == 3


def test_opinion_bar_of_nobody_is_empty() -> None:
    assert re.findall(r'width="([\d.]+)%" height="16"/', render("{% opinion_bar 0 0 0 %}")) == [
        "0",
        "0",
        "0",
    ]


def test_table_stays_a_table_when_it_is_shown_as_cards() -> None:
    html = render(
        '{% part "table" id="t" caption="c" columns=columns rows=rows %}',
        columns=[{"label": "Place"}, {"label": "People", "number": True, "sorted": "ascending"}],
        rows=[[{"label": "Place", "value": "Hebron"}, {"label": "People", "value": 62}]],
    )
    assert html.count('role="cell"') == 2
    assert 'aria-sort="ascending"' in html
    assert 'data-label="People"' in html


def test_dialog_leads_to_a_page_without_script() -> None:
    html = render(
        '{% component "dialog" id="d" trigger="Delete" title="Delete?" '
        'fallback="/sure/" %}x{% endcomponent %}'
    )
    assert 'href="/sure/" data-dialog="d"' in html
    assert 'aria-labelledby="d-title"' in html


def test_list_without_items_says_what_to_do() -> None:
    html = render(
        '{% component "list" items=items empty_title="Nothing yet" %}'
        "{% slot empty %}<a>Add</a>{% endslot %}{% endcomponent %}",
        items=[],
    )
    assert "Nothing yet" in html
    assert "<a>Add</a>" in html


class Choosing(forms.Form):
    kind = forms.ChoiceField(choices=[("", "---------"), ("a", "one kind")], required=False)


def test_nothing_chosen_is_said_in_words() -> None:
    with translation.override("ar"):
        html = render("{% field form.kind %}", form=Choosing())
    assert "---" not in html
    assert "لم يُحدَّد" in html
    assert "one kind" in html
