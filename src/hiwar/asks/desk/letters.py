"""Letters of asks at the desk: written, issued with a number, printed, received."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from hiwar.accounts.access import me, needs
from hiwar.asks import rules
from hiwar.asks.actions import post_letters as act
from hiwar.asks.desk.points import addressee_or_404, show_form
from hiwar.asks.exports.ask_letters import (
    letter_context,
    letter_text,
    print_letter,
    proposed_words,
)
from hiwar.asks.forms import letters as forms
from hiwar.asks.models import Delivery, Letter
from hiwar.asks.queries.letters import addressee_of, letters_for
from hiwar.common.desk.pages import attempt_and_say, attempt_with_form, part_or_404
from hiwar.common.printing import PrintingAbsent
from hiwar.common.tables import file_response

if TYPE_CHECKING:
    from django.http import HttpRequest


def _letter(request: HttpRequest, key: str) -> Letter:
    return part_or_404(letters_for(me(request)), key)


@needs(rules.can_edit_asks)
def draft(request: HttpRequest, key: str) -> HttpResponse:
    """Write a letter to an addressee; its words are proposed from the ask."""
    addressee = addressee_or_404(request, key)
    subject, body = proposed_words(addressee)
    form = forms.LetterForm(request.POST or None, initial={"subject": subject, "body": body})
    letters: list[Letter] = []
    if attempt_and_say(
        request,
        form,
        lambda: letters.append(
            act.draft_letter(
                actor=me(request), addressee=addressee, now=timezone.now(), **form.cleaned_data
            )
        ),
        _("The letter is written. It gets its number when it is issued."),
    ):
        return redirect("asks:letter", letters[0].pk)
    return show_form(
        request, form, addressee.ask, title=_("Write a letter"), verb=_("Save the letter"),
        lead=f"{addressee.post.organisation} · {addressee.post}",
    )  # fmt: skip


@needs(rules.can_see_asks)
def letter(request: HttpRequest, key: str) -> HttpResponse:
    """Show a letter in each of its languages; issue it, which gives it its number."""
    subject, user = _letter(request, key), me(request)
    addressee = addressee_of(subject)
    may_issue = subject.issued_at is None and rules.can_approve_ask(user, addressee.ask)
    form = forms.IssueForm(request.POST or None, initial={"language": subject.languages[0]})
    links: list[str] = []
    if request.method == "POST" and may_issue and form.is_valid():
        issued = attempt_with_form(
            form,
            lambda: links.append(
                act.issue_letter(
                    actor=user, letter=subject, compose=letter_text, now=timezone.now(),
                    **form.cleaned_data,
                )[1]
            ),
        )  # fmt: skip
        if issued:
            messages.success(request, _("The letter has its number, and its words stand."))
            if form.cleaned_data["way"] == Delivery.Way.MAIL:
                return redirect("asks:letter", subject.pk)
            subject, may_issue = _letter(request, key), False
    signer = subject.issued_by or user
    return render(request, "asks/letter.html", {
        "letter": subject, "dossier": addressee.ask.dossier, "addressee": addressee,
        "sheets": [letter_context(subject, code, signer) for code in subject.languages],
        "form": form if may_issue else None, "link": links[0] if links else "",
        "deliveries": subject.deliveries.order_by("handed_on", "pk"),
        "may_edit": rules.can_record_position(user, addressee.ask),
    })  # fmt: skip


@needs(rules.can_see_asks)
def letter_file(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Give a letter as PDF in one of its languages."""
    subject = _letter(request, key)
    if language not in subject.languages:
        raise Http404
    try:
        printed = print_letter(subject, language, subject.issued_by or me(request))
    except PrintingAbsent:
        messages.error(request, _("This installation cannot print PDF. Print the page itself."))
        return redirect("asks:letter", subject.pk)
    return file_response(printed.content, f"letter-{language}.pdf")


@needs(rules.can_edit_asks)
def receipt(request: HttpRequest, key: str) -> HttpResponse:
    """Record who received a letter."""
    delivery = part_or_404(
        Delivery.objects.filter(
            letter__in=letters_for(me(request)).order_by().values("pk")
        ).select_related("letter"),
        key,
    )
    form = forms.ReceiptForm(request.POST or None, initial={"received_on": timezone.localdate()})
    if attempt_and_say(
        request,
        form,
        lambda: act.record_receipt(
            actor=me(request), delivery=delivery, now=timezone.now(), **form.cleaned_data
        ),
        _("The receipt is recorded."),
    ):
        return redirect("asks:letter", delivery.letter_id)
    return show_form(
        request, form, addressee_of(delivery.letter).ask, title=_("Record a receipt"),
        verb=_("Record the receipt"), lead=str(delivery.letter),
    )  # fmt: skip
