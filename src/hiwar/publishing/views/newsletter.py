"""The newsletter for everybody: asking for it without an account, and every issue that was sent."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from hiwar.channels.actions.subscribers import WordsChanged, ask_to_subscribe
from hiwar.channels.queries.subscribers import consent_text, digest_of_wording
from hiwar.common.desk.pages import paged
from hiwar.common.navigation import PageSource, PublicPage, paths_of
from hiwar.common.patience import Patience, address_of, stopwatch
from hiwar.publishing.exports.newsletter import address_of_issue, entries_in
from hiwar.publishing.forms.newsletter import SubscribeForm
from hiwar.publishing.queries.newsletter import NO_NEWS, public_issues, public_pages
from hiwar.publishing.views.keeping import kept_for_a_minute

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

FREE = 20
SUBSCRIPTIONS = Patience("publishing.newsletter", FREE)


def newsletter(request: HttpRequest, language: str) -> HttpResponse:
    """Take the wish for the newsletter, with the same answer for every address; list the issues."""
    text = consent_text(language)
    initial = {"language": language, "agreed": digest_of_wording(language, text)}
    form = SubscribeForm(request.POST if request.method == "POST" else None, initial=initial)
    context: dict[str, Any] = {"patience": ""}
    status = HTTPStatus.OK
    if request.method == "POST":
        status = _take(request, form, language, context)
        if status == HTTPStatus.OK:
            answer = render(request, "publishing/public/newsletter_asked.html", {
                "heading": _("Newsletter"),
            })  # fmt: skip
            answer["Cache-Control"] = "no-store"
            return answer
    page = paged(request, public_issues())
    return render(request, "publishing/public/newsletter.html", {
        **page, **context, "heading": _("Newsletter"), "form": form, "consent": text,
        "agreed": initial["agreed"], "issues": page["page"].object_list,
    }, status=status)  # fmt: skip


def _take(
    request: HttpRequest, form: SubscribeForm, language: str, context: dict[str, Any]
) -> HTTPStatus:
    """Send the link of a confirmation; what is to be looked at first goes into form and context."""
    if not form.is_valid():
        return HTTPStatus.UNPROCESSABLE_ENTITY
    if SUBSCRIPTIONS.must_wait(request):
        form.add_error(
            None, _("Many requests came from this network. Wait five seconds, then send again.")
        )
        context["patience"] = SUBSCRIPTIONS.ticket_for(request)
        return HTTPStatus.TOO_MANY_REQUESTS
    SUBSCRIPTIONS.count(address_of(request), stopwatch())
    try:
        ask_to_subscribe(
            address=form.cleaned_data["address"],
            language=form.cleaned_data["language"],
            wording_language=language,
            agreed=form.cleaned_data["agreed"],
            now=timezone.now(),
        )
    except WordsChanged as changed:
        form.add_error(None, str(changed))
        return HTTPStatus.UNPROCESSABLE_ENTITY
    return HTTPStatus.OK


@require_safe
@kept_for_a_minute
def issue(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show an issue as it was sent; what is not public any more is named no more."""
    subject = get_object_or_404(public_issues(), code=code)
    entries = entries_in(subject.content, language)
    pages = public_pages(timezone.now(), {entry["kind"] for entry in subject.content["entries"]})
    there = {f"{kind} {key}" for kind, key in pages}
    return render(request, "publishing/public/issue.html", {
        "issue": subject, "heading": subject.content["title"].get(language, ""),
        "intro": subject.content["intro"].get(language, ""),
        "entries": [entry for entry in entries if entry["key"] in there],
        "gone": sum(entry["key"] not in there for entry in entries),
        "address": address_of_issue(code, language),
    })  # fmt: skip


def _issues(_now: datetime) -> Iterator[PublicPage]:
    for each in public_issues():
        yield PublicPage(
            str(each.pk), dict(each.title), paths_of("public_publishing:issue", each.code),
            each.approved_at, each.approved_at,
        )  # fmt: skip


ISSUES = PageSource("newsletter", NO_NEWS, gettext_lazy("Newsletter"), _issues)
