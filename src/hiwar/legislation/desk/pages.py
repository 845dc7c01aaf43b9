"""Laws at the desk: the list, one law, its versions, what changed between two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hiwar.accounts.access import me, needs
from hiwar.common.desk.pages import attempt_with_form, key_or_404, paged
from hiwar.common.tables import file_response, write_csv
from hiwar.dossiers.queries.dossiers import readable_dossiers
from hiwar.engine import law as engine
from hiwar.legislation import forms, rules
from hiwar.legislation.actions import laws as act
from hiwar.legislation.desk.shown import Outline, changes_shown
from hiwar.legislation.queries.laws import laws_for, standing_of, steps_of, text_of, versions_for

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hiwar.legislation.models import Law, LawVersion


def _law(request: HttpRequest, key: str) -> Law:
    subject = laws_for(me(request)).filter(pk=key_or_404(key)).first()
    if subject is None:
        raise Http404
    return subject


def _version(request: HttpRequest, law: Law, key: str) -> LawVersion:
    version = versions_for(me(request), law).filter(pk=key_or_404(key)).first()
    if version is None:
        raise Http404
    return version


@needs(rules.can_see_laws)
def list_laws(request: HttpRequest) -> HttpResponse:
    """List the laws, newest first."""
    user = me(request)
    context = paged(request, laws_for(user))
    may_edit = rules.can_edit_laws(user)
    context["dossiers"] = readable_dossiers(user) if may_edit else []
    return render(request, "legislation/list.html", context)


@needs(rules.can_edit_laws)
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Enter a law into a dossier."""
    dossier = readable_dossiers(me(request)).filter(code=code).first()
    if dossier is None:
        raise Http404
    form = forms.LawForm(request.POST or None)
    entered: list[Law] = []
    if form.is_valid() and attempt_with_form(
        form,
        lambda: entered.append(
            act.enter_law(
                actor=me(request), dossier=dossier, facts=act.LawFacts(**form.cleaned_data),
                now=timezone.now(),
            )
        ),
    ):  # fmt: skip
        messages.success(request, _("The law is entered. Add the first version of its text."))
        return redirect("legislation:law", entered[0].pk)
    return render(request, "legislation/form.html", {
        "form": form, "title": _("New law"), "lead": str(dossier), "verb": _("Enter the law"),
        "back": reverse("legislation:list"),
    })  # fmt: skip


@needs(rules.can_see_laws)
def law(request: HttpRequest, key: str) -> HttpResponse:
    """Show a law: where it stands, the way it went, the versions of its text."""
    user, subject = me(request), _law(request, key)
    steps = steps_of(subject)
    reached = {step.stage_id: step for step in steps if step.stage_id}
    return render(request, "legislation/law.html", {
        "law": subject,
        "standing": standing_of(steps),
        "steps": steps,
        "stages": [(stage, reached.get(stage.pk))
                   for stage in subject.procedure.stages.order_by("position", "pk")],
        "versions": list(versions_for(user, subject)),
        "languages": dict(settings.LANGUAGES),
        "may_edit": rules.can_edit_law(user, subject),
    })  # fmt: skip


@needs(rules.can_edit_laws)
def step(request: HttpRequest, key: str) -> HttpResponse:
    """Record a step of a law."""
    subject = _law(request, key)
    stages = subject.procedure.stages.order_by("position", "pk")
    form = forms.StepForm(stages, request.POST or None)
    if form.is_valid():
        kind, stage = form.step()
        cleaned = form.cleaned_data
        if attempt_with_form(
            form,
            lambda: act.record_step(
                actor=me(request), law=subject, now=timezone.now(),
                facts=act.StepFacts(
                    kind, stage, cleaned["happened_on"], cleaned["evidence"], cleaned["source"],
                    cleaned["note"],
                ),
            ),
        ):  # fmt: skip
            messages.success(request, _("The step is recorded. Earlier ones stay."))
            return redirect("legislation:law", subject.pk)
    return render(request, "legislation/form.html", {
        "form": form, "title": _("Record a step"), "lead": str(subject), "law": subject,
        "verb": _("Record the step"), "back": reverse("legislation:law", args=[subject.pk]),
    })  # fmt: skip


@needs(rules.can_edit_laws)
def add_version(request: HttpRequest, key: str) -> HttpResponse:
    """Take a pasted text: show how it is read, with every doubt, and save it when confirmed."""
    user, subject = me(request), _law(request, key)
    form = forms.TextForm(versions_for(user, subject), request.POST or None)
    context = {"form": form, "law": subject, "outline": None}
    if form.is_valid():
        cleaned = form.cleaned_data
        language = cleaned["language"]
        writing = subject.jurisdiction if language == "ar" else language
        known = engine.JURISDICTIONS
        reading = engine.read_law(cleaned["text"], writing if writing in known else "en")
        if request.POST.get("confirm") == "yes":
            facts = act.VersionFacts(
                language, cleaned["dated_on"], cleaned["authority"], cleaned["source"],
                cleaned["is_unofficial"], cleaned["visibility"],
                form.versions.get(cleaned["other_language_of"]),
            )  # fmt: skip
            if attempt_with_form(
                form,
                lambda: act.add_version(
                    actor=user, law=subject, reading=reading, facts=facts, now=timezone.now()
                ),
            ):
                messages.success(request, _("The version is added."))
                return redirect("legislation:law", subject.pk)
        context["outline"] = Outline.of(reading)
    return render(request, "legislation/add_version.html", context)


@needs(rules.can_see_laws)
def version(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """Show the text of a version, each article at its address; or give it as a file."""
    subject = _law(request, key)
    shown = _version(request, subject, number)
    text = text_of(shown)
    name = f"law-{shown.number}-{shown.language}"
    kind = request.GET.get("as", "")
    if kind == "txt":
        return file_response(engine.to_text(text), f"{name}.txt")
    if kind == "xml":
        work = engine.Work(
            subject.country, shown.dated_on, f"version-{shown.number}",
            subject.title.in_language(shown.language), shown.dated_on, document="bill",
            subtype=subject.sort,
        )  # fmt: skip
        return file_response(engine.to_akoma_ntoso(text, work), f"{name}.xml")
    if kind == "csv":
        rows = [[part.eid, part.label, part.heading, part.full_text()] for part in text.articles()]
        head = [_("Address"), _("Number"), _("Heading"), _("Text")]
        return file_response(write_csv([head, *rows]), f"{name}.csv")
    return render(request, "legislation/version.html", {
        "law": subject, "version": shown, "text": text,
        "html": engine.to_html(text),
        "articles": list(text.articles()),
        "language": dict(settings.LANGUAGES).get(shown.language, shown.language),
    })  # fmt: skip


@needs(rules.can_see_laws)
def compare(request: HttpRequest, key: str) -> HttpResponse:
    """Lay two versions beside one another, or in one line; or give them as tracked changes."""
    subject = _law(request, key)
    if not request.GET.get("old"):
        return redirect(_last_two(request, subject))
    old = _version(request, subject, request.GET.get("old", ""))
    new = _version(request, subject, request.GET.get("new", ""))
    if old.language != new.language:
        messages.error(request, _("Only two texts in the same language can be compared."))
        return redirect("legislation:law", subject.pk)
    texts = text_of(old), text_of(new)
    if request.GET.get("as") == "docx":
        signature = engine.Signature(str(me(request)), f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}")
        before, after = (engine.to_text(text).rstrip("\n").split("\n") for text in texts)
        content = engine.to_docx(before, after, signature, direction=new.direction)
        return file_response(content, f"law-{old.number}-{new.number}-{new.language}.docx")
    with_spelling = request.GET.get("spelling") == "yes"
    changes = engine.compare(*texts)
    return render(request, "legislation/compare.html", {
        "law": subject, "old": old, "new": new,
        "is_inline": request.GET.get("view") == "inline", "with_spelling": with_spelling,
        "counts": _counts(changes),
        "changes": changes_shown(changes, with_spelling=with_spelling),
    })  # fmt: skip


def _last_two(request: HttpRequest, law: Law) -> str:
    """Return where the last two versions of one language are compared; the law without two."""
    newest: dict[str, LawVersion] = {}
    for version in versions_for(me(request), law):
        new = newest.setdefault(version.language, version)
        if new != version:
            address = reverse("legislation:compare", args=[law.pk])
            return f"{address}?old={version.pk}&new={new.pk}"
    return reverse("legislation:law", args=[law.pk])


def _counts(changes: tuple[engine.Change, ...]) -> dict[str, int]:
    """Count articles: changed, added, removed, the same."""
    counts = {"changed": 0, "added": 0, "removed": 0, "same": 0}
    for change in changes:
        if any("art_" in eid for eid in (*change.old, *change.new)):
            same = change.status in {"same", "spelling"} and not change.is_moved
            status = "same" if same else change.status
            counts[status if status in counts else "changed"] += 1
    return counts
