"""What of forums is offered to full text, to dossiers and to the activity log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from hiwar.common import dates
from hiwar.common.search.sources import Document, seen_among
from hiwar.common.search.sources import Source as Findable
from hiwar.dossiers.queries.extension_points import Facet, LinkedRecord, TimelineEntry
from hiwar.forums import rules
from hiwar.forums.models import Forum
from hiwar.forums.queries.forums import forums_for, public_forums

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from hiwar.accounts.models import User
    from hiwar.dossiers.models import Dossier

TONES = {"planned": "notice", "approved": "primary", "closed": ""}
VERBS = {
    "forums.forum.start": gettext_lazy("began a forum"),
    "forums.forum.restart": gettext_lazy("took up a forum again"),
    "forums.forum.update": gettext_lazy("changed a forum"),
    "forums.forum.state": gettext_lazy("gave a forum another state"),
    "forums.target.set": gettext_lazy("set a floor of a forum"),
    "forums.target.remove": gettext_lazy("took a floor out of a forum"),
    "forums.stage.add": gettext_lazy("added a stage to a forum"),
    "forums.stage.update": gettext_lazy("changed a stage of a forum"),
    "forums.stage.move": gettext_lazy("moved a stage of a forum"),
    "forums.stage.remove": gettext_lazy("took a stage out of a forum"),
}


def timeline(user: User, dossier: Dossier) -> Iterator[TimelineEntry]:
    """Yield when the forums of a dossier were approved and closed, and when a decision is due."""
    for forum in forums_for(user).filter(dossier=dossier):
        url = reverse("forums:forum", args=[forum.code])
        for at, words in ((forum.approved_at, _("A forum begins")),
                          (forum.closed_at, _("A forum is closed"))):  # fmt: skip
            if at:
                yield TimelineEntry(
                    on=dates.local_day(at), kind="forum", label=_("Policy forum"), icon="strategy",
                    title=str(forum.title), url=url, state=words, tone="info",
                )  # fmt: skip
        if forum.decision_on and forum.is_open:
            yield TimelineEntry(
                on=forum.decision_on, kind="forum", label=_("Policy forum"), icon="strategy",
                title=str(forum.title), url=url, state=_("decision due"), is_expected=True,
            )  # fmt: skip


def facets(user: User, dossier: Dossier) -> Iterator[Facet]:
    """Yield the forums of a dossier."""
    if not rules.can_see_forums(user):
        return
    may_plan = rules.can_plan_forums(user)
    yield Facet(
        kind="forums", label=_("Policy forums"), icon="strategy",
        items=tuple(
            LinkedRecord(
                str(forum), reverse("forums:forum", args=[forum.code]),
                str(forum.get_state_display()), TONES[forum.state],
            )
            for forum in forums_for(user).filter(dossier=dossier)
        ),
        url=reverse("forums:list"),
        new_url=f"{reverse('forums:new')}?dossier={dossier.pk}" if may_plan else "",
    )  # fmt: skip


def document_of_forum(forum: Forum) -> Document:
    """Return what can be found of a forum: its title, question, options and background."""
    body: dict[str, str] = {}
    for text in (forum.question, forum.options, forum.background, forum.on_the_table):
        for language, words in dict(text).items():
            body[language] = f"{body.get(language, '')}\n{words}".strip()
    return Document(forum.pk, dict(forum.title), body)


def _documents() -> Iterator[Document]:
    for forum in Forum.objects.order_by("pk").iterator():
        yield document_of_forum(forum)


def _at(key: UUID) -> str:
    return reverse("forums:forum", args=[Forum.objects.get(pk=key).code])


def _at_public(key: UUID) -> str:
    return reverse("public_forums:forum", args=[get_language(), Forum.objects.get(pk=key).code])


FORUM, PUBLIC = "forums.forum", "forums.public"
# Who reads forums at the desk finds each once.
_SEEN_IN_PUBLIC = seen_among(
    lambda _reader: public_forums(), lambda reader: not rules.can_see_forums(reader)
)
SOURCES = (
    Findable(
        FORUM,
        gettext_lazy("Policy forums"),
        _documents,
        seen_among(forums_for, rules.can_see_forums),
        _at,
        33,
    ),
    Findable(PUBLIC, gettext_lazy("Policy forums"), _documents, _SEEN_IN_PUBLIC, _at_public, 33),
)
