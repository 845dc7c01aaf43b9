"""An ask at the desk: its points, its addressees, their approval, and what they answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.asks import rules
from hiwar.asks.actions import answers as act_answers
from hiwar.asks.actions import points as act
from hiwar.asks.forms import points as forms
from hiwar.asks.models import Addressee, Answer, AnswerFile, Ask, AskPoint
from hiwar.asks.queries.positions import asks_for
from hiwar.asks.queries.posts import addressees_for
from hiwar.asks.queries.standing import standing_answers
from hiwar.asks.queries.targets import target_of, targets_for
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.pages import (
    attempt,
    attempt_and_say,
    attempt_with_form,
    part_or_404,
)
from hiwar.common.files.pages import attachment

if TYPE_CHECKING:
    from django.forms import BaseForm
    from django.http import HttpRequest, HttpResponse


def ask_or_404(request: HttpRequest, key: str) -> Ask:
    """Return an ask that the reader may read, or answer 404."""
    return part_or_404(asks_for(me(request)), key)


def addressee_or_404(request: HttpRequest, key: str) -> Addressee:
    """Return an addressee of an ask, both open to the reader, or answer 404."""
    return part_or_404(
        addressees_for(me(request)).select_related("ask__dossier", "post__organisation"), key
    )


def show_form(
    request: HttpRequest, form: BaseForm, ask: Ask, *, title: str, verb: str, lead: str = ""
) -> HttpResponse:
    """Show a form that belongs to an ask."""
    return form_page(
        request,
        form,
        title=title,
        verb=verb,
        dossier=ask.dossier,
        lead=lead or str(ask),
        back=reverse("asks:ask", args=[ask.pk]),
        template="asks/form.html",
    )


@needs(rules.can_edit_asks)
def add_point(request: HttpRequest, key: str) -> HttpResponse:
    """Add a point to an ask."""
    subject, user = ask_or_404(request, key), me(request)
    form = forms.PointForm(targets_for(user, subject.dossier), request.POST or None)
    if attempt_and_say(request, form, lambda: act.add_point(
            actor=user, ask=subject, act=form.cleaned_data["act"],
            target=target_of(user, subject.dossier, form.cleaned_data["target"]),
            now=timezone.now(),
        ), _("The point is added.")):  # fmt: skip
        return redirect("asks:ask", subject.pk)
    return show_form(request, form, subject, title=_("Add a point"), verb=_("Save the point"))


@require_POST
@needs(rules.can_edit_asks)
def remove_point(request: HttpRequest, key: str) -> HttpResponse:
    point = part_or_404(
        AskPoint.objects.filter(ask__in=asks_for(me(request)).order_by()).select_related("ask"), key
    )
    attempt(
        request,
        lambda: act.remove_point(actor=me(request), point=point, now=timezone.now()),
        _("The point is taken out."),
    )
    return redirect("asks:ask", point.ask_id)


@needs(rules.can_edit_asks)
def add_addressee(request: HttpRequest, key: str) -> HttpResponse:
    """Put an ask to a post."""
    subject, user = ask_or_404(request, key), me(request)
    form = forms.AddresseeForm(user, request.POST or None)
    if attempt_and_say(request, form, lambda: act.add_addressee(
            actor=user, ask=subject, post=form.cleaned_data["post"],
            answer_due=form.cleaned_data["answer_due"], due_after=form.cleaned_data["due_after"],
            now=timezone.now(),
        ), _("The ask is put to this post; it still needs approval.")):  # fmt: skip
        return redirect("asks:ask", subject.pk)
    return show_form(
        request, form, subject, title=_("Add an addressee"), verb=_("Add the addressee")
    )


@require_POST
@needs(rules.can_edit_asks)
def remove_addressee(request: HttpRequest, key: str) -> HttpResponse:
    addressee = addressee_or_404(request, key)
    attempt(
        request,
        lambda: act.remove_addressee(actor=me(request), addressee=addressee, now=timezone.now()),
        _("The addressee is taken back."),
    )
    return redirect("asks:ask", addressee.ask_id)


@require_POST
@needs(rules.can_approve_asks)
def approve(request: HttpRequest, key: str) -> HttpResponse:
    subject = ask_or_404(request, key)
    attempt(
        request,
        lambda: act.approve_addressees(actor=me(request), ask=subject, now=timezone.now()),
        _("The ask is approved for the posts that it is put to."),
    )
    return redirect("asks:ask", subject.pk)


@needs(rules.can_edit_asks)
def take_addressee_state(request: HttpRequest, key: str) -> HttpResponse:
    """Record how far an ask has come at a post."""
    addressee = addressee_or_404(request, key)
    form = forms.AddresseeStateForm(request.POST or None, initial={"day": timezone.localdate()})
    if attempt_and_say(
        request,
        form,
        lambda: act.record_addressee_state(
            actor=me(request), addressee=addressee, now=timezone.now(), **form.cleaned_data
        ),
        _("The state is recorded, with its day."),
    ):
        return redirect("asks:ask", addressee.ask_id)
    return show_form(
        request, form, addressee.ask, title=_("How far it has come"), verb=_("Record the state"),
        lead=f"{addressee.post.organisation} · {addressee.post}",
    )  # fmt: skip


@needs(rules.can_edit_asks)
def record_answer(request: HttpRequest, key: str) -> HttpResponse:
    """Write down what a post answered, point by point."""
    addressee = addressee_or_404(request, key)
    points = list(AskPoint.objects.filter(ask=addressee.ask).order_by("number", "pk"))
    earlier = standing_answers(addressee.answers.order_by("recorded_at", "pk"))
    form = forms.AnswerForm(
        points, earlier, request.POST or None, initial={"answered_on": timezone.localdate()}
    )
    if form.is_valid():
        cleaned = form.cleaned_data
        reply = act_answers.Reply(
            form.verdicts(), cleaned["words"], cleaned["until"], cleaned["giver_name"],
            cleaned["giver_function"], cleaned["capacity"],
        )  # fmt: skip
        corrected = next((row for row in earlier if str(row.pk) == cleaned["corrects"]), None)
        if attempt_with_form(
            form,
            lambda: act_answers.record_answer(
                actor=me(request), addressee=addressee, way=cleaned["way"],
                answered_on=cleaned["answered_on"], reply=reply, corrects=corrected,
                now=timezone.now(),
            ),
        ):  # fmt: skip
            messages.success(request, _("The answer is recorded. Earlier ones stay readable."))
            return redirect("asks:ask", addressee.ask_id)
    return show_form(
        request, form, addressee.ask, title=_("Record an answer"), verb=_("Record the answer"),
        lead=f"{addressee.post.organisation} · {addressee.post}",
    )  # fmt: skip


@needs(rules.can_edit_asks)
def confirm_answer(request: HttpRequest, key: str) -> HttpResponse:
    """Say how an answer that came by a link was confirmed."""
    answer = part_or_404(
        Answer.objects.filter(
            way=Answer.Way.LINK, addressee__in=addressees_for(me(request)).order_by()
        ).select_related("addressee__ask__dossier", "addressee__post"),
        key,
    )
    form = forms.ConfirmationForm(request.POST or None)
    if attempt_and_say(request, form, lambda: act_answers.confirm_answer(
            actor=me(request), answer=answer, confirmed_as=form.cleaned_data["confirmed_as"],
            now=timezone.now(),
        ), _("The answer is confirmed.")):  # fmt: skip
        return redirect("asks:ask", answer.addressee.ask_id)
    return show_form(
        request,
        form,
        answer.addressee.ask,
        title=_("Confirm an answer"),
        verb=_("Confirm"),
        lead=str(answer),
    )


@needs(rules.can_see_asks)
def answer_file(request: HttpRequest, key: str) -> HttpResponse:
    """Give a file that came with an answer, to be saved and never opened by the browser."""
    row = part_or_404(
        AnswerFile.objects.filter(
            answer__addressee__in=addressees_for(me(request)).order_by()
        ).select_related("file"),
        key,
    )
    return attachment(reader=me(request), file=row.file)
