"""Papers at the desk: the list, a new one, its text, what it still owes, its versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
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
    first_or_404,
    paged,
    part_or_404,
)
from hiwar.common.files.pages import attachment
from hiwar.forums.queries.forums import forums_for
from hiwar.papers import rules
from hiwar.papers.actions import files, versions
from hiwar.papers.actions import papers as act
from hiwar.papers.exports.reading import Reader, language_shown
from hiwar.papers.forms import papers as forms
from hiwar.papers.models import Block, Paper, PaperFile
from hiwar.papers.queries.content import content_of
from hiwar.papers.queries.embargo import embargoed_version
from hiwar.papers.queries.papers import (
    blocks_of,
    open_conflicts,
    papers_for,
    search_papers,
    waiting_counts,
)
from hiwar.papers.queries.readiness import obstacles
from hiwar.papers.queries.reviews import placed_comments
from hiwar.papers.queries.signing import KIND, TONES, latest_version, tabs_of_paper
from hiwar.papers.queries.vocabularies import kind_name, parts_of
from hiwar.signatures.queries.pages import tabs_of
from hiwar.signatures.queries.signatories import signatories
from hiwar.signatures.rules import can_see_signings

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hiwar.common.desk.lists import Option


def paper_or_404(request: HttpRequest, code: str) -> Paper:
    """Return a paper that whoever asks may read."""
    return first_or_404(papers_for(me(request)).filter(code=code))


def page_of(request: HttpRequest, paper: Paper, current: str) -> dict[str, Any]:
    """Return what every page of a paper shows: its tabs, state, and what may be done."""
    user = me(request)
    current_url = reverse(f"papers:{current}", args=[paper.code])
    document = KIND.describe(paper.signing) if paper.signing else None
    if paper.signing is not None and document is not None and can_see_signings(user):
        tabs = tabs_of(paper.signing, document, current_url)
    else:
        tabs = [{"label": label, "url": url, "current": url == current_url}
                for label, url in tabs_of_paper(paper)]  # fmt: skip
    return {
        "paper": paper, "kind": kind_name(paper.kind), "tone": TONES.get(paper.state, ""),
        "tabs": tabs, "embargoed": embargoed_version(paper),
        "may_edit": paper.is_open and rules.can_edit_paper(user, paper),
        "may_publish": rules.can_publish_paper(user, paper),
    }  # fmt: skip


@needs(rules.can_see_papers)
def list_papers(request: HttpRequest) -> HttpResponse:
    """List the papers, the last changed first, with what waits in each."""
    user = me(request)
    words, state = words_of(request), choice_of(request, "state", Paper.State.values)
    columns = {"changed": pgettext("list of papers", "Changed"), "title": _("Title")}
    order, headings = sort_columns(request, columns, "-changed")
    orders = {"changed": "changed_at", "title": "title"}
    page = paged(request, ordered(search_papers(user, words, state), order, orders))
    papers = list(page["page"].object_list)
    waiting = waiting_counts(papers)
    rows = [(paper, kind_name(paper.kind), TONES.get(paper.state, ""), waiting[paper.pk])
            for paper in papers]  # fmt: skip
    may_edit = rules.can_edit_papers(user)
    listing = Listing(
        title=pgettext("written by the institution", "Papers"),
        lead=_(
            "What the institution writes: every recommendation on evidence, every version with "
            "its checksum."
        ),
        url=reverse("papers:list"),
        everything=_("All papers"),
        search=_("Words of the title, or the code"),
        no_match=_("No paper answers the question"),
        fewer=_("Ask with fewer conditions."),
        none_yet=_("No paper is begun yet"),
        why=_(
            "A paper begins with the parts of its template. Several people write it at once; "
            "nothing of theirs is lost."
        ),
        new=(_("New paper"), reverse("papers:new")) if may_edit else None,
    )
    states: list[Option] = [("", pgettext("filter", "all"), None)]
    states += [(code, label, None) for code, label in Paper.State.choices]
    return list_page(
        request,
        "papers/list.html",
        listing,
        page=page,
        rows=rows,
        words=words,
        filters=[("", filter_links("state", state, states, {"q": words}))],
        chosen={"state": state},
        headings=headings,
    )


@needs(rules.can_see_papers)
def of_forum(request: HttpRequest, code: str) -> HttpResponse:
    """Show the papers of a forum, also as a part of its page."""
    user = me(request)
    forum = first_or_404(forums_for(user).filter(code=code))
    papers = papers_for(user).filter(forum=forum)
    rows = [(paper, kind_name(paper.kind), TONES.get(paper.state, "")) for paper in papers]
    may_edit = rules.can_edit_papers(user)
    return render(request, "papers/of_forum.html", {
        "forum": forum, "rows": rows, "may_edit": may_edit,
    })  # fmt: skip


@needs(rules.can_edit_papers)
def new(request: HttpRequest) -> HttpResponse:
    """Begin a paper from a template; `dossier` in the address proposes one."""
    form = forms.NewPaperForm(
        request.POST or None, reader=me(request),
        initial={"dossier": request.GET.get("dossier"), "forum": request.GET.get("forum"),
                 "language": settings.LANGUAGE_CODE},
    )  # fmt: skip
    started: list[Paper] = []
    if attempt_and_say(
        request,
        form,
        lambda: started.append(
            act.start_paper(actor=me(request), values=form.cleaned_data, now=timezone.now())
        ),
        _("The paper is begun. Write into its parts."),
    ):
        return redirect("papers:paper", started[0].code)
    return form_page(
        request,
        form,
        title=_("New paper"),
        verb=_("Begin the paper"),
        back=reverse("papers:list"),
        template="papers/form.html",
    )


@needs(rules.can_edit_papers)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change title, names, languages, dossier and readers of a paper."""
    subject = paper_or_404(request, code)
    initial = {name: getattr(subject, name) for name in act.FIELDS}
    form = forms.PaperForm(request.POST or None, reader=me(request), initial=initial)
    if attempt_and_say(
        request,
        form,
        lambda: act.update_paper(
            actor=me(request), paper=subject, values=form.cleaned_data, now=timezone.now()
        ),
        _("The paper is saved."),
    ):
        return redirect("papers:paper", code)
    return form_page(
        request,
        form,
        title=_("Change the paper"),
        verb=_("Save"),
        subject=subject,
        back=reverse("papers:paper", args=[code]),
        template="papers/form.html",
    )


@needs(rules.can_see_papers)
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """Show the text of a paper; `edit` in the address opens one block, or all of them."""
    subject = paper_or_404(request, code)
    context = page_of(request, subject, "paper")
    blocks = blocks_of(subject)
    opened = request.GET.get("edit", "") if context["may_edit"] else ""
    language = language_shown(subject.languages, subject.language)
    content = content_of(subject, 0, {}, timezone.now())
    reader = Reader(content, language)
    conflicts: dict[Any, list[Any]] = {}
    for conflict in open_conflicts(subject):
        conflicts.setdefault(conflict.block_id, []).append(conflict)
    comments: dict[Any, int] = {}
    for each in placed_comments(subject, blocks):
        if each.block is not None and not each.comment.disposition:
            comments[each.block.pk] = comments.get(each.block.pk, 0) + 1
    prompts = {part.code: part.prompt for part in parts_of(subject.kind)}
    rows = []
    for at, (block, shown) in enumerate(zip(blocks, reader.blocks(), strict=True)):
        rows.append({
            "block": block, "shown": shown, "is_open": opened in {"all", str(block.pk)},
            "texts": [(code_, name, block.texts.get(code_, ""))
                      for code_, name in settings.LANGUAGES if code_ in subject.languages],
            "before": blocks[at - 2] if at > 1 else None, "is_first": at == 0,
            "after": blocks[at + 1] if at + 1 < len(blocks) else None,
            "conflicts": conflicts.get(block.pk, []), "comments": comments.get(block.pk, 0),
            "prompt": "" if any(block.texts.values()) else prompts.get(block.part, ""),
        })  # fmt: skip
    return render(request, "papers/paper.html", {
        **context, "rows": rows, "kinds": Block.Kind.choices, "is_all": opened == "all",
        "edit_key": uuid4(), "notes": reader.notes(), "language": language,
        "deleted": Block.objects.filter(paper=subject, deleted_at__isnull=False).order_by(
            "-deleted_at", "pk"
        )[:20],
    })  # fmt: skip


@needs(rules.can_see_papers)
def ready(request: HttpRequest, code: str) -> HttpResponse:
    """Show everything that stops freezing and publishing, and the versions there are."""
    subject = paper_or_404(request, code)
    owed = obstacles(subject, timezone.now()) if subject.state != Paper.State.WITHDRAWN else []
    frozen = latest_version(subject) if subject.state == Paper.State.FROZEN else None
    return render(request, "papers/ready.html", {
        **page_of(request, subject, "ready"),
        "hard": [each for each in owed if each.is_hard],
        "soft": [each for each in owed if not each.is_hard],
        "versions": subject.versions.select_related("frozen_by", "published_by")
        .prefetch_related(Prefetch("files", PaperFile.objects.order_by("language", "-form")))
        .order_by("-number"),
        "form": forms.WordsForm(),
        "signed": signatories(frozen.signed_version) if frozen and frozen.signed_version else None,
        "was_published": subject.versions.filter(published_at__isnull=False).exists(),
    })  # fmt: skip


def _file_or_404(request: HttpRequest, key: str) -> PaperFile:
    rows = PaperFile.objects.select_related("file", "version__paper__dossier")
    return part_or_404(rows.filter(version__paper__in=papers_for(me(request)).order_by()), key)


@needs(rules.can_see_papers)
def file(request: HttpRequest, key: str) -> HttpResponse:
    """Give a frozen text as a file to be saved."""
    row = _file_or_404(request, key)
    if row.file is None:
        raise Http404
    return attachment(reader=me(request), file=row.file)


@needs(rules.can_see_papers)
@require_POST
def make_again(request: HttpRequest, key: str) -> HttpResponse:
    """Let a file that failed be made again."""
    row = _file_or_404(request, key)
    attempt(
        request,
        lambda: files.ask_file_again(actor=me(request), row=row, now=timezone.now()),
        _("The file is being made again."),
    )
    return redirect("papers:ready", row.version.paper.code)


def _words(request: HttpRequest) -> dict[str, str]:
    form = forms.WordsForm(request.POST)
    return dict(form.cleaned_data["words"]) if form.is_valid() else {}


@needs(rules.can_see_papers)
@require_POST
def freeze(request: HttpRequest, code: str) -> HttpResponse:
    """Freeze the text of a paper."""
    subject = paper_or_404(request, code)
    attempt(
        request,
        lambda: versions.freeze_paper(
            actor=me(request), paper=subject, now=timezone.now(), correction=_words(request)
        ),
        _("The text is frozen; its checksum is below."),
    )
    return redirect("papers:ready", code)


@needs(rules.can_see_papers)
@require_POST
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Publish the frozen text."""
    subject = paper_or_404(request, code)
    attempt(
        request,
        lambda: versions.publish_paper(
            actor=me(request), paper=subject, now=timezone.now(), seen=request.POST.get("seen")
        ),
        _("The paper is published."),
    )
    return redirect("papers:ready", code)


@needs(rules.can_see_papers)
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Withdraw what was published; its page stays and says why."""
    subject = paper_or_404(request, code)
    attempt(
        request,
        lambda: versions.withdraw_paper(
            actor=me(request), paper=subject, reason=_words(request), now=timezone.now()
        ),
        _("The paper is withdrawn; its page says why."),
    )
    return redirect("papers:ready", code)


@needs(rules.can_see_papers)
@require_POST
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    """Take a paper back to the draft; frozen texts stay."""
    subject = paper_or_404(request, code)
    attempt(
        request,
        lambda: act.reopen_paper(actor=me(request), paper=subject, now=timezone.now()),
        _("The paper is a draft again."),
    )
    return redirect("papers:paper", code)
