"""Reviews at the desk: asked for, written by the reviewer, answered on one board."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.accounts.queries import staff
from hiwar.common.desk.pages import (
    attempt,
    attempt_and_say,
    attempt_with_form,
    part_or_404,
)
from hiwar.common.links.purposes import address
from hiwar.common.links.queries import is_open, token_of
from hiwar.papers import rules
from hiwar.papers.actions import outside
from hiwar.papers.actions import reviews as act
from hiwar.papers.desk.pages import page_of, paper_or_404
from hiwar.papers.exports.reading import Reader, language_shown
from hiwar.papers.forms.papers import AnswerForm, AskReviewForm, CommentForm, OutsiderForm
from hiwar.papers.models import Review, ReviewComment
from hiwar.papers.queries.content import content_of
from hiwar.papers.queries.outside import REVIEW
from hiwar.papers.queries.papers import blocks_of, papers_for
from hiwar.papers.queries.reviews import placed_comments, reviews_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

    from hiwar.papers.models import Paper


@needs(rules.can_see_papers)
def reviews(request: HttpRequest, code: str) -> HttpResponse:
    """Show who reviews a paper, each comment with its place, and what became of it."""
    subject = paper_or_404(request, code)
    form = AskReviewForm(request.POST or None, colleagues=staff())
    if request.method == "POST" and form.is_valid() and attempt_with_form(
        form,
        lambda: act.ask_review(
            actor=me(request), paper=subject, now=timezone.now(), **form.cleaned_data
        ),
    ):  # fmt: skip
        messages.success(request, _("The review is asked for; it waits on their morning page."))
        return redirect("papers:reviews", code)
    return _board(request, subject, form, _outsider_form())


def _outsider_form(data: QueryDict | None = None) -> OutsiderForm:
    initial = {"language": get_language() or settings.LANGUAGE_CODE}
    return OutsiderForm(data, prefix="outside", initial=initial)


@needs(rules.can_edit_papers)
@require_POST
def ask_outside(request: HttpRequest, code: str) -> HttpResponse:
    """Send somebody from outside the draft by a private link."""
    subject = paper_or_404(request, code)
    form = _outsider_form(request.POST)
    if form.is_valid() and attempt_with_form(
        form,
        lambda: outside.send_for_review(
            actor=me(request), paper=subject, now=timezone.now(), **form.cleaned_data
        ),
    ):
        messages.success(request, _("The draft is sent. The link is for this reader alone."))
        return redirect("papers:reviews", code)
    return _board(request, subject, AskReviewForm(colleagues=staff()), form)


def _board(
    request: HttpRequest, subject: Paper, form: AskReviewForm, outsider: OutsiderForm
) -> HttpResponse:
    context = page_of(request, subject, "reviews")
    placed = placed_comments(subject, blocks_of(subject))
    now = timezone.now()
    links = {
        review.pk: address(REVIEW, token) for review in reviews_of(subject)
        if context["may_edit"] and review.private_link is not None
        and is_open(review.private_link, now) and (token := token_of(review.private_link))
    }  # fmt: skip
    return render(request, "papers/reviews.html", {
        **context, "form": form, "outsider": outsider,
        "reviews": [(review, links.get(review.pk, "")) for review in reviews_of(subject)],
        "rows": [(each, AnswerForm(prefix=f"c{each.comment.pk.hex[:8]}")) for each in placed],
        "open_count": sum(not each.comment.disposition for each in placed),
        "own": [review.pk for review in reviews_of(subject) if rules.can_comment_on(
            me(request), review)],
    })  # fmt: skip


def _review(request: HttpRequest, key: str) -> Review:
    return part_or_404(
        Review.objects.filter(paper__in=papers_for(me(request)).order_by()).select_related(
            "paper__dossier", "reviewer"
        ),
        key,
    )


@needs(rules.can_see_papers)
def review(request: HttpRequest, key: str) -> HttpResponse:
    """Show a paper to its reviewer, block by block, with a place for comments at each."""
    subject = _review(request, key)
    if not rules.can_comment_on(me(request), subject):
        return redirect("papers:reviews", subject.paper.code)
    paper = subject.paper
    blocks = blocks_of(paper)
    language = language_shown(paper.languages, paper.language)
    wanted = request.POST.get("block", "")
    refused = CommentForm(request.POST) if request.method == "POST" else None
    if refused is not None:
        block = next((each for each in blocks if str(each.pk) == wanted), None)
        if block is None:
            raise Http404
        if attempt_and_say(request, refused, lambda: act.comment_on(
                actor=me(request), review=subject, block=block, language=language,
                now=timezone.now(), **refused.cleaned_data,
            ), _("Your comment is kept.")):  # fmt: skip
            return redirect(f"{reverse('papers:review', args=[key])}#b-{block.pk}")
    own = [each for each in placed_comments(paper, blocks) if each.comment.review_id == subject.pk]
    shown = Reader(content_of(paper, 0, {}, timezone.now()), language).blocks()
    rows = [
        (block, view, [each for each in own if each.comment.block_id == block.pk],
         refused if str(block.pk) == wanted and refused is not None
         else CommentForm(auto_id=f"id_{block.pk.hex[:8]}_%s"))
        for block, view in zip(blocks, shown, strict=True)
    ]  # fmt: skip
    standing = {block.pk for block in blocks}
    return render(request, "papers/review.html", {
        **page_of(request, paper, "reviews"), "review": subject, "rows": rows, "wanted": wanted,
        "lost": [each for each in own if each.comment.block_id not in standing],
    })  # fmt: skip


@needs(rules.can_see_papers)
@require_POST
def finish(request: HttpRequest, key: str) -> HttpResponse:
    """End a review."""
    subject = _review(request, key)
    attempt(
        request,
        lambda: act.finish_review(
            actor=me(request), review=subject, verdict=request.POST.get("verdict", ""),
            now=timezone.now(),
        ),
        _("The review is finished."),
    )  # fmt: skip
    return redirect("papers:reviews", subject.paper.code)


@needs(rules.can_edit_papers)
@require_POST
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """Say what became of a comment."""
    comment = part_or_404(
        ReviewComment.objects.filter(
            review__paper__in=papers_for(me(request)).order_by()
        ).select_related("review__paper__dossier"),
        key,
    )
    form = AnswerForm(request.POST, prefix=f"c{comment.pk.hex[:8]}")
    chosen = form.cleaned_data if form.is_valid() else {"disposition": "", "answer": ""}
    attempt(
        request,
        lambda: act.answer_comment(
            actor=me(request), comment=comment, now=timezone.now(), **chosen
        ),
        _("The answer is kept; the reviewer reads it."),
    )
    return redirect("papers:reviews", comment.review.paper.code)
