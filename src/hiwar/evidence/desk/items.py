"""Evidence at the desk: entered from a source, corrected, judged; testimony under a chosen name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hiwar.accounts.access import me, needs
from hiwar.evidence import rules
from hiwar.evidence.actions import items as act
from hiwar.evidence.actions.sources import judge as judge_record
from hiwar.evidence.desk.pages import (
    FormPage,
    bound,
    form_page,
    library_list,
    quality,
    record_or_404,
)
from hiwar.evidence.forms.items import (
    CorrectForm,
    ItemForm,
    PlaceForm,
    TestimonyForm,
    WithdrawForm,
)
from hiwar.evidence.forms.library import JudgeForm
from hiwar.evidence.models import EvidenceItem, Testimony
from hiwar.evidence.queries.citing import citation_of
from hiwar.evidence.queries.testimony import Witness, witness_of
from hiwar.evidence.queries.uses import uses_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def _at(item: EvidenceItem) -> str:
    return reverse("evidence:item", args=[item.pk])


def _testimony(item: EvidenceItem) -> Testimony | None:
    return getattr(item, "testimony", None)


@needs(rules.can_see_evidence)
def list_items(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()

    def shown(item: EvidenceItem) -> dict[str, object]:
        words, tone = quality(item)
        testimony = _testimony(item)
        if testimony is not None and not testimony.is_living(today):
            words, tone = _("consent ended"), "danger"
        origin = testimony.chosen_name if testimony else str(item.source)
        meta = [str(item.get_kind_display()), item.figure, origin,
                str(item.dossier) if item.dossier else ""]  # fmt: skip
        return {
            "title": str(item), "url": _at(item), "meta": [text for text in meta if text],
            "state": words, "tone": tone,
        }  # fmt: skip

    return library_list(request, EvidenceItem, "items", shown, {
        "title": _("Evidence"),
        "lead": _("What studies found, figures, and what people testified."),
        "new_url": reverse("evidence:new_item"), "new_label": _("Enter evidence"),
        "second_url": reverse("evidence:new_testimony"), "second_label": _("Record a testimony"),
        "empty_title": _("No evidence is entered yet"),
        "empty_text": _("Evidence is one thing that can be cited: a finding, a figure, a "
                        "testimony with the consent of who gave it."),
    })  # fmt: skip


@needs(rules.can_edit_evidence)
def new(request: HttpRequest) -> HttpResponse:
    """Enter evidence; `source` and `dossier` in the address propose them."""
    initial = {name: request.GET.get(name) for name in ("source", "dossier")}
    form = bound(request, ItemForm, reader=me(request), initial=initial)
    return form_page(
        request, form,
        lambda: act.add_item(actor=me(request), values=form.cleaned_data, now=timezone.now()),
        FormPage(
            title=_("Enter evidence"), verb=_("Save the evidence"),
            done=_("The evidence is entered."), back=reverse("evidence:items"), after=_at,
        ),
    )  # fmt: skip


@needs(rules.can_edit_evidence)
def new_testimony(request: HttpRequest) -> HttpResponse:
    form = bound(
        request, TestimonyForm, reader=me(request), initial={"consent_on": timezone.localdate()}
    )

    def record() -> EvidenceItem:
        cleaned = form.cleaned_data
        witness = Witness(**{name: cleaned[name] for name in Witness.__struct_fields__})
        return act.record_testimony(
            actor=me(request), values=cleaned, chosen_name=cleaned["chosen_name"], witness=witness,
            consent=act.Consent(cleaned["consent_on"], cleaned["consent_ends_on"]),
            now=timezone.now(),
        )  # fmt: skip

    return form_page(
        request, form, record, FormPage(
            title=_("Record a testimony"), verb=_("Seal and save"),
            done=_("The testimony is recorded; who gave it lies sealed."),
            back=reverse("evidence:items"), after=_at,
        ),
    )  # fmt: skip


@needs(rules.can_see_evidence)
def item(request: HttpRequest, key: str) -> HttpResponse:
    """Show evidence: what it says and said, from where, and everything that cites it."""
    user, subject = me(request), record_or_404(request, EvidenceItem, key)
    words, tone = quality(subject)
    testimony = _testimony(subject)
    return render(request, "evidence/item.html", {
        "item": subject,
        "citation": citation_of(subject.source, subject.locator) if subject.source else "",
        "quality": words, "tone": tone,
        "testimony": testimony,
        "is_living": testimony is None or testimony.is_living(timezone.localdate()),
        "witness": witness_of(user, testimony) if testimony else None,
        "versions": subject.versions.select_related("replaced_by").order_by("-number", "pk"),
        "uses": uses_of(user, subject),
        "may_edit": rules.can_edit_record(user, subject),
    })  # fmt: skip


@needs(rules.can_edit_evidence)
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Change where evidence stands, to which dossier it belongs and who may read it."""
    subject = record_or_404(request, EvidenceItem, key)
    names = ("source", "locator", "dossier", "visibility")
    initial = {name: getattr(subject, name) for name in names}
    form = bound(request, PlaceForm, reader=me(request), initial=initial)
    if _testimony(subject):
        del form.fields["source"], form.fields["locator"]
    return form_page(
        request, form,
        lambda: act.update_item(
            actor=me(request), item=subject, values=form.cleaned_data, now=timezone.now()
        ),
        FormPage(
            title=_("Change where it stands"), verb=_("Save"), done=_("The evidence is saved."),
            back=_at(subject), record=subject,
        ),
    )  # fmt: skip


@needs(rules.can_edit_evidence)
def judge(request: HttpRequest, key: str) -> HttpResponse:
    subject = record_or_404(request, EvidenceItem, key)
    initial = {"quality": subject.quality, "reason": subject.quality_reason}
    form = bound(request, JudgeForm, initial=initial)
    return form_page(
        request, form,
        lambda: judge_record(
            actor=me(request), record=subject, now=timezone.now(), **form.cleaned_data
        ),
        FormPage(
            title=_("How good is this evidence?"), verb=_("Save"), done=_("The quality is stated."),
            back=_at(subject), record=subject,
        ),
    )  # fmt: skip


@needs(rules.can_edit_evidence)
def correct(request: HttpRequest, key: str) -> HttpResponse:
    """Correct what evidence says; everything that cites it is listed, to be looked at."""
    subject = record_or_404(request, EvidenceItem, key)
    initial = {"text": subject.text, "figure": subject.figure}
    form = bound(request, CorrectForm, initial=initial)
    return form_page(
        request, form,
        lambda: act.correct_item(
            actor=me(request), item=subject, now=timezone.now(), **form.cleaned_data
        ),
        FormPage(
            title=_("Correct the evidence"), verb=_("Save the correction"),
            done=_("It is corrected; what it said stays below."), back=_at(subject),
            record=subject, uses=uses_of(me(request), subject), is_correction=True,
        ),
    )  # fmt: skip


@needs(rules.can_edit_evidence)
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Note that a consent was withdrawn; who testified is destroyed with it."""
    subject = record_or_404(request, EvidenceItem, key)
    if _testimony(subject) is None:
        raise Http404
    form = bound(request, WithdrawForm, initial={"on": timezone.localdate()})
    return form_page(
        request, form,
        lambda: act.withdraw_consent(
            actor=me(request), item=subject, on=form.cleaned_data["on"], now=timezone.now()
        ),
        FormPage(
            title=_("The consent is withdrawn"), verb=_("Destroy who it was, close the words"),
            done=_("Name, contact and consent are destroyed."), back=reverse("evidence:items"),
            record=subject, uses=uses_of(me(request), subject),
                warning=_("The real name, how to reach them and the words of the consent are "
                             "destroyed and cannot be brought back. The testimony leaves lists and "
                             "search."),
        ),
    )  # fmt: skip
