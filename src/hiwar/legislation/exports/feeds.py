"""The news of a law as an Atom feed: versions as they are published, steps as they are recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from hiwar.accounts.queries import institution_name
from hiwar.common.dates import day as written_day
from hiwar.legislation.queries.public import article_slug, version_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hiwar.legislation.models import Law, LawVersion, LegislativeStep, OfficialAnswer

MIME = "application/atom+xml; charset=utf-8"
LONGEST = 100


def feed_of(
    law: Law, versions: Sequence[LawVersion], steps: Sequence[LegislativeStep],
    answers: Sequence[OfficialAnswer], language: str,
) -> tuple[str, datetime]:  # fmt: skip
    """Return the feed of a law in a language, and the instant of its latest news."""
    home = f"{settings.PUBLIC_ORIGIN}{reverse('public_laws:law', args=[language, law.pk])}"
    own = f"{settings.PUBLIC_ORIGIN}{reverse('public_laws:feed', args=[language, law.pk])}"
    feed = Atom1Feed(
        title=law.title.in_language(language), link=home, description="", language=language,
        feed_url=own, feed_guid=f"urn:uuid:{law.pk}", author_name=institution_name(),
    )  # fmt: skip
    languages = dict(settings.LANGUAGES)
    news: list[tuple[datetime, str, str, str, str]] = []
    for version in versions:
        name = str(languages.get(version.language, version.language))
        title = _("Version %(number)s is published (%(language)s)") % {
            "number": version.number, "language": name,
        }  # fmt: skip
        page = reverse("public_laws:text", args=[language, law.pk, version_name(version)])
        about = f"{version.get_authority_display()} · {written_day(version.dated_on)}"
        news.append((version.published_at or version.added_at, title, page, about, str(version.pk)))
    for step in steps:
        happened = written_day(step.happened_on) if step.happened_on else _("day not known")
        about = f"{happened} · {step.get_evidence_display()}"
        page = reverse("public_laws:law", args=[language, law.pk])
        news.append((step.recorded_at, str(step), page, about, str(step.pk)))
    for answer in answers:
        title = _("Official answer: %(body)s") % {"body": answer.body}
        place = [language, law.pk, *([article_slug(answer.eid)] if answer.eid else [])]
        page = reverse("public_laws:article" if answer.eid else "public_laws:law", args=place)
        about = f"{written_day(answer.answered_on)} · {answer.text.in_language(language)}"
        news.append((answer.recorded_at, title, page, about, str(answer.pk)))
    news.sort(key=lambda entry: entry[0], reverse=True)
    for at, title, page, about, key in news[:LONGEST]:
        feed.add_item(
            title=title, link=f"{settings.PUBLIC_ORIGIN}{page}", description=about,
            unique_id=f"urn:uuid:{key}", updateddate=at, pubdate=at,
        )  # fmt: skip
    return feed.writeString("utf-8"), news[0][0] if news else law.created_at
