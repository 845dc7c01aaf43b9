"""The newsletter at the desk: issues begun, chosen, looked at, approved, and how far they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from hiwar.accounts.access import me, needs
from hiwar.accounts.models import User
from hiwar.channels.queries.issues import progress_of
from hiwar.channels.rules import can_see_batch, can_see_outbox
from hiwar.common import navigation
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.lists import Listing, choice_of, filter_links, list_page, words_of
from hiwar.common.desk.pages import attempt, attempt_and_say, attempt_with_form, paged
from hiwar.common.multilingual import direction
from hiwar.common.templatetags.components import number
from hiwar.publishing import rules
from hiwar.publishing.actions import newsletter as act
from hiwar.publishing.exports.newsletter import entries_in, letters_of
from hiwar.publishing.forms.items import RemarkForm
from hiwar.publishing.forms.newsletter import IssueForm, entries_of
from hiwar.publishing.models import Issue
from hiwar.publishing.queries.newsletter import (
    candidates,
    chosen,
    content_of,
    issues_for,
    issues_waiting_for,
    lacks,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from typing import Any

    from django.http import HttpRequest, HttpResponse

State = Issue.State
TONES: dict[str, str] = {State.DRAFT: "", State.REVIEW: "notice", State.APPROVED: "success"}
MOST = 12


def due_issues(request: HttpRequest) -> Iterator[navigation.Due]:
    """Yield the issues that wait for whoever asks as the second person."""
    user = request.user
    if isinstance(user, User):
        for subject in issues_waiting_for(user)[:MOST]:
            url = reverse("publishing:issue", args=[subject.code])
            yield navigation.Due(str(subject.title), _("waits for a second person"), url)


@needs(rules.can_see_items)
def list_issues(request: HttpRequest) -> HttpResponse:
    """List the issues of the newsletter, the last changed first."""
    user = me(request)
    words, state = words_of(request), choice_of(request, "state", State.values)
    page = paged(request, issues_for(user, words, state))
    new = None
    if rules.can_edit_items(user):
        new = (_("New issue"), reverse("publishing:new_issue"))
    listing = Listing(
        title=_("Newsletter"), url=reverse("publishing:issues"), everything=_("All issues"),
        no_match=_("No issue matches"), none_yet=_("No issue is written yet"),
        why=_("An issue is made of what became public in some days, in all languages."),
        search=_("Search in titles"), new=new, first=new,
    )  # fmt: skip
    states = [("", pgettext("filter", "all"), None)] + [
        (code, label, None) for code, label in State.choices
    ]
    return list_page(
        request, "publishing/issues.html", listing, page=page, words=words,
        rows=[(row, TONES[row.state]) for row in page["page"].object_list],
        filters=[("", filter_links("state", state, states, {"q": words, "state": state}))],
        chosen={"state": state}, may_see_list=can_see_outbox(user),
    )  # fmt: skip


@needs(rules.can_edit_items)
def new(request: HttpRequest) -> HttpResponse:
    """Begin an issue with its words and its days."""
    user = me(request)
    form = IssueForm(request.POST if request.method == "POST" else None)
    started: list[Issue] = []
    if attempt_and_say(request, form, lambda: started.append(
        act.start_issue(actor=user, now=timezone.now(), **form.cleaned_data)
    ), _("The issue is kept as a draft. Choose what stands in it.")):  # fmt: skip
        return redirect("publishing:edit_issue", started[0].code)
    issues = reverse("publishing:issues")
    return form_page(
        request, form, title=_("New issue"), verb=pgettext("an issue", "Begin"), back=issues,
        trail=[(pgettext("the public site", "Site"), reverse("publishing:list")),
               (_("Newsletter"), issues)],
    )  # fmt: skip


@needs(rules.can_edit_items)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change the words of an issue, what stands in it, and in which order."""
    user, subject, now = me(request), _issue_or_404(request, code), timezone.now()
    if subject.state == State.APPROVED:
        return redirect("publishing:issue", code)
    sent = request.POST if request.method == "POST" else None
    form = IssueForm(sent, initial={
        "title": subject.title, "intro": subject.intro, "from_day": subject.from_day,
        "until_day": subject.until_day,
    })  # fmt: skip
    if form.is_valid() and attempt_with_form(form, lambda: act.write_issue(
        actor=user, issue=subject, entries=entries_of(request.POST), now=now, **form.cleaned_data
    )):  # fmt: skip
        stay = "stay" in request.POST
        return redirect("publishing:edit_issue" if stay else "publishing:issue", code)
    return render(request, "publishing/issue_edit.html", {
        "heading": _("Write the issue"), "issue": subject, "form": form,
        "offered": _offered(subject, now),
    })  # fmt: skip


def _offered(subject: Issue, now: datetime) -> list[dict[str, Any]]:
    """Return what can stand in an issue: what is chosen in its order, then the newest first."""
    standing = [page for _key, page in chosen(subject, now) if page is not None]
    keys = {(page.kind, page.key) for page in standing}
    names = dict(settings.LANGUAGES)
    others = [page for page in candidates(subject, now) if (page.kind, page.key) not in keys]
    return [
        {
            "page": page, "value": f"{page.kind} {page.key}",
            "place": place if place <= len(standing) else "",
            "owed": [names[code] for code in page.missing],
        }
        for place, page in enumerate([*standing, *others], 1)
    ]  # fmt: skip


@needs(rules.can_see_items)
def issue(request: HttpRequest, code: str) -> HttpResponse:
    """Show an issue in each language, what it lacks, who approves it, and how far it is sent."""
    user, subject, now = me(request), _issue_or_404(request, code), timezone.now()
    remark = RemarkForm(request.POST if "back" in request.POST else None)
    if request.method == "POST" and _act(request, subject, remark):
        return redirect("publishing:issue", code)
    progress = progress_of(subject.pk)
    content = subject.content or content_of(subject, now)
    batch = progress.batch if progress is not None else None
    return render(request, "publishing/issue.html", {
        "heading": subject.title, "issue": subject, "tone": TONES[subject.state],
        "reasons": lacks(subject, now) if subject.state != State.APPROVED else [],
        "previews": [
            {
                "language": language, "name": name, "direction": direction(language),
                "title": content["title"].get(language, ""),
                "intro": content["intro"].get(language, ""),
                "entries": entries_in(content, language),
            }
            for language, name in settings.LANGUAGES
        ],
        "progress": progress,
        "batch_url": reverse("channels:batch", args=[batch.pk])
        if batch is not None and can_see_outbox(user) and can_see_batch(user, batch) else "",
        "may_edit": rules.can_edit_items(user), "may_publish": rules.can_publish_items(user),
        "is_second": not subject.writers.filter(pk=user.pk).exists(), "remark": remark,
        "public_path": reverse("public_publishing:issue", args=[settings.LANGUAGE_CODE, code]),
        "public_origin": settings.PUBLIC_ORIGIN,
    })  # fmt: skip


def _act(request: HttpRequest, subject: Issue, remark: RemarkForm) -> bool:
    """Do what was pressed; return whether the page is shown anew, or stays with its form."""
    user, now = me(request), timezone.now()
    if "ask" in request.POST:
        attempt(request, lambda: act.ask_about_issue(actor=user, issue=subject, now=now),
                _("A second person is asked."))  # fmt: skip
    elif "test" in request.POST:
        counted: list[int] = []
        if attempt(request, lambda: counted.append(
            act.send_test(actor=user, issue=subject, write=letters_of, now=now)
        ), ""):  # fmt: skip
            said = ngettext(
                "%(n)s letter is on its way to you.", "%(n)s letters are on their way to you.",
                counted[0],
            )  # fmt: skip
            messages.success(request, said % {"n": number(counted[0])})
    elif "approve" in request.POST:
        done = _("Approved. Its letters are written; look at the sending and let it leave.")
        attempt(request, lambda: act.approve_issue(
            actor=user, issue=subject, write=letters_of, now=now
        ), done)  # fmt: skip
    elif "back" in request.POST:
        return attempt_and_say(request, remark, lambda: act.send_issue_back(
            actor=user, issue=subject, remark=remark.cleaned_data["remark"], now=now
        ), _("The issue went back to its writers."))  # fmt: skip
    else:
        raise Http404
    return True


def _issue_or_404(request: HttpRequest, code: str) -> Issue:
    return get_object_or_404(issues_for(me(request)), code=code)
