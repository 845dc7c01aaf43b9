"""A consultation for everybody: read, comment without an account, see what became of it."""

from __future__ import annotations

from collections import Counter
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hiwar.common.desk.pages import part_or_404
from hiwar.common.files.uploads import sent
from hiwar.common.links.pages import behind_link
from hiwar.common.links.purposes import address
from hiwar.common.models import Visibility
from hiwar.common.patience import Patience, address_of, stopwatch
from hiwar.common.personal.details import private_details
from hiwar.common.refusals import Refused
from hiwar.legislation.actions import comment_files
from hiwar.legislation.actions import consultations as act
from hiwar.legislation.actions.erasure import erase_own_comment
from hiwar.legislation.forms.consultations import CommentForm, SentFileForm
from hiwar.legislation.models import Comment
from hiwar.legislation.queries.by_mail import way_by_mail
from hiwar.legislation.queries.comment_files import MOST_FILES, files_of
from hiwar.legislation.queries.consultations import (
    BY_LINK,
    articles_to_comment,
    comments_of,
    counts_of_comments,
    letters_of,
    public_comments,
    public_consultations,
)
from hiwar.legislation.queries.public import article_eid, article_slug, public_law
from hiwar.places.queries import season_warnings, the_calendar

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hiwar.legislation.models import Consultation, Law

FREE_COMMENTS = 20
COMMENTS = Patience("legislation.patience", FREE_COMMENTS)
LISTED = 200


def _consultation(key: str, consultation: str) -> tuple[Law, Consultation]:
    law = public_law(key)
    if law is None:
        raise Http404
    for subject in public_consultations(law):
        if str(subject.pk) == consultation:
            subject.law = law
            return law, subject
    raise Http404


def consultation(
    request: HttpRequest, language: str, key: str, consultation: str
) -> HttpResponse:  # fmt: skip
    """Show a consultation; while it is open, take a comment in one step, or two with details."""
    law, subject = _consultation(key, consultation)
    now = timezone.now()
    state = subject.state(now)
    articles = articles_to_comment(subject.version)
    # The switch of language hands on what was typed and sends nothing.
    posted = request.POST if request.method == "POST" and "draft" not in request.POST else None
    initial = {"key": uuid4(), "eid": article_eid(request.GET.get("article", ""))}
    form = CommentForm(articles, posted, initial=initial)
    context: dict[str, Any] = {"warnings": [], "patience": "", "status": HTTPStatus.OK}
    if posted is not None:
        if state != "open":
            form.add_error(None, str(act.NotOpen()))
        elif form.is_valid():
            answer = _taken(request, subject, form, context)
            if answer is not None:
                return answer
        if form.errors and context["status"] == HTTPStatus.OK:
            context["status"] = HTTPStatus.UNPROCESSABLE_ENTITY
    status = context.pop("status")
    return render(request, "legislation/public/consultation.html", context | {
        "law": law, "consultation": subject, "state": state,
        "form": form if state == "open" else None,
        "calendar": _seasons(subject), "by_mail": way_by_mail(subject, now),
    } | (_results(subject) if state in {"closed", "answered"} else {}), status=status)  # fmt: skip


def _seasons(subject: Consultation) -> list[Any]:
    calendar = the_calendar()
    if calendar is None:
        return []
    return season_warnings(calendar, subject.opens_on, subject.closes_on)


def _taken(
    request: HttpRequest, subject: Consultation, form: CommentForm, context: dict[str, Any]
) -> HttpResponse | None:
    """Take a comment and show its private link; None where something is to be looked at first."""
    said = form.said(get_language() or settings.LANGUAGE_CODE)
    if said.may_publish and request.POST.get("confirm") != "yes":
        context["warnings"] = _private_details(said.text)
        if context["warnings"]:
            context["status"] = HTTPStatus.UNPROCESSABLE_ENTITY
            return None
    if COMMENTS.must_wait(request):
        form.add_error(
            None, _("Many comments came from this network. Wait five seconds, then send again.")
        )
        context["patience"] = COMMENTS.ticket_for(request)
        context["status"] = HTTPStatus.TOO_MANY_REQUESTS
        return None
    try:
        comment, token = act.take_comment(
            consultation=subject, said=said, key=form.cleaned_data["key"], now=timezone.now()
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return None
    except ValidationError as wrong:
        form.add_error(None, wrong.messages)
        return None
    COMMENTS.count(address_of(request), stopwatch())
    response = render(request, "legislation/public/comment_sent.html", {
        "law": subject.law, "consultation": subject, "comment": comment,
        "address": address(BY_LINK, token) if token else "",
    })  # fmt: skip
    response["Cache-Control"] = "no-store"
    return response


def _private_details(text: str) -> list[str]:
    """Return a sentence for each kind of private detail in a text."""
    counts = Counter(detail.kind for detail in private_details(text))
    sentences = {
        "phone": lambda n: ngettext("%(n)s telephone number", "%(n)s telephone numbers", n),
        "email": lambda n: ngettext("%(n)s e-mail address", "%(n)s e-mail addresses", n),
        "id": lambda n: ngettext("%(n)s identity number", "%(n)s identity numbers", n),
        "bank": lambda n: ngettext("%(n)s bank account", "%(n)s bank accounts", n),
        "handle": lambda n: ngettext("%(n)s name of an account", "%(n)s names of accounts", n),
        "name": lambda n: ngettext("%(n)s name of a person", "%(n)s names of people", n),
    }
    return [sentences[kind](count) % {"n": count} for kind, count in counts.items()]


def _results(subject: Consultation) -> dict[str, Any]:
    """Return what everybody reads of a consultation that is over: counts, and comments shown."""
    comments = comments_of(subject)
    letters = letters_of(subject, [comment.number for comment in comments])
    counts = counts_of_comments(subject, comments, letters)
    names = dict(articles_to_comment(subject.version))
    shown: dict[object, tuple[Comment, int]] = {}
    for comment in public_comments(subject):
        leader = letters.leaders[comment.pk]
        if leader not in shown:
            shown[leader] = comment, len(letters.members[leader])
    channels, answers = Comment.Channel, Comment.Disposition
    return {
        "counts": counts,
        "by_article": [(article_slug(eid), name, n) for eid, name, n in counts.by_article],
        "by_channel": [(channels(code).label, n) for code, n in sorted(counts.channels.items())],
        "by_answer": [(answers(code).label, counts.dispositions[code])
                      for code in answers.values if counts.dispositions.get(code)]
        if subject.answered_at else [],
        "comments": [(comment, names.get(comment.eid, ""), n)
                     for comment, n in list(shown.values())[:LISTED]],
        "left_out": max(0, len(shown) - LISTED),
    }  # fmt: skip


@behind_link(BY_LINK, takes_answers=True)
def own_comment(request: HttpRequest, comment: Comment, token: str) -> HttpResponse:
    """Show somebody their own comment, its files, and what became of it once that is answered.

    While comments are taken its author sends files to it and takes them back; the comment is kept
    before, so that a line that breaks loses no word. At any time its author takes it out for good.
    """
    subject = comment.consultation
    now = timezone.now()
    if request.POST.get("act") == "erase" and "confirm" in request.POST:
        erase_own_comment(comment=comment, now=now)
        return render(request, "legislation/public/comment_gone.html", {"law": subject.law})
    others = {"take_back", "act"} & request.POST.keys()
    form = SentFileForm(*sent(request)) if not others else SentFileForm()
    context: dict[str, Any] = {"said": "", "refused": "", "patience": ""}
    status = HTTPStatus.OK
    if request.method == "POST" and "act" not in request.POST:
        status = _changed_files(request, comment, form, context)
    files = files_of(comment)
    names = dict(articles_to_comment(subject.version))
    takes = subject.state(now) == "open" and subject.version.visibility == Visibility.PUBLIC
    if status == HTTPStatus.OK:
        form = SentFileForm()
    return render(request, "legislation/public/own_comment.html", context | {
        "comment": comment, "consultation": subject, "title": subject.law.title,
        "article": names.get(comment.eid, ""), "files": files, "takes_files": takes,
        "form": form if takes and (len(files) < MOST_FILES or form.errors) else None,
        "is_answered": subject.answered_at is not None,
    }, status=status)  # fmt: skip


def _changed_files(
    request: HttpRequest, comment: Comment, form: SentFileForm, context: dict[str, Any]
) -> HTTPStatus:
    """Keep a file of the author or destroy one; what is said of it goes into the context."""
    now = timezone.now()
    try:
        if key := request.POST.get("take_back", ""):
            row = part_or_404(comment.files.filter(added_by=None), key)
            row.comment = comment
            comment_files.take_back_comment_file(row=row, now=now)
            context["said"] = _("The file is destroyed.")
            return HTTPStatus.OK
        if COMMENTS.must_wait(request):
            context["refused"] = _(
                "Many comments came from this network. Wait five seconds, then send again."
            )
            context["patience"] = COMMENTS.ticket_for(request)
            return HTTPStatus.TOO_MANY_REQUESTS
        if not form.is_valid():
            return HTTPStatus.UNPROCESSABLE_ENTITY
        comment_files.send_comment_file(comment=comment, sent=form.cleaned_data["file"], now=now)
    except Refused as refused:
        context["refused"] = str(refused)
        return HTTPStatus.UNPROCESSABLE_ENTITY
    COMMENTS.count(address_of(request), stopwatch())
    context["said"] = _("The file is kept with your comment.")
    return HTTPStatus.OK
