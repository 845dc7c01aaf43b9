"""The text of a paper at the desk: saved, moved, deleted, brought back, decided, compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.desk.pages import attempt, key_of, part_or_404
from hiwar.engine.blocks import changed_words, differences
from hiwar.papers import rules
from hiwar.papers.actions import blocks as act
from hiwar.papers.actions.languages import check_language, keep_alone
from hiwar.papers.desk.pages import page_of, paper_or_404
from hiwar.papers.models import Block, BlockConflict, LanguageCheck
from hiwar.papers.queries.papers import blocks_of, history_of, papers_for
from hiwar.papers.queries.readiness import DIFFERENCES, at_block, digest_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hiwar.papers.models import Paper


def block_or_404(request: HttpRequest, key: str) -> Block:
    """Return a block of a paper that whoever asks may read."""
    return part_or_404(
        Block.objects.filter(paper__in=papers_for(me(request)).order_by()).select_related(
            "paper__dossier"
        ),
        key,
    )


def _in_paper(paper: Paper, key: str) -> Block | None:
    wanted = key_of(key)
    return Block.objects.filter(paper=paper, pk=wanted).first() if wanted else None


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _edit(request: HttpRequest, paper: Paper) -> act.Edit:
    texts = {
        language: request.POST[f"text-{language}"].replace("\x00", "")
        for language in paper.languages if f"text-{language}" in request.POST
    }  # fmt: skip
    kind = request.POST.get("kind", "")
    return act.Edit(
        _number(request, "base"), kind if kind in Block.Kind.values else None, texts,
        key_of(request.POST.get("edit_key", "")),
    )  # fmt: skip


def _tell(request: HttpRequest, saved: act.Saved) -> None:
    if saved.conflicts:
        text = _("Somebody else changed it too. Both versions are kept: please decide.")
        messages.warning(request, text)
    elif saved.is_joined:
        messages.success(request, _("Saved, together with what somebody else changed meanwhile."))
    else:
        messages.success(request, _("Saved."))


@needs(rules.can_edit_papers)
@require_POST
def save(request: HttpRequest, key: str) -> HttpResponse:
    """Save a block with what was written into it."""
    block = block_or_404(request, key)
    saved: list[act.Saved] = []
    if attempt(
        request,
        lambda: saved.append(
            act.save_block(actor=me(request), block=block, edit=_edit(request, block.paper),
                           now=timezone.now())
        ),
        "",
    ):  # fmt: skip
        _tell(request, saved[0])
        if saved[0].conflicts:
            return redirect("papers:conflict", saved[0].conflicts[0].pk)
        return redirect(at_block(block.paper, block))
    # What was written must not be lost with the refusal.
    return render(request, "papers/refused.html", {
        "block": block, "texts": _edit(request, block.paper).texts, "paper": block.paper,
    }, status=409)  # fmt: skip


@needs(rules.can_edit_papers)
@require_POST
def delete(request: HttpRequest, key: str) -> HttpResponse:
    """Delete a block; it can be brought back."""
    block = block_or_404(request, key)
    saved: list[act.Saved] = []
    edit = act.Edit(_number(request, "base"), None, None)
    if attempt(
        request,
        lambda: saved.append(
            act.save_block(actor=me(request), block=block, edit=edit, now=timezone.now())
        ),
        "",
    ):
        if saved[0].conflicts:
            _tell(request, saved[0])
            return redirect("papers:conflict", saved[0].conflicts[0].pk)
        messages.success(request, _("The block is deleted. Below the text it can be brought back."))
    return redirect("papers:paper", block.paper.code)


@needs(rules.can_edit_papers)
@require_POST
def add(request: HttpRequest, code: str) -> HttpResponse:
    """Add an empty block behind another one and open it."""
    subject = paper_or_404(request, code)
    kind = request.POST.get("kind", "")
    after = _in_paper(subject, request.POST.get("after", ""))
    added: list[Block] = []
    if kind in Block.Kind.values and attempt(
        request,
        lambda: added.append(
            act.add_block(actor=me(request), paper=subject, after=after, kind=kind,
                          now=timezone.now())
        ),
        "",
    ):  # fmt: skip
        key = added[0].pk
        return redirect(at_block(subject, added[0]).replace("#", f"?edit={key}#"))
    return redirect("papers:paper", code)


@needs(rules.can_edit_papers)
@require_POST
def move(request: HttpRequest, key: str) -> HttpResponse:
    """Move a block behind another one."""
    block = block_or_404(request, key)
    after = _in_paper(block.paper, request.POST.get("after", ""))
    saved: list[act.Saved] = []
    if attempt(
        request,
        lambda: saved.append(
            act.move_block(actor=me(request), block=block, after=after,
                           moves=_number(request, "moves"), now=timezone.now())
        ),
        "",
    ) and saved[0].conflicts:  # fmt: skip
        _tell(request, saved[0])
        return redirect("papers:conflict", saved[0].conflicts[0].pk)
    return redirect(at_block(block.paper, block))


@needs(rules.can_see_papers)
def history(request: HttpRequest, key: str) -> HttpResponse:
    """Show what a block said before, who wrote it and what they changed; bring a text back."""
    block = block_or_404(request, key)
    if request.method == "POST":
        attempt(
            request,
            lambda: act.restore_block(
                actor=me(request), block=block, revision=_number(request, "revision"),
                now=timezone.now(),
            ),
            _("It is brought back."),
        )  # fmt: skip
        return redirect(at_block(block.paper, block))
    versions = history_of(block)
    rows = []
    for version, older in zip(versions, [*versions[1:], None], strict=True):
        pieces = [
            (language, changed_words(older.texts.get(language, "") if older else "",
                                     version.texts.get(language, "")))
            for language in block.paper.languages
        ]  # fmt: skip
        rows.append((version, [(language, parts) for language, parts in pieces if parts]))
    return render(request, "papers/history.html", {
        **page_of(request, block.paper, "paper"), "block": block, "rows": rows,
    })  # fmt: skip


@needs(rules.can_see_papers)
def conflict(request: HttpRequest, key: str) -> HttpResponse:
    """Show two versions of a block with what both began with, and take one or write a third."""
    subject = part_or_404(
        BlockConflict.objects.filter(
            block__paper__in=papers_for(me(request)).order_by()
        ).select_related("block__paper__dossier", "made_by"),
        key,
    )
    block = subject.block
    if request.method == "POST":
        text = request.POST.get("text", "").replace("\x00", "")
        done = attempt(
            request,
            lambda: act.settle_conflict(
                actor=me(request), conflict=subject, take=request.POST.get("take", ""), text=text,
                now=timezone.now(),
            ),
            _("It is decided."),
        )  # fmt: skip
        if done:
            return redirect(at_block(block.paper, block))
    texts = [(language, name) for language, name in settings.LANGUAGES
             if language == subject.language
             or (not subject.language and language in {*subject.current, *subject.mine})
    ]  # fmt: skip
    sides = [
        {
            "take": take, "texts": [
                (language, changed_words(subject.base.get(language, ""), side.get(language, "")))
                for language, _name in texts
            ],
            "is_gone": subject.what == "deleted" and not side,
            "words": _other_words(block.paper, subject, side),
        }
        for take, side in (("current", subject.current), ("mine", subject.mine))
    ]  # fmt: skip
    return render(request, "papers/conflict.html", {
        **page_of(request, block.paper, "paper"), "conflict": subject, "block": block,
        "sides": sides, "language": subject.language or block.paper.language,
        "third": request.POST.get("text", subject.mine.get(subject.language, "")),
        "may_write": subject.what == "text",
        "now_says": subject.current.get(subject.language) != block.texts.get(subject.language)
        if subject.what == "text" else False,
    })  # fmt: skip


def _other_words(paper: Paper, subject: BlockConflict, side: dict[str, str]) -> str:
    """Return a kind or a place in words."""
    if subject.what == "kind":
        return str(Block.Kind(side["kind"]).label) if side.get("kind") else ""
    if subject.what == "order":
        before = _in_paper(paper, side.get("after", ""))
        if before is None:
            return _("at the beginning")
        return _("behind “%(block)s”") % {"block": str(before)}
    return ""


@needs(rules.can_see_papers)
def languages(request: HttpRequest, code: str) -> HttpResponse:
    """Show the languages of each block side by side, with what differs."""
    subject = paper_or_404(request, code)
    checks = {
        (check.block_id, check.language): check
        for check in LanguageCheck.objects.filter(block__paper=subject).select_related("checked_by")
    }
    names = dict(settings.LANGUAGES)
    others = [language for language in subject.languages if language != subject.language]
    rows = [
        _language_row(subject, block, others, checks, names) for block in blocks_of(subject)
        if any(block.texts.values())
    ]  # fmt: skip
    only = request.GET.get("only") == "open"
    return render(request, "papers/languages.html", {
        **page_of(request, subject, "languages"),
        "rows": [row for row in rows if not only or row["is_open"]], "only": only,
        "open_count": sum(row["is_open"] for row in rows), "source": subject.language,
        "source_name": names[subject.language],
    })  # fmt: skip


def _language_row(
    paper: Paper, block: Block, others: list[str], checks: dict[Any, LanguageCheck],
    names: dict[str, str],
) -> dict[str, Any]:  # fmt: skip
    unequal = [] if block.only_reason else differences(
        block.kind, block.texts, paper.language, paper.languages
    )  # fmt: skip
    sides = []
    for language in others:
        check = checks.get((block.pk, language))
        is_checked = bool(check and check.digest == digest_of(block, paper.language, language))
        own = [each for each in unequal if each.language == language]
        sides.append({
            "language": language, "name": names[language],
            "text": block.texts.get(language, ""), "check": check if is_checked else None,
            "is_behind": bool(check) and not is_checked,
            "differences": [(DIFFERENCES[each.what], each.is_hard) for each in own],
            "is_open": any(each.is_hard or not is_checked for each in own)
            or (bool(check) and not is_checked),
            "may_check": not is_checked and not any(each.is_hard for each in own),
        })  # fmt: skip
    return {
        "block": block, "source": block.texts.get(paper.language, ""), "sides": sides,
        "is_open": not block.only_reason and (
            any(side["is_open"] for side in sides) or not block.texts.get(paper.language)
        ),
        "edit_key": uuid4(),
    }  # fmt: skip


@needs(rules.can_edit_papers)
@require_POST
def equal(request: HttpRequest, key: str) -> HttpResponse:
    """Note that two languages say the same, or why a block stands in one alone."""
    block = block_or_404(request, key)
    now = timezone.now()
    language = request.POST.get("language", "")
    if "reason" in request.POST:
        attempt(
            request,
            lambda: keep_alone(
                actor=me(request), block=block, reason=request.POST["reason"], now=now
            ),
            _("It is noted."),
        )
    else:
        attempt(
            request,
            lambda: check_language(
                actor=me(request), block=block, language=language, now=now,
                revision=_number(request, "revision"),
            ),
            _("The languages are noted as equal, with your name."),
        )  # fmt: skip
    return redirect(f"{reverse('papers:languages', args=[block.paper.code])}#b-{block.pk}")
