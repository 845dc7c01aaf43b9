"""A consultation at the desk: opened, its comments entered, sorted, answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.accounts.rules import can_erase_people
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.pages import (
    attempt,
    attempt_and_say,
    attempt_with_form,
    first_or_404,
    paged,
    part_or_404,
)
from hiwar.common.files.uploads import sent
from hiwar.legislation import rules
from hiwar.legislation.actions import consultations as act
from hiwar.legislation.actions.comment_files import add_comment_file
from hiwar.legislation.actions.private_details import unmask_comment
from hiwar.legislation.desk.comment_imports import KIND
from hiwar.legislation.exports.consultations import comments_table
from hiwar.legislation.forms import consultations as forms
from hiwar.legislation.models import Comment
from hiwar.legislation.queries.by_mail import way_by_mail
from hiwar.legislation.queries.comment_files import MOST_FILES, files_of
from hiwar.legislation.queries.consultations import (
    Counts,
    Letters,
    articles_to_comment,
    comments_of,
    consultations_for,
    counts_of_comments,
    letters_of,
)
from hiwar.legislation.queries.laws import laws_for, versions_for
from hiwar.places.queries import season_warnings, the_calendar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from hiwar.legislation.models import Consultation

FILTERS = ("eid", "channel", "kind", "stance", "disposition")


def consultation_or_404(request: HttpRequest, key: str) -> Consultation:
    """Return a consultation on a version that the reader may read."""
    subject = part_or_404(consultations_for(me(request)), key)
    readable = versions_for(me(request), subject.law)
    if not readable.filter(pk=subject.version_id).exists():
        raise Http404
    return subject


def _home(consultation: Consultation) -> str:
    return reverse("legislation:consultation", args=[consultation.pk])


@needs(rules.can_publish_laws)
def new(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """Open a version to comments; the days and what falls inside are shown before."""
    law = part_or_404(laws_for(me(request)), key)
    version = part_or_404(versions_for(me(request), law), number)
    form = forms.ConsultationForm(request.POST or None)
    opened: list[Consultation] = []
    is_checked = False
    warnings: list[Any] = []
    days = 0
    if form.is_valid():
        facts = form.facts()
        days = (facts.closes_on - facts.opens_on).days
        is_checked = days >= 0
        calendar = the_calendar()
        if calendar is not None and is_checked:
            warnings = season_warnings(calendar, facts.opens_on, facts.closes_on)
        if request.POST.get("confirm") == "yes" and attempt_with_form(
            form,
            lambda: opened.append(
                act.open_consultation(
                    actor=me(request), version=version, facts=facts, now=timezone.now()
                )
            ),
        ):
            messages.success(request, _("The consultation is set up."))
            return redirect(_home(opened[0]))
    return render(request, "legislation/consultation_new.html", {
        "law": law, "version": version, "form": form, "is_checked": is_checked, "days": days,
        "warnings": warnings,
    })  # fmt: skip


@needs(rules.can_see_laws)
def consultation(request: HttpRequest, key: str) -> HttpResponse:
    """Show a consultation: what is counted, and its comments as letters or one by one."""
    subject = consultation_or_404(request, key)
    comments = comments_of(subject)
    letters = letters_of(subject, [comment.number for comment in comments])
    if request.GET.get("as") in {"csv", "xlsx"}:
        return comments_table(subject, comments, letters, request.GET["as"])
    chosen = {name: request.GET.get(name, "") for name in FILTERS}
    is_single = request.GET.get("single") == "yes"
    listed = [comment for comment in comments if _fits(comment, chosen)]
    if not is_single:
        listed = _leading(listed, letters)
    names = dict(articles_to_comment(subject.version))
    context = paged(request, listed)
    context["page"].object_list = [
        (comment, names.get(comment.eid, ""), len(letters.members.get(comment.pk, ())))
        for comment in context["page"].object_list
    ]
    calendar = the_calendar()
    now = timezone.now()
    counts = counts_of_comments(subject, comments, letters)
    may_edit = rules.can_edit_law(me(request), subject.law) and subject.answered_at is None
    return render(request, "legislation/consultation.html", context | {
        "law": subject.law, "consultation": subject, "state": subject.state(now),
        "by_mail": way_by_mail(subject, now),
        "counts": counts, "tallies": _tallies(counts),
        "seasons": season_warnings(calendar, subject.opens_on, subject.closes_on)
        if calendar else [],
        "chosen": chosen, "is_single": is_single, "is_filtered": any(chosen.values()),
        "articles": names, "filters": _filters(chosen),
        "may_edit": may_edit,
        "may_publish": rules.can_publish_law(me(request), subject.law),
        "import_url": reverse("accounts:import_files_of", args=[KIND, subject.pk])
        if may_edit else "",
        "unsorted": sum(not comment.kind for comment in comments),
        "to_show": sum(c.may_publish and not c.is_published for c in comments),
    })  # fmt: skip


def _choices() -> dict[str, tuple[str, list[tuple[str, Any]]]]:
    """Return the label and the values of each property by which comments are counted and listed."""
    owed = ("none", _("not answered yet"))
    return {
        "channel": (pgettext("comment", "Channel"), list(Comment.Channel.choices)),
        "kind": (_("Kind"), list(Comment.Kind.choices)),
        "stance": (_("Stance"), list(Comment.Stance.choices)),
        "disposition": (_("What becomes of it"), [owed, *Comment.Disposition.choices]),
    }


def _filters(chosen: dict[str, str]) -> list[tuple[str, str, list[tuple[str, Any, bool]]]]:
    return [
        (name, label, [(code, word, chosen[name] == code) for code, word in values])
        for name, (label, values) in _choices().items()
    ]


def _tallies(counts: Counts) -> list[list[tuple[str, str, Any, int]]]:
    """Return for each property what was counted: property, value, its word, how many."""
    counted = {"channel": counts.channels, "kind": counts.suggested, "stance": counts.stances,
             "disposition": counts.dispositions}  # fmt: skip
    return [
        [
            (name, code, word, counted[name]["" if code == "none" else code])
            for code, word in values
            if counted[name].get("" if code == "none" else code)
        ]
        for name, (_label, values) in _choices().items()
    ]


def _fits(comment: Comment, chosen: dict[str, str]) -> bool:
    for name, value in chosen.items():
        has = getattr(comment, name)
        if name == "kind":
            has = comment.kind or comment.suggested_kind
        if name == "disposition" and value == "none":
            value, has = "-", has or "-"  # noqa: PLW2901 - the word of the page for nothing
        if value and has != value:
            return False
    return True


def _leading(comments: Sequence[Comment], letters: Letters) -> list[Comment]:
    """Return one comment for each letter, the first that is in the list."""
    first: dict[object, Comment] = {}
    for comment in comments:
        first.setdefault(letters.leaders[comment.pk], comment)
    by_key = {comment.pk: comment for comment in comments}
    return [by_key.get(leader, comment) for leader, comment in first.items()]  # type: ignore[call-overload]  # keys


@needs(rules.can_edit_laws)
def enter(request: HttpRequest, key: str) -> HttpResponse:
    """Enter a comment that came by mail, on paper or in a session."""
    subject = consultation_or_404(request, key)
    initial = {"language": get_language(), "channel": request.GET.get("channel", "")}
    form = forms.EntryForm(articles_to_comment(subject.version), *sent(request), initial=initial)

    def entered() -> None:
        now = timezone.now()
        comment = act.enter_comment(
            actor=me(request), consultation=subject, said=form.said(), now=now
        )
        if file := form.cleaned_data["file"]:
            add_comment_file(actor=me(request), comment=comment, sent=file, now=now)

    if attempt_and_say(
        request,
        form,
        entered,
        _("The comment is entered. You can enter the next."),
    ):
        return redirect(f"{request.path}?channel={form.cleaned_data['channel']}")
    return form_page(
        request,
        form,
        title=_("Enter a comment"),
        verb=_("Enter the comment"),
        lead=str(subject),
        law=subject.law,
        back=_home(subject),
        template="legislation/form.html",
    )


@needs(rules.can_publish_laws)
def move_end(request: HttpRequest, key: str) -> HttpResponse:
    """Let a consultation end at another time."""
    subject = consultation_or_404(request, key)
    initial = {"closes_on": subject.closes_on, "closes": subject.closes}
    form = forms.EndForm(request.POST or None, initial=initial)
    if attempt_and_say(
        request,
        form,
        lambda: act.move_end(
            actor=me(request), consultation=subject, now=timezone.now(), **form.cleaned_data
        ),
        _("The consultation ends then."),
    ):
        return redirect(_home(subject))
    return form_page(
        request,
        form,
        title=_("Move the end"),
        verb=_("Move the end"),
        lead=str(subject),
        law=subject.law,
        back=_home(subject),
        template="legislation/form.html",
    )


def comment_or_404(subject: Consultation, number: str) -> Comment:
    if not number.isdecimal() or len(number) > 9:
        raise Http404
    comment = first_or_404(subject.comments.defer("contact").filter(number=int(number)))
    comment.consultation = subject
    return comment


@needs(rules.can_see_laws)
def comment(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """Show a comment with its letter and what is like it; sort it and say what becomes of it."""
    subject = consultation_or_404(request, key)
    shown = comment_or_404(subject, number)
    sort, answer = _comment_forms(shown, request)
    if request.method == "POST":
        if not rules.can_edit_laws(me(request)):
            return _comment_page(request, shown, sort, answer, status=403)
        if "unmask" in request.POST:
            words = unmask_comment(actor=me(request), comment=shown, now=timezone.now())
            return _comment_page(request, shown, sort, answer, words=words)
        done = (
            _sorted(request, shown, sort) if "kind" in request.POST
            else _answered(request, shown, answer)
        )  # fmt: skip
        if done:
            return redirect(_next(subject, shown) if "next" in request.POST else request.path)
    return _comment_page(request, shown, sort, answer)


def _comment_forms(
    shown: Comment, request: HttpRequest
) -> tuple[forms.SortForm, forms.DispositionForm]:
    data = request.POST or None
    sort = forms.SortForm(
        data if data and "kind" in data else None,
        initial={"kind": shown.kind or shown.suggested_kind, "stance": shown.stance,
                 "reason": shown.kind_reason},
    )  # fmt: skip
    answer = forms.DispositionForm(
        data if data and "disposition" in data else None,
        initial={"disposition": shown.disposition or "taken_up", "why": shown.disposition_reason,
                 "whole_letter": True},
    )  # fmt: skip
    return sort, answer


def _sorted(request: HttpRequest, shown: Comment, form: forms.SortForm) -> bool:
    return attempt_and_say(
        request,
        form,
        lambda: act.sort_comment(
            actor=me(request), comment=shown, now=timezone.now(), **form.cleaned_data
        ),
        _("Sorted."),
    )


def _answered(request: HttpRequest, shown: Comment, form: forms.DispositionForm) -> bool:
    counts: list[int] = []
    if form.is_valid():
        cleaned = form.cleaned_data
        if attempt_with_form(
            form,
            lambda: counts.append(
                act.dispose(
                    actor=me(request), comment=shown, disposition=cleaned["disposition"],
                    reason=cleaned["why"], whole_letter=cleaned["whole_letter"],
                    now=timezone.now(),
                )
            ),
        ):  # fmt: skip
            messages.success(request, ngettext(
                "%(count)s comment is answered.", "%(count)s comments are answered.", counts[0]
            ) % {"count": counts[0]})  # fmt: skip
            return True
    return False


def _next(subject: Consultation, shown: Comment) -> str:
    """Return the next comment that nobody has answered, or the list."""
    owed = subject.comments.filter(disposition="").order_by("number")
    following = owed.filter(number__gt=shown.number).first() or owed.first()
    if following is None:
        return _home(subject)
    return reverse("legislation:comment", args=[subject.pk, following.number])


def _comment_page(
    request: HttpRequest, shown: Comment, sort: forms.SortForm, answer: forms.DispositionForm,
    *, status: int = 200, words: str = "",
) -> HttpResponse:  # fmt: skip
    subject = shown.consultation
    numbers = dict(subject.comments.values_list("pk", "number"))
    letters = letters_of(subject, sorted(numbers.values()))
    leader = letters.leaders[shown.pk]
    like = {key for key, (letter, _why) in letters.beside.items() if letter == leader}
    beside = letters.beside.get(leader)
    if beside:
        like.add(beside[0])
    others = [key for key in letters.members[leader] if key != shown.pk]
    rows = Comment.objects.filter(pk__in=[*others[:50], *like]).defer("contact")
    by_key = {row.pk: row for row in rows.order_by("number")}
    names = dict(articles_to_comment(subject.version))
    may_edit = rules.can_edit_law(me(request), subject.law)
    files = files_of(shown)
    return render(request, "legislation/comment.html", {
        "files": files, "may_open": may_edit,
        "file_form": forms.AddedFileForm() if may_edit and len(files) < MOST_FILES else None,
        "law": subject.law, "consultation": subject, "comment": shown,
        "words": words or shown.shown, "has_masks": not words and shown.shown != shown.text,
        "article": names.get(shown.eid, ""), "sort": sort, "answer": answer,
        "senders": len(letters.members[leader]), "identical": len(letters.same[leader]),
        "others": [by_key[key] for key in others[:50] if key in by_key],
        "beside": [by_key[key] for key in like if key in by_key],
        "may_edit": may_edit and subject.answered_at is None,
        "may_erase": can_erase_people(me(request)),
    }, status=status)  # fmt: skip


@needs(rules.can_edit_laws)
@require_POST
def accept(request: HttpRequest, key: str) -> HttpResponse:
    """Take the suggested kind for all comments that nobody sorted."""
    subject = consultation_or_404(request, key)
    attempt(
        request,
        lambda: act.accept_suggestions(actor=me(request), consultation=subject, now=timezone.now()),
        _("The suggestions are taken. Each can still be changed, with a reason."),
    )
    return redirect(_home(subject))


@needs(rules.can_publish_laws)
@require_POST
def show(request: HttpRequest, key: str) -> HttpResponse:
    """Let everybody read one comment or all whose authors agreed, or one no longer."""
    subject = consultation_or_404(request, key)
    number = request.POST.get("number", "")
    if number:
        chosen = [comment_or_404(subject, number)]
    else:
        chosen = list(subject.comments.filter(may_publish=True).defer("contact"))
    attempt(
        request,
        lambda: act.show_comments(
            actor=me(request),
            consultation=subject,
            comments=chosen,
            is_shown=request.POST.get("hide") != "yes",
            now=timezone.now(),
        ),
        _("Changed what everybody reads."),
    )
    back = reverse("legislation:comment", args=[subject.pk, number]) if number else _home(subject)
    return redirect(back)


@needs(rules.can_publish_laws)
@require_POST
def close(request: HttpRequest, key: str) -> HttpResponse:
    """Close a consultation as answered, and tell the authors who left an address."""
    subject = consultation_or_404(request, key)
    letters: list[int] = []
    done = attempt(
        request,
        lambda: letters.append(
            act.close_as_answered(actor=me(request), consultation=subject, now=timezone.now())
        ),
        "",
    )
    if done:
        messages.success(request, ngettext(
            "The consultation is answered. %(count)s letter leaves.",
            "The consultation is answered. %(count)s letters leave.", letters[0],
        ) % {"count": letters[0]})  # fmt: skip
    return redirect(_home(subject))
