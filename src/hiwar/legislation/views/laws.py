"""Laws for everybody: the list, a law, its articles, its texts, what changed, and a feed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from hiwar.common.desk.pages import paged
from hiwar.engine import law as engine
from hiwar.legislation.exports.comparison import changes_between, changes_shown, counts_of
from hiwar.legislation.exports.feeds import MIME, feed_of
from hiwar.legislation.exports.files import file_of
from hiwar.legislation.queries.consultations import article_counts, public_consultations
from hiwar.legislation.queries.laws import standing_of, text_of
from hiwar.legislation.queries.public import (
    ArticleText,
    article_eid,
    article_in,
    article_slug,
    articles_of,
    last_two,
    public_answers,
    public_law,
    public_laws,
    public_proposals,
    public_source,
    public_steps,
    public_versions,
    version_name,
    version_to_read,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from hiwar.legislation.models import Law, LawVersion


def _law(key: str) -> tuple[Law, list[LawVersion]]:
    subject = public_law(key)
    if subject is None:
        raise Http404
    versions = public_versions(subject)
    if not versions:
        raise Http404
    return subject, versions


def _named(versions: Sequence[LawVersion], name: str) -> LawVersion:
    version = next((version for version in versions if version_name(version) == name), None)
    if version is None:
        raise Http404
    return version


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


@require_safe
def laws(request: HttpRequest, language: str) -> HttpResponse:
    """List the laws that everybody may read, newest first."""
    return render(request, "legislation/public/laws.html", paged(request, public_laws()))


@require_safe
def law(request: HttpRequest, language: str, key: str) -> HttpResponse:
    """Show a law: where it stands, its versions, its articles each with its address."""
    subject, versions = _law(key)
    steps = public_steps(subject)
    shown = version_to_read(versions, _language())
    counts, now = article_counts(subject), timezone.now()
    return render(request, "legislation/public/law.html", {
        "law": subject, "is_top": True, "standing": standing_of(steps), "steps": steps,
        "versions": [
            (version, version_name(version), public_source(version)) for version in versions
        ],
        "languages": dict(settings.LANGUAGES),
        "pair": last_two(versions, _language()),
        "shown": shown, "shown_name": version_name(shown),
        "articles": [
            (article, article_slug(article.eid), counts.get(article_slug(article.eid), 0))
            for article in articles_of(shown)
        ],
        "answers": public_answers(subject, ""),
        "consultations": [(each, each.state(now)) for each in public_consultations(subject)],
    })  # fmt: skip


@require_safe
def text(request: HttpRequest, language: str, key: str, name: str) -> HttpResponse:
    """Show the whole text of a version, each article at its address."""
    subject, versions = _law(key)
    version = _named(versions, name)
    return render(request, "legislation/public/text.html", {
        "law": subject, "version": version, "name": name, "source": public_source(version),
        "html": engine.to_html(text_of(version)),
        "is_newest": version.number == versions[0].number,
        "kinds": [("docx", "DOCX"), ("xml", "Akoma Ntoso"), ("html", "HTML"), ("txt", "TXT"),
                  ("csv", "CSV")],
        "language_name": dict(settings.LANGUAGES).get(version.language, version.language),
    })  # fmt: skip


@require_safe
def text_file(
    request: HttpRequest, language: str, key: str, name: str, kind: str
) -> HttpResponse:  # fmt: skip
    """Give the text of a version as a file."""
    subject, versions = _law(key)
    answer = file_of(subject, _named(versions, name), kind)
    if answer is None:
        raise Http404
    return answer


@dataclass(frozen=True, slots=True)
class EarlierText:
    """How an article read in an earlier version, and what the next one made of it."""

    text: ArticleText
    name: str
    is_changed: bool
    rows: tuple[tuple[engine.Piece, ...], ...]


def _earlier(texts: Sequence[ArticleText]) -> list[EarlierText]:
    """Return what became of an article from version to version, newest first."""
    earlier = []
    for newer, older in pairwise(texts):
        rows = engine.compare_texts(_plain(older), _plain(newer))
        changed = any(row.status not in {"same", "spelling"} or row.is_moved for row in rows)
        lines = tuple(engine.inline(row.edits) for row in rows) if changed else ()
        earlier.append(EarlierText(older, version_name(older.version), changed, lines))
    return earlier


def _plain(text: ArticleText) -> str:
    return "\n".join(" ".join(filter(None, line)) for line in text.lines)


@require_safe
def article(request: HttpRequest, language: str, key: str, slug: str) -> HttpResponse:
    """Show an article as it stands, in other languages, and as earlier versions had it."""
    subject, versions = _law(key)
    eid = article_eid(slug)
    texts = article_in(versions, eid)
    if not texts:
        raise Http404
    newest = max(each.version.number for each in texts)
    shown = next(
        (each for each in texts
         if each.version.number == newest and each.version.language == _language()),
        next(each for each in texts if each.version.number == newest),
    )  # fmt: skip
    same_language = [each for each in texts if each.version.language == shown.version.language]
    articles = articles_of(version_to_read(versions, shown.version.language))
    at = next((at for at, each in enumerate(articles) if each.eid == eid), None)
    now = timezone.now()
    consultations = public_consultations(subject)
    return render(request, "legislation/public/article.html", {
        "law": subject, "shown": shown, "slug": slug, "eid": eid,
        "name": version_name(shown.version),
        "is_gone": newest < versions[0].number,
        "others": [each for each in texts
                   if each.version.number == newest and each is not shown],
        "earlier": _earlier(same_language),
        "proposals": public_proposals(versions, eid), "answers": public_answers(subject, eid),
        "comments": article_counts(subject).get(slug, 0) if consultations else 0,
        "open_consultation": next(
            (each for each in consultations if each.state(now) == "open"), None
        ),
        "before": _neighbour(articles, at, -1), "after": _neighbour(articles, at, 1),
        "alternates": [(code, reverse("public_laws:article", args=[code, subject.pk, slug]))
                       for code, _name in settings.LANGUAGES],
    })  # fmt: skip


def _neighbour(articles: Sequence[object], at: int | None, step: int) -> tuple[str, str] | None:
    """Return label and slug of the article before or after one, where there is one."""
    place = -1 if at is None else at + step
    if not 0 <= place < len(articles):
        return None
    provision = articles[place]
    return str(provision), article_slug(provision.eid)  # type: ignore[attr-defined]  # provisions


@require_safe
def compare(request: HttpRequest, language: str, key: str) -> HttpResponse:
    """Lay two published versions beside one another; without a choice, the last two."""
    subject, versions = _law(key)
    pair = last_two(versions, _language())
    if request.GET.get("old"):
        pair = _named(versions, request.GET["old"]), _named(versions, request.GET.get("new", ""))
    if pair is None or pair[0].language != pair[1].language:
        raise Http404
    old, new = pair
    with_spelling = request.GET.get("spelling") == "yes"
    changes = changes_between(old, new)
    return render(request, "legislation/public/compare.html", {
        "law": subject, "old": old, "new": new,
        "old_name": version_name(old), "new_name": version_name(new),
        "is_inline": request.GET.get("view") == "inline", "with_spelling": with_spelling,
        "counts": counts_of(changes),
        "changes": changes_shown(changes, with_spelling=with_spelling),
    })  # fmt: skip


@require_safe
def feed(request: HttpRequest, language: str, key: str) -> HttpResponse:
    """Give the news of a law as an Atom feed; what did not change is said with 304."""
    subject, versions = _law(key)
    content, changed = feed_of(
        subject, versions, public_steps(subject), public_answers(subject), _language()
    )
    response: HttpResponse = HttpResponse(content, content_type=MIME)
    at = int(changed.timestamp())
    response["Last-Modified"] = http_date(at)
    answer = get_conditional_response(request, last_modified=at, response=response)
    return answer or response
