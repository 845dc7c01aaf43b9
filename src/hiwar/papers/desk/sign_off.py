"""Sign-off at the desk: a frozen text put to organisations, and who of them is named in public."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.desk.pages import attempt, attempt_and_say
from hiwar.papers import rules
from hiwar.papers.actions import sign_off as act
from hiwar.papers.desk.pages import page_of, paper_or_404
from hiwar.papers.exports.signing import words_to_sign
from hiwar.papers.forms.sign_off import NarrowForm, RoundForm
from hiwar.papers.models import Paper
from hiwar.papers.queries.signing import latest_version, rounds_of
from hiwar.signatures.actions.letters import write_letters
from hiwar.signatures.actions.signings import NamesWidened
from hiwar.signatures.queries.requests import answer_counts, asked
from hiwar.signatures.queries.signatories import signatories
from hiwar.signatures.rules import can_collect, can_see_signings

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs(rules.can_see_papers)
def sign_off(request: HttpRequest, code: str) -> HttpResponse:
    """Show which versions were put to organisations, or put the frozen one to them."""
    subject, user = paper_or_404(request, code), me(request)
    context = page_of(request, subject, "sign_off")
    is_held = subject.state in {Paper.State.FROZEN, Paper.State.EMBARGOED}
    version = latest_version(subject) if is_held else None
    current = version.signed_version if version else None
    is_frozen = subject.state == Paper.State.FROZEN and version is not None
    may_open = context["may_publish"] and is_frozen and current is None
    line = subject.signing.contact_line if subject.signing else ""
    form = RoundForm(request.POST or None, initial={"contact_line": line}) if may_open else None
    if form is not None and attempt_and_say(
        request, form, lambda: _open(request, subject, form),
        _("The text is open for signature. Ask organisations; each gets a private link."),
    ):  # fmt: skip
        return redirect("papers:sign_off", code)
    may_see = can_see_signings(user)
    rows = [
        {
            "version": each, "signed": signatories(each.signed_version),
            "is_current": each.signed_version_id == (current.pk if current else None),
        }
        for each in rounds_of(subject)
    ] if may_see else []  # fmt: skip
    answers = asked(user, subject.signing, current) if subject.signing and may_see else []
    return render(request, "papers/sign_off.html", {
        **context, "form": form, "rounds": rows, "version": version, "current": current,
        "counts": answer_counts(answers), "asked_count": len(answers),
        "narrow": NarrowForm(named=current.named) if current else None,
        "may_see_signings": may_see,
        "may_collect": subject.signing is not None and can_collect(user, subject.signing),
    })  # fmt: skip


def _open(request: HttpRequest, paper: Paper, form: RoundForm) -> None:
    """Open a round, and write to everybody who is on the list from a round before."""
    version, now = latest_version(paper), timezone.now()
    opened = act.open_round(
        actor=me(request), paper=paper, now=now,
        text=words_to_sign(version) if version is not None else {}, **form.cleaned_data,
    )  # fmt: skip
    if can_collect(me(request), opened.signing):
        write_letters(actor=me(request), version=opened, now=now)


@needs(rules.can_see_papers)
@require_POST
def narrow(request: HttpRequest, code: str) -> HttpResponse:
    """Name fewer of those who sign in public."""
    subject = paper_or_404(request, code)
    version = latest_version(subject)
    signed = version.signed_version if version else None
    form = NarrowForm(request.POST, named=signed.named if signed else "")
    if form.is_valid():
        attempt(
            request,
            lambda: act.narrow_round(
                actor=me(request), paper=subject, now=timezone.now(), **form.cleaned_data
            ),
            _("Fewer are named in public now."),
        )
    else:
        messages.error(request, str(NamesWidened()))
    return redirect("papers:sign_off", code)


@needs(rules.can_see_papers)
@require_POST
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Close the list of a round."""
    subject = paper_or_404(request, code)
    attempt(
        request,
        lambda: act.close_round(
            actor=me(request), paper=subject, why=request.POST.get("why", ""), now=timezone.now()
        ),
        _("The list is closed. It can be opened again."),
    )
    return redirect("papers:sign_off", code)


@needs(rules.can_see_papers)
@require_POST
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    """Open a list again that was closed."""
    subject = paper_or_404(request, code)
    attempt(
        request,
        lambda: act.reopen_round(actor=me(request), paper=subject, now=timezone.now()),
        _("The list is open again."),
    )
    return redirect("papers:sign_off", code)
