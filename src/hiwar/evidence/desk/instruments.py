"""Instruments at the desk, with the articles that are cited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hiwar.accounts.access import me, needs
from hiwar.evidence import rules
from hiwar.evidence.actions import instruments as act
from hiwar.evidence.actions.sources import check as check_record
from hiwar.evidence.desk.pages import FormPage, bound, form_page, library_list, record_or_404
from hiwar.evidence.forms.instruments import ArticleForm, InstrumentForm
from hiwar.evidence.forms.library import CheckForm
from hiwar.evidence.models import Instrument

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def _at(instrument: Instrument) -> str:
    return reverse("evidence:instrument", args=[instrument.pk])


@needs(rules.can_see_evidence)
def list_instruments(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()

    def shown(instrument: Instrument) -> dict[str, object]:
        is_stale = instrument.is_stale(today)
        meta = [instrument.symbol, str(instrument.get_kind_display()), str(instrument.year),
                str(instrument.body)]  # fmt: skip
        return {
            "title": str(instrument), "url": _at(instrument),
            "meta": [text for text in meta if text],
            "state": _("not looked at for 12 months") if is_stale else "",
            "tone": "notice" if is_stale else "",
        }  # fmt: skip

    return library_list(request, Instrument, "instruments", shown, {
        "title": _("Evidence"),
        "lead": _("Treaties, resolutions and declarations, by article."),
        "new_url": reverse("evidence:new_instrument"), "new_label": _("Enter an instrument"),
        "empty_title": _("No instrument is entered yet"),
        "empty_text": _("An instrument is cited by article and paragraph, with the day on which "
                        "somebody last looked at its text."),
    })  # fmt: skip


@needs(rules.can_edit_evidence)
def new(request: HttpRequest) -> HttpResponse:
    form = bound(request, InstrumentForm)
    return form_page(
        request, form,
        lambda: act.add_instrument(
            actor=me(request), values=form.cleaned_data, now=timezone.now()
        ),
        FormPage(
            title=_("Enter an instrument"), verb=_("Save the instrument"),
            done=_("The instrument is entered. Add the articles that are cited."),
            back=reverse("evidence:instruments"), after=_at,
        ),
    )  # fmt: skip


@needs(rules.can_see_evidence)
def instrument(request: HttpRequest, key: str) -> HttpResponse:
    """Show an instrument, each article at its address, and who looked at its text."""
    subject = record_or_404(request, Instrument, key)
    return render(request, "evidence/instrument.html", {
        "instrument": subject,
        "is_stale": subject.is_stale(timezone.localdate()),
        "articles": subject.articles.order_by("position", "pk"),
        "checks": subject.checks.select_related("checked_by").order_by("-on", "-recorded_at", "pk"),
        "may_edit": rules.can_edit_record(request.user, subject),
    })  # fmt: skip


@needs(rules.can_edit_evidence)
def edit(request: HttpRequest, key: str) -> HttpResponse:
    subject = record_or_404(request, Instrument, key)
    initial = {name: getattr(subject, name) for name in InstrumentForm.base_fields}
    form = bound(request, InstrumentForm, initial=initial)
    return form_page(
        request, form,
        lambda: act.update_instrument(
            actor=me(request), instrument=subject, values=form.cleaned_data, now=timezone.now()
        ),
        FormPage(
            title=_("Change the instrument"), verb=_("Save the instrument"),
            done=_("The instrument is saved."), back=_at(subject), record=subject,
        ),
    )  # fmt: skip


@needs(rules.can_edit_evidence)
def check(request: HttpRequest, key: str) -> HttpResponse:
    subject = record_or_404(request, Instrument, key)
    form = bound(request, CheckForm, initial={"on": timezone.localdate()})
    return form_page(
        request, form,
        lambda: check_record(
            actor=me(request), record=subject, now=timezone.now(), **form.cleaned_data
        ),
        FormPage(
            title=_("Look at the instrument again"), verb=_("Save"), done=_("It is noted."),
            back=_at(subject), record=subject, address=subject.url,
        ),
    )  # fmt: skip


@needs(rules.can_edit_evidence)
def add_article(request: HttpRequest, key: str) -> HttpResponse:
    subject = record_or_404(request, Instrument, key)
    form = bound(request, ArticleForm)
    return form_page(
        request, form,
        lambda: act.add_article(
            actor=me(request), instrument=subject, now=timezone.now(), **form.cleaned_data
        ),
        FormPage(
            title=_("Add an article"), verb=_("Save the article"), done=_("The article is added."),
            back=_at(subject), record=subject,
        ),
    )  # fmt: skip
