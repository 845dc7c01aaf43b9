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
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.dates import local_day
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.lists import (
    Listing,
    choice_of,
    filter_links,
    list_page,
    ordered,
    sort_columns,
    words_of,
)
from hiwar.common.desk.pages import (
    attempt,
    attempt_and_say,
    attempt_with_form,
    first_or_404,
    paged,
    part_or_404,
)
from hiwar.common.models import Visibility
from hiwar.dossiers.queries.dossiers import readable_dossiers
from hiwar.engine import law as engine
from hiwar.legislation import rules
from hiwar.legislation.actions import laws as act
from hiwar.legislation.actions import steps as act_steps
from hiwar.legislation.exports.comparison import (
    Outline,
    changes_between,
    changes_shown,
    counts_of,
)
from hiwar.legislation.exports.files import file_of, tracked_changes
from hiwar.legislation.forms import laws as forms
from hiwar.legislation.models import Law, LawDraft
from hiwar.legislation.queries.consultations import consultations_of
from hiwar.legislation.queries.deadlines import calendar_of, clock_of, deadlines_of
from hiwar.legislation.queries.drafts import SOURCE_KINDS, drafts_of, may_read_draft_file
from hiwar.legislation.queries.following import follower_of, news_since
from hiwar.legislation.queries.laws import (
    laws_for,
    search_laws,
    standing_of,
    steps_of,
    text_of,
    versions_for,
)
from hiwar.legislation.queries.outcomes import answers_of
from hiwar.legislation.queries.public import public_laws
from hiwar.legislation.queries.remarks import remarks_beside, remarks_of
from hiwar.places.queries.derivations import derivation_in_words

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hiwar.common.desk.lists import Option
    from hiwar.legislation.models import LawVersion, LegislativeStep


def law_or_404(request: HttpRequest, key: str) -> Law:
    """Return a law that the reader may read."""
    return part_or_404(laws_for(me(request)), key)


def version_or_404(request: HttpRequest, law: Law, key: str) -> LawVersion:
    """Return a version that the reader may read."""
    return part_or_404(versions_for(me(request), law), key)


@needs(rules.can_see_laws)
def list_laws(request: HttpRequest) -> HttpResponse:
    """List the laws, newest first, by words of the title and sort of instrument."""
    user, words = me(request), words_of(request)
    sort = choice_of(request, "kind", Law.Sort.values)
    columns = {
        "entered": pgettext("list of laws", "Entered"), "title": _("Title"),
        "dossier": _("Dossier"),
    }  # fmt: skip
    order, headings = sort_columns(request, columns, "-entered")
    orders = {"entered": "created_at", "title": "title", "dossier": "dossier__title"}
    page = paged(request, ordered(search_laws(user, words, sort), order, orders))
    sorts: list[Option] = [("", pgettext("laws", "All"), None)]
    sorts += [(code, label, None) for code, label in Law.Sort.choices]
    listing = Listing(
        title=_("Laws"),
        lead=_("Where each law stands, every version of its text, and what changed."),
        url=reverse("legislation:list"),
        everything=_("All laws"),
        search=_("Words of the title"),
        no_match=_("No law matches"),
        fewer=_("Try fewer words, or laws of all kinds."),
        none_yet=_("No law is entered yet"),
        why=_(
            "A law belongs to a dossier. Paste its text: articles get their addresses, and "
            "versions can be compared."
        ),
    )
    return list_page(
        request,
        "legislation/list.html",
        listing,
        page=page,
        rows=page["page"].object_list,
        words=words,
        filters=[("", filter_links("kind", sort, sorts, {"q": words}))],
        chosen={"kind": sort},
        headings=headings,
        dossiers=readable_dossiers(user) if rules.can_edit_laws(user) else [],
    )


@needs(rules.can_edit_laws)
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Enter a law into a dossier."""
    dossier = first_or_404(readable_dossiers(me(request)).filter(code=code))
    form = forms.LawForm(request.POST or None)
    entered: list[Law] = []
    if attempt_and_say(request, form, lambda: entered.append(
            act.enter_law(
                actor=me(request), dossier=dossier, facts=act.LawFacts(**form.cleaned_data),
                now=timezone.now(),
            )
        ), _("The law is entered. Add the first version of its text.")):  # fmt: skip
        return redirect("legislation:law", entered[0].pk)
    return form_page(
        request,
        form,
        title=_("New law"),
        verb=_("Enter the law"),
        lead=str(dossier),
        back=reverse("legislation:list"),
        template="legislation/form.html",
    )


@needs(rules.can_see_laws)
def law(request: HttpRequest, key: str) -> HttpResponse:
    """Show a law: where it stands and what it waits for, the way it went, its versions."""
    user, subject, now = me(request), law_or_404(request, key), timezone.now()
    steps = steps_of(subject)
    clock = clock_of(steps, calendar_of(steps))
    follower = follower_of(user, subject)
    reached: dict[object, list[LegislativeStep]] = {}
    for step in steps:
        reached.setdefault(step.stage_id, []).append(step)
    versions = list(versions_for(user, subject))
    may_publish = rules.can_publish_law(user, subject)
    published = [version for version in versions if version.visibility == Visibility.PUBLIC]
    return render(request, "legislation/law.html", {
        "law": subject,
        "consultations": consultations_of(user, subject),
        "may_consult": published[0] if published and may_publish else None,
        "standing": standing_of(steps),
        "clock": clock,
        "derivation": derivation_in_words(clock.steps) if clock else [],
        "deadlines": deadlines_of(user, [subject], now),
        "today": local_day(now),
        "follower": follower,
        "news": news_since(user, {subject.pk: follower.seen_at}) if follower else [],
        "shown_at": now.isoformat(),
        "steps": steps,
        "stages": [
            (stage, reached.get(stage.pk, []))
            for stage in subject.procedure.stages.order_by("position", "pk")
            if stage.pk in reached or not stage.is_retired
        ],
        "versions": versions,
        "drafts": drafts_of(user, subject),
        "languages": dict(settings.LANGUAGES),
        "answers": answers_of(subject),
        "may_edit": rules.can_edit_law(user, subject),
        "may_publish": may_publish,
        "is_public": public_laws().filter(pk=subject.pk).exists(),
    })  # fmt: skip


@needs(rules.can_publish_laws)
def summary(request: HttpRequest, key: str) -> HttpResponse:
    """Write what a law is about, in plain words."""
    subject = law_or_404(request, key)
    form = forms.SummaryForm(request.POST or None, initial={"summary": subject.summary})
    if attempt_and_say(request, form, lambda: act.summarise_law(
            actor=me(request), law=subject, summary=form.cleaned_data["summary"],
            now=timezone.now(),
        ), _("The summary is saved.")):  # fmt: skip
        return redirect("legislation:law", subject.pk)
    return form_page(
        request,
        form,
        title=_("Plain-language summary"),
        verb=_("Save the summary"),
        lead=str(subject),
        law=subject,
        back=reverse("legislation:law", args=[subject.pk]),
        template="legislation/form.html",
    )


@needs(rules.can_edit_laws)
def step(request: HttpRequest, key: str) -> HttpResponse:
    """Record a step of a law."""
    subject = law_or_404(request, key)
    stages = subject.procedure.stages.order_by("position", "pk")
    form = forms.StepForm(stages, request.POST or None)
    if form.is_valid():
        kind, stage = form.step()
        cleaned = form.cleaned_data
        if attempt_with_form(
            form,
            lambda: act_steps.record_step(
                actor=me(request), law=subject, now=timezone.now(),
                facts=act_steps.StepFacts(
                    kind, stage, cleaned["happened_on"], cleaned["evidence"], cleaned["source"],
                    cleaned["note"],
                ),
            ),
        ):  # fmt: skip
            messages.success(request, _("The step is recorded. Earlier ones stay."))
            return redirect("legislation:law", subject.pk)
    return form_page(
        request,
        form,
        title=_("Record a step"),
        verb=_("Record the step"),
        lead=str(subject),
        law=subject,
        back=reverse("legislation:law", args=[subject.pk]),
        template="legislation/form.html",
    )


@needs(rules.can_edit_laws)
def add_version(request: HttpRequest, key: str) -> HttpResponse:
    """Take a pasted text: show how it is read, with every doubt, and save it when confirmed."""
    user, subject = me(request), law_or_404(request, key)
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
    subject = law_or_404(request, key)
    shown = version_or_404(request, subject, number)
    text = text_of(shown)
    kind = request.GET.get("as", "")
    if kind:
        answer = file_of(subject, shown, kind)
        if answer is None:
            raise Http404
        return answer
    draft = LawDraft.objects.filter(version=shown).select_related("file", "kept_by").first()
    may_read_remarks = draft is not None and rules.can_read_remarks(me(request), shown)
    beside = remarks_beside(remarks_of(shown)) if may_read_remarks else {}
    return render(request, "legislation/version.html", {
        "law": subject, "version": shown, "text": text, "draft": draft,
        "source_kind": SOURCE_KINDS.get(draft.source_kind, "") if draft else "",
        "may_have_file": draft is not None and may_read_draft_file(me(request), draft.file),
        "html": engine.to_html(text, beside),
        "unplaced": beside.get("", ""), "has_remarks": bool(beside),
        "articles": list(text.articles()),
        "language": dict(settings.LANGUAGES).get(shown.language, shown.language),
    })  # fmt: skip


@needs(rules.can_publish_laws)
@require_POST
def publish(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """Let everybody read a version, and the law with it."""
    subject = law_or_404(request, key)
    shown = version_or_404(request, subject, number)
    attempt(
        request,
        lambda: act.publish_version(actor=me(request), version=shown, now=timezone.now()),
        _("Everybody can read this version now."),
    )
    return redirect("legislation:law", subject.pk)


@needs(rules.can_publish_laws)
@require_POST
def withdraw(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """Take a version back from the public."""
    subject = law_or_404(request, key)
    shown = version_or_404(request, subject, number)
    attempt(
        request,
        lambda: act.withdraw_version(actor=me(request), version=shown, now=timezone.now()),
        _("This version is read by staff alone now."),
    )
    return redirect("legislation:law", subject.pk)


@needs(rules.can_see_laws)
def compare(request: HttpRequest, key: str) -> HttpResponse:
    """Lay two versions beside one another, or in one line; or give them as tracked changes."""
    subject = law_or_404(request, key)
    if not request.GET.get("old"):
        return redirect(_last_two(request, subject))
    old = version_or_404(request, subject, request.GET.get("old", ""))
    new = version_or_404(request, subject, request.GET.get("new", ""))
    if old.language != new.language:
        messages.error(request, _("Only two texts in the same language can be compared."))
        return redirect("legislation:law", subject.pk)
    if request.GET.get("as") == "docx":
        return tracked_changes(old, new, str(me(request)), timezone.now())
    with_spelling = request.GET.get("spelling") == "yes"
    changes = changes_between(old, new)
    return render(request, "legislation/compare.html", {
        "law": subject, "old": old, "new": new,
        "is_inline": request.GET.get("view") == "inline", "with_spelling": with_spelling,
        "counts": counts_of(changes),
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
