"""The shelf of pictures at the desk: brought in, described, where each stands, withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common import dates, jobs
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.lists import Listing, choice_of, filter_links, list_page
from hiwar.common.desk.pages import attempt, attempt_and_say, paged
from hiwar.common.files.pages import picture as shown
from hiwar.common.files.uploads import sent
from hiwar.publishing import rules
from hiwar.publishing.actions import pictures as act
from hiwar.publishing.forms.pictures import FocusForm, NewPictureForm, PictureForm
from hiwar.publishing.queries.pictures import (
    drawn_picture,
    files_left,
    items_with,
    lacks,
    pictures_for,
    rendition_of,
    with_thumbnail,
)

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hiwar.publishing.models import Picture

STYLES = ("publishing/pictures.css",)
# The side along which the picture stands where somebody clicks on it.
CLICKED_WIDTH = 280


@needs(rules.can_see_items)
def list_pictures(request: HttpRequest) -> HttpResponse:
    """List the pictures, the newest first, with what each still lacks."""
    user, today = me(request), dates.local_day(timezone.now())
    state = choice_of(request, "state", ("kept", "withdrawn"))
    every = with_thumbnail(pictures_for(user))
    if state:
        every = every.filter(withdrawn_at__isnull=state == "kept")
    page = paged(request, every)
    new = (_("New picture"), reverse("publishing:new_picture"))
    offered = new if rules.can_edit_items(user) else None
    listing = Listing(
        title=_("Pictures"), url=reverse("publishing:pictures"), everything=_("All pictures"),
        no_match=_("No picture matches"), none_yet=_("No picture is on the shelf yet"),
        why=_("A picture is drawn anew before anybody sees it, so that it does not tell where and"
              " when it was taken."),
        new=offered, first=offered,
    )  # fmt: skip
    states = [
        ("", pgettext("filter", "all"), None), ("kept", pgettext("pictures", "on the shelf"), None),
        ("withdrawn", pgettext("pictures", "withdrawn"), None),
    ]  # fmt: skip
    return list_page(
        request, "publishing/pictures.html", listing, page=page,
        rows=[(row, lacks(row, today)) for row in page["page"].object_list],
        filters=[("", filter_links("state", state, states))], chosen={"state": state},
        root=_root(),
    )  # fmt: skip


@needs(rules.can_edit_items)
def new(request: HttpRequest) -> HttpResponse:
    """Bring a picture in."""
    form = NewPictureForm(*sent(request))
    added: list[Picture] = []

    def add() -> None:
        said = dict(form.cleaned_data)
        added.append(act.add_picture(
            actor=me(request), sent=said.pop("file"), now=timezone.now(), **said
        ))  # fmt: skip

    if attempt_and_say(request, form, add, _("The picture is on the shelf; its sizes are drawn.")):
        return redirect("publishing:picture", added[0].code)
    return form_page(
        request, form, title=_("New picture"), verb=pgettext("a picture", "Bring in"),
        trail=_trail(),
    )  # fmt: skip


@needs(rules.can_edit_items)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change what is said of a picture."""
    subject = _picture_or_404(request, code)
    form = PictureForm(request.POST if request.method == "POST" else None, initial={
        name: getattr(subject, name) for name in act.WHAT_IS_SAID
    })  # fmt: skip
    if attempt_and_say(request, form, lambda: act.change_picture(
        actor=me(request), picture=subject, now=timezone.now(), **form.cleaned_data
    ), _("The picture is saved.")):  # fmt: skip
        return redirect("publishing:picture", code)
    address = reverse("publishing:picture", args=[code])
    return form_page(
        request, form, title=_("Describe the picture"), verb=_("Save"), back=address,
        trail=[*_trail(), (str(subject), address)],
    )  # fmt: skip


@needs(rules.can_see_items)
def picture(request: HttpRequest, code: str) -> HttpResponse:
    """Show a picture as it stands on a page, what it lacks, and where it stands."""
    user, subject = me(request), _picture_or_404(request, code)
    reasons = lacks(subject, dates.local_day(timezone.now()))
    return render(request, "publishing/picture.html", {
        "heading": str(subject), "picture": subject, "styles": STYLES,
        "shown": drawn_picture(subject, get_language() or "", _root()), "reasons": reasons,
        "items": items_with(user, subject), "files_left": files_left(subject),
        "may_edit": rules.can_edit_items(user) and subject.withdrawn_at is None,
        "job": jobs.state_of(f"publishing.picture {subject.pk}"), "clicked_width": CLICKED_WIDTH,
    })  # fmt: skip


@require_POST
@needs(rules.can_edit_items)
def focus(request: HttpRequest, code: str) -> HttpResponse:
    """Note on which point of the picture somebody clicked."""
    subject, form = _picture_or_404(request, code), FocusForm(request.POST)
    if form.is_valid():
        height = CLICKED_WIDTH * subject.height / subject.width
        x = min(100, round(100 * form.cleaned_data["x"] / CLICKED_WIDTH))
        y = min(100, round(100 * form.cleaned_data["y"] / height))
        attempt(request, lambda: act.change_picture(
            actor=me(request), picture=subject, now=timezone.now(), focus_x=x, focus_y=y
        ), _("The point is noted."))  # fmt: skip
    else:
        messages.error(request, str(form.non_field_errors()[0]))
    return redirect("publishing:picture", code)


@require_POST
@needs(rules.can_edit_items)
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Take a picture off every page and destroy its files."""
    subject = _picture_or_404(request, code)
    attempt(request, lambda: act.withdraw_picture(
        actor=me(request), picture=subject, now=timezone.now()
    ), _("The picture is withdrawn; nothing of it is left here."))  # fmt: skip
    return redirect("publishing:picture", code)


@needs(rules.can_see_items)
def rendition(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """Send a rendition to the desk, before the picture is public too."""
    row = rendition_of(code, name)
    if row is None:
        raise Http404
    try:
        answer = shown(reader=me(request), file=row.file)
    except PermissionDenied as nothing:
        raise Http404 from nothing
    answer["Cache-Control"] = "private, no-store"
    return answer


def _trail() -> list[tuple[object, str]]:
    return [(pgettext("the public site", "Site"), reverse("publishing:list")),
            (_("Pictures"), _root())]  # fmt: skip


def _root() -> str:
    return reverse("publishing:pictures")


def _picture_or_404(request: HttpRequest, code: str) -> Picture:
    return get_object_or_404(pictures_for(me(request)), code=code)
