"""A memorandum at the desk: its words, editions that are signed, files, and that it was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.pages import attempt, attempt_and_say, part_or_404
from hiwar.common.numbering import written
from hiwar.common.printing import PrintingAbsent
from hiwar.common.tables import file_response
from hiwar.legislation import rules
from hiwar.legislation.actions import memoranda as act
from hiwar.legislation.desk.pages import law_or_404, version_or_404
from hiwar.legislation.exports.memoranda import memorandum_document, print_memorandum
from hiwar.legislation.forms import memoranda as forms
from hiwar.legislation.queries.memoranda import annex_of, latest_edition, memoranda_for
from hiwar.signatures.queries.signatories import signatories

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hiwar.legislation.models import Law, Memorandum


def _memorandum(request: HttpRequest, law: Law, memo: str) -> Memorandum:
    return part_or_404(memoranda_for(me(request), law), memo)


@needs(rules.can_publish_laws)
def new(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """Write a memorandum about a version."""
    law = law_or_404(request, key)
    version = version_or_404(request, law, number)
    form = forms.MemorandumForm(request.POST or None)
    memoranda: list[Memorandum] = []
    if attempt_and_say(
        request,
        form,
        lambda: memoranda.append(
            act.write_memorandum(
                actor=me(request), version=version, facts=form.facts(), now=timezone.now()
            )
        ),
        _("The memorandum is written. Fix its text before it is sent."),
    ):
        return redirect("legislation:memorandum", law.pk, memoranda[0].pk)
    return form_page(
        request,
        form,
        title=_("New memorandum"),
        verb=_("Save the memorandum"),
        lead=str(law),
        law=law,
        back=reverse("legislation:amendments", args=[law.pk, version.pk]),
        template="legislation/form.html",
    )


@needs(rules.can_see_laws)
def memorandum(request: HttpRequest, key: str, memo: str) -> HttpResponse:
    """Show a memorandum: its words, its annex, editions, who signed; or change its words."""
    user, law = me(request), law_or_404(request, key)
    shown = _memorandum(request, law, memo)
    may_edit = rules.can_publish_law(user, law) and shown.sent_at is None
    initial = {"title": shown.title, "addressee": shown.addressee, "letter": shown.letter}
    form = forms.MemorandumForm(request.POST or None, initial=initial)
    if request.method == "POST":
        if not may_edit:
            raise Http404
        if attempt_and_say(
            request,
            form,
            lambda: act.change_memorandum(
                actor=user, memorandum=shown, facts=form.facts(), now=timezone.now()
            ),
            _("The words are changed. Editions stay as they are."),
        ):
            return redirect(request.path)
    edition = latest_edition(shown)
    annex = annex_of(shown.version)
    return render(request, "legislation/memorandum.html", {
        "law": law, "memorandum": shown, "form": form, "may_edit": may_edit,
        "fix": forms.FixForm(initial={"sign_by": shown.signing.sign_by}),
        "edition": edition,
        "editions": shown.editions.select_related("fixed_by").order_by("position"),
        "signed": signatories(edition.signed_version) if edition else None,
        "annex": max(annex.values(), key=len, default=[]),
        "number": written(shown.number) if shown.number else "",
    })  # fmt: skip


@needs(rules.can_publish_laws)
@require_POST
def fix(request: HttpRequest, key: str, memo: str) -> HttpResponse:
    """Fix letter and annex as an edition, and open it for signature where a day is given."""
    law = law_or_404(request, key)
    shown = _memorandum(request, law, memo)
    form = forms.FixForm(request.POST)
    if form.is_valid():
        attempt(
            request,
            lambda: act.fix_memorandum(
                actor=me(request), memorandum=shown, sign_by=form.cleaned_data["sign_by"],
                now=timezone.now(),
            ),
            _("The text is fixed with its annex."),
        )  # fmt: skip
    else:
        messages.error(request, _("This is no day."))
    return redirect("legislation:memorandum", law.pk, shown.pk)


@needs(rules.can_publish_laws)
@require_POST
def send(request: HttpRequest, key: str, memo: str) -> HttpResponse:
    """Record that the newest edition is sent, with its number."""
    law = law_or_404(request, key)
    shown = _memorandum(request, law, memo)
    attempt(
        request,
        lambda: act.send_memorandum(
            actor=me(request),
            memorandum=shown,
            seen=request.POST.get("seen", ""),
            now=timezone.now(),
        ),
        _("The memorandum has its number, and its list is final."),
    )
    return redirect("legislation:memorandum", law.pk, shown.pk)


@needs(rules.can_see_laws)
def memorandum_file(
    request: HttpRequest, key: str, memo: str, position: str, name: str
) -> HttpResponse:
    """Give an edition as PDF or DOCX, in one of its languages."""
    law = law_or_404(request, key)
    shown = _memorandum(request, law, memo)
    language, _dot, kind = name.partition(".")
    number = int(position) if position.isdecimal() and len(position) < 5 else 0
    edition = shown.editions.filter(position=number).select_related("signed_version").first()
    if edition is None or language not in edition.languages or kind not in {"pdf", "docx"}:
        raise Http404
    edition.memorandum = shown
    if kind == "docx":
        return memorandum_document(edition, language, str(me(request)))
    try:
        printed = print_memorandum(edition, language)
    except PrintingAbsent as absent:
        messages.error(request, str(absent))
        return redirect("legislation:memorandum", law.pk, shown.pk)
    return file_response(printed.content, f"memorandum-{edition.position}-{language}.pdf")
