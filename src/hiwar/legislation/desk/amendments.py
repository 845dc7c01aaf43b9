"""The workbench: what is proposed to a version, one proposal, the text that they make together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.pages import attempt, attempt_and_say, first_or_404
from hiwar.engine import law as engine
from hiwar.legislation import rules
from hiwar.legislation.actions import amendments as act
from hiwar.legislation.desk.amendment_imports import KIND
from hiwar.legislation.desk.pages import law_or_404, version_or_404
from hiwar.legislation.exports.amendments import comparison_file
from hiwar.legislation.exports.comparison import changes_shown, counts_of
from hiwar.legislation.forms import amendments as forms
from hiwar.legislation.models import Amendment
from hiwar.legislation.queries.amendments import (
    Workbench,
    amendments_for,
    amendments_on,
    lenses_touched,
    letters_to_cite,
    provisions_to_amend,
    workbench_of,
)
from hiwar.legislation.queries.asked import asked_text
from hiwar.legislation.queries.laws import text_of, versions_for
from hiwar.legislation.queries.memoranda import memoranda_for

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from hiwar.legislation.models import Law, LawVersion

CLASHES = {
    "same_text": gettext_lazy("both give a new text to one provision"),
    "repealed": gettext_lazy("one takes out what the other changes"),
    "same_number": gettext_lazy("both bring in a provision with one number"),
    "inside": gettext_lazy("one gives a new text to a provision, the other to a part of it"),
    "phrase": gettext_lazy("one changes words in a text that the other replaces"),
    "chain": gettext_lazy("one brings in words that the other changes"),
}
REFUSED = {
    "target": gettext_lazy("the text has no such provision any more"),
    "exists": gettext_lazy("the text has such an article already"),
    "phrase": gettext_lazy("the words that change stand there no longer"),
}
STEPS = {
    "adopt": (act.adopt_amendment, gettext_lazy("The proposal is adopted.")),
    "reopen": (act.reopen_amendment, gettext_lazy("The proposal is a draft again.")),
    "withdraw": (act.withdraw_amendment, gettext_lazy("The proposal is withdrawn.")),
}


def _problems(bench: Workbench, names: dict[str, str]) -> list[str]:
    """Return in words where amendments clash, and which cannot be carried out."""
    said = [
        _("Proposals %(first)s and %(second)s: %(what)s (%(where)s).") % {
            "first": clash.first, "second": clash.second,
            "what": CLASHES.get(clash.code, clash.code),
            "where": names.get(clash.words, clash.words),
        }
        for clash in bench.clashes
    ]  # fmt: skip
    said += [
        _("Proposal %(number)s cannot be carried out: %(why)s.") % {
            "number": number, "why": REFUSED.get(reason, reason),
        }
        for number, reason in bench.refused
    ]  # fmt: skip
    return said + [
        _("Proposal %(number)s has no text in the language of this version.") % {"number": number}
        for number in bench.unspoken
    ]


@needs(rules.can_see_laws)
def amendments(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """Show what is proposed to a version, article by article; or give it as a table."""
    user, subject = me(request), law_or_404(request, key)
    version = version_or_404(request, subject, number)
    proposals = amendments_on(user, version)
    others = [each for each in versions_for(user, subject)
              if each.number < version.number and each.language == version.language]  # fmt: skip
    if request.GET.get("as"):
        in_force = next((each for each in others if str(each.pk) == request.GET.get("old")), None)
        answer = comparison_file(
            version, in_force, proposals, request.GET["as"], name=str(user), now=timezone.now()
        )
        if answer is None:
            raise Http404
        return answer
    bench = workbench_of(version, proposals)
    provisions = provisions_to_amend(bench.text)
    names = dict(provisions)
    may_edit = rules.can_edit_law(user, subject)
    return render(request, "legislation/amendments.html", {
        "law": subject, "version": version,
        "proposals": [
            (each, names.get(each.eid, each.eid), lenses_touched(each, bench.text))
            for each in proposals
        ],
        "articles": [(eid, name) for eid, name in provisions if "__para" not in eid],
        "problems": _problems(bench, names), "older": others,
        "may_edit": may_edit, "may_publish": rules.can_publish_law(user, subject),
        "memoranda": memoranda_for(user, subject).filter(version__number=version.number),
        "to_publish": sum(
            each.state == Amendment.State.ADOPTED and not each.is_published for each in proposals
        ) if version.visibility == "public" else 0,
        "import_url": reverse("accounts:import_files_of", args=[KIND, version.pk])
        if may_edit else "",
    })  # fmt: skip


@needs(rules.can_see_laws)
def consolidated(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """Show the text of a version as it would be with what is proposed, beside what it is."""
    subject = law_or_404(request, key)
    version = version_or_404(request, subject, number)
    bench = workbench_of(version, amendments_on(me(request), version))
    changes = engine.compare(bench.text, bench.consolidated)
    return render(request, "legislation/consolidated.html", {
        "law": subject, "version": version, "new": version,
        "problems": _problems(bench, dict(provisions_to_amend(bench.text))),
        "is_inline": request.GET.get("view") == "inline",
        "with_spelling": request.GET.get("spelling") == "yes",
        "counts": counts_of(changes),
        "changes": changes_shown(changes, with_spelling=request.GET.get("spelling") == "yes"),
    })  # fmt: skip


def _form(
    request: HttpRequest, law: Law, text: engine.Law, initial: dict[str, Any],
    cited: Collection[UUID] = (),
) -> forms.AmendmentForm:  # fmt: skip
    eid = request.POST.get("eid") or initial.get("eid") or ""
    letters = letters_to_cite(me(request), law, str(eid), cited)
    return forms.AmendmentForm(
        provisions_to_amend(text), letters, request.POST or None, initial=initial
    )


def _form_page(
    request: HttpRequest, form: forms.AmendmentForm, version: LawVersion, text: engine.Law,
    *, title: str, back: str,
) -> HttpResponse:  # fmt: skip
    provision = text.provision(str(form["eid"].value() or ""))
    return form_page(
        request,
        form,
        title=title,
        verb=_("Save the proposal"),
        law=version.law,
        version=version,
        back=back,
        provision=provision,
        old=provision.full_text() if provision else "",
        template="legislation/amendment_form.html",
    )


@needs(rules.can_edit_laws)
def new(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """Propose a change to a provision of a version."""
    subject = law_or_404(request, key)
    version = version_or_404(request, subject, number)
    text = text_of(version)
    form = _form(request, subject, text, {"eid": request.GET.get("eid", "")})
    proposed: list[Amendment] = []
    if attempt_and_say(
        request,
        form,
        lambda: proposed.append(
            act.propose_amendment(
                actor=me(request), version=version, facts=form.facts(), now=timezone.now()
            )
        ),
        _("The proposal is written down as a draft."),
    ):
        return redirect("legislation:amendment", subject.pk, proposed[0].number)
    back = reverse("legislation:amendments", args=[subject.pk, version.pk])
    return _form_page(request, form, version, text, title=_("New proposal"), back=back)


def _amendment(request: HttpRequest, law: Law, number: str) -> Amendment:
    if not number.isdecimal() or len(number) > 5:
        raise Http404
    amendment = first_or_404(amendments_for(me(request), law).filter(number=int(number)))
    amendment.law = law
    amendment.version.law = law
    return amendment


@needs(rules.can_edit_laws)
def change(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """Change a draft."""
    subject = law_or_404(request, key)
    amendment = _amendment(request, subject, number)
    text = text_of(amendment.version)
    cited = list(amendment.comments.values_list("pk", flat=True))
    initial: dict[str, Any] = {
        name: getattr(amendment, name)
        for name in ("eid", "kind", "words", "text", "reason", "affected")
    }
    initial["lenses"] = [note.lens for note in amendment.notes.all()]
    initial["letters"] = [str(key) for key in cited]
    form = _form(request, subject, text, initial, cited)
    back = reverse("legislation:amendment", args=[subject.pk, amendment.number])
    if attempt_and_say(
        request,
        form,
        lambda: act.change_amendment(
            actor=me(request), amendment=amendment, facts=form.facts(), now=timezone.now()
        ),
        _("The proposal is changed."),
    ):
        return redirect(back)
    return _form_page(
        request, form, amendment.version, text,
        title=_("Change proposal %(number)s") % {"number": amendment.number}, back=back,
    )  # fmt: skip


@needs(rules.can_see_laws)
def amendment(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """Show a proposal: both texts, why, from which comments, and what it does to whom."""
    user, subject = me(request), law_or_404(request, key)
    shown = _amendment(request, subject, number)
    may_edit = rules.can_edit_law(user, subject)
    form = forms.EquityNoteForm(request.POST or None)
    if request.method == "POST":
        if not may_edit:
            return _amendment_page(request, subject, shown, form, status=403)
        if attempt_and_say(
            request,
            form,
            lambda: _write_note(request, shown, form.cleaned_data),
            _("The equity note is written."),
        ):
            return redirect(request.path)
    return _amendment_page(request, subject, shown, form)


def _write_note(request: HttpRequest, shown: Amendment, note: dict[str, str]) -> None:
    try:
        act.write_equity_note(
            actor=me(request), amendment=shown, lens=note["lens"], text=note["text"],
            now=timezone.now(),
        )  # fmt: skip
    except KeyError:
        raise Http404 from None


def _amendment_page(
    request: HttpRequest, law: Law, shown: Amendment, form: forms.EquityNoteForm, status: int = 200
) -> HttpResponse:
    user = me(request)
    text = text_of(shown.version)
    asked = asked_text(shown, text)
    rows = engine.compare_texts(asked.old, asked.new) if asked else ()
    sources = list(
        shown.comments.defer("contact").select_related("consultation").order_by("number")
    )
    return render(request, "legislation/amendment.html", {
        "law": law, "amendment": shown, "version": shown.version,
        "name": dict(provisions_to_amend(text)).get(shown.eid, shown.eid),
        "asked": asked, "pairs": [engine.side_by_side(row.edits) for row in rows],
        "lenses": lenses_touched(shown, text), "form": form, "sources": sources,
        "may_edit": rules.can_edit_law(user, law), "may_publish": rules.can_publish_law(user, law),
    }, status=status)  # fmt: skip


@needs(rules.can_edit_laws)
@require_POST
def step(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """Adopt a proposal, open it again, or withdraw it."""
    subject = law_or_404(request, key)
    shown = _amendment(request, subject, number)
    wish = STEPS.get(request.POST.get("step", ""))
    if wish is None:
        raise Http404
    move, done = wish
    attempt(
        request,
        lambda: move(actor=me(request), amendment=shown, now=timezone.now()),
        str(done),
    )
    return redirect("legislation:amendment", subject.pk, shown.number)


@needs(rules.can_publish_laws)
@require_POST
def publish(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """Let everybody read the adopted proposals on a version, or take them back."""
    subject = law_or_404(request, key)
    version = version_or_404(request, subject, number)
    is_shown = request.POST.get("hide") != "yes"
    chosen: Sequence[Amendment] = [
        each for each in amendments_on(me(request), version)
        if each.state == Amendment.State.ADOPTED and each.is_published != is_shown
    ]  # fmt: skip
    attempt(
        request,
        lambda: act.publish_amendments(
            actor=me(request),
            law=subject,
            amendments=chosen,
            is_shown=is_shown,
            now=timezone.now(),
        ),
        _("Changed what everybody reads."),
    )
    return redirect("legislation:amendments", subject.pk, version.pk)
