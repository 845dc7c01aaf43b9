"""Media items at the desk: by day, tone, topic, and whether the institution is cited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hiwar.accounts.access import me, needs
from hiwar.common import dates
from hiwar.evidence import rules
from hiwar.evidence.actions import media as act
from hiwar.evidence.desk.lists import OF_MEDIA
from hiwar.evidence.desk.pages import FormPage, bound, form_page, library_list, record_or_404
from hiwar.evidence.forms.library import written_in
from hiwar.evidence.forms.media import MediaForm
from hiwar.evidence.models import MediaItem
from hiwar.evidence.queries.library import media_figures, media_for, topics_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

TONES = {"positive": "success", "neutral": "", "negative": "danger"}


def _at(item: MediaItem) -> str:
    return reverse("evidence:media_item", args=[item.pk])


@needs(rules.can_see_evidence)
def list_media(request: HttpRequest) -> HttpResponse:
    user = me(request)

    def shown(item: MediaItem) -> dict[str, object]:
        cites = _("cites the institution") if item.cites_institution else ""
        meta = [dates.day(item.published_on), item.outlet, item.topic, cites]
        return {
            "title": item.headline, "url": _at(item), "meta": [text for text in meta if text],
            "state": str(item.get_tone_display()), "tone": TONES[item.tone],
        }  # fmt: skip

    figures = media_figures(media_for(user))
    return library_list(request, MediaItem, "media", shown, {
        "title": _("Evidence"),
        "lead": _("What media published on what the institution works on."),
        "new_url": reverse("evidence:new_media_item"), "new_label": _("Enter a media item"),
        "list_url": reverse("accounts:import_files", args=[OF_MEDIA]),
        "list_label": _("Bring in a list"),
        "figures": [
            *({"label": label, "value": figures[code]} for code, label in MediaItem.Tone.choices),
            {"label": _("cite the institution"), "value": figures["cites"]},
        ] if figures["all"] else [],
        "empty_title": _("No media item is entered yet"),
        "empty_text": _("A media item says who published what on which day, in which tone, and "
                        "whether the institution is cited."),
        "topics": topics_of(media_for(user)),
    })  # fmt: skip


@needs(rules.can_edit_evidence)
def new(request: HttpRequest) -> HttpResponse:
    form = bound(
        request, MediaForm, reader=me(request), initial={"published_on": timezone.localdate()}
    )
    return form_page(
        request, form,
        lambda: act.add_media_item(
            actor=me(request), values=form.cleaned_data, now=timezone.now()
        ),
        FormPage(
            title=_("Enter a media item"), verb=_("Save the media item"),
            done=_("The media item is entered."), back=reverse("evidence:media"), after=_at,
        ),
    )  # fmt: skip


@needs(rules.can_see_evidence)
def media_item(request: HttpRequest, key: str) -> HttpResponse:
    subject = record_or_404(request, MediaItem, key)
    return render(request, "evidence/media_item.html", {
        "item": subject,
        "tone": TONES[subject.tone],
        "language": dict(written_in()).get(subject.language, subject.language),
        "may_edit": rules.can_edit_record(request.user, subject),
    })  # fmt: skip


@needs(rules.can_edit_evidence)
def edit(request: HttpRequest, key: str) -> HttpResponse:
    subject = record_or_404(request, MediaItem, key)
    initial = {name: getattr(subject, name) for name in MediaForm.base_fields}
    form = bound(request, MediaForm, reader=me(request), initial=initial)
    return form_page(
        request, form,
        lambda: act.update_media_item(
            actor=me(request), item=subject, values=form.cleaned_data, now=timezone.now()
        ),
        FormPage(
            title=_("Change the media item"), verb=_("Save the media item"),
            done=_("The media item is saved."), back=_at(subject), record=subject,
        ),
    )  # fmt: skip
