"""The place tree at the desk: looked through, entered, changed, taken out as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.lists import Listing, list_page, words_of
from hiwar.common.desk.pages import attempt, attempt_and_say, paged, part_or_404
from hiwar.common.multilingual import installation_languages
from hiwar.common.tables import file_response, write_csv
from hiwar.places import rules
from hiwar.places.actions import places as act
from hiwar.places.desk.files import KIND
from hiwar.places.forms import PlaceForm
from hiwar.places.models import Place
from hiwar.places.queries.tree import matching, tree
from hiwar.places.queries.vocabularies import kind_name, level_name

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest, HttpResponse

PER_PAGE = 200


@needs(rules.can_change_places)
def list_places(request: HttpRequest) -> HttpResponse:
    """Show the tree, or the places that answer some words."""
    words = words_of(request)
    branches = tree()
    page = paged(request, matching(branches, words) if words else branches, PER_PAGE)
    rows = [
        {
            "branch": branch,
            "depth": "" if words else str(min(branch.depth, 4)),
            "what": _what(branch.place),
        }
        for branch in page["page"]
    ]  # fmt: skip
    listing = Listing(
        title=pgettext("part of the desk", "Places"), search=_("Name or code"),
        url=reverse("places:places"),
        everything=_("All places"), no_match=_("No place answers these words"),
        none_yet=_("No place is entered yet"),
        why=_("People, events and barriers stand in places, and tables count by them. A list of "
              "the country's districts and towns comes in as a spreadsheet."),
        new=(_("Enter a place"), reverse("places:new_place")),
        first=(_("Bring in a spreadsheet"), reverse("accounts:import_files", args=[KIND])),
    )  # fmt: skip
    return list_page(
        request, "places/places.html", listing, page=page, rows=rows, words=words, filters=[],
        chosen={}, count=len(branches),
    )  # fmt: skip


def _what(place: Place) -> str:
    return kind_name(place.kind) if place.kind else level_name(place.level)


@needs(rules.can_change_places)
def new(request: HttpRequest) -> HttpResponse:
    under = Place.objects.filter(code=request.GET.get("under", "")).first()
    form = PlaceForm(request.POST or None, initial={"parent": under.code if under else ""})
    return _place_page(request, form, None)


@needs(rules.can_change_places)
def edit(request: HttpRequest, key: str) -> HttpResponse:
    place = part_or_404(Place.objects.select_related("parent"), key)
    form = PlaceForm(request.POST or None, initial=PlaceForm.initial_of(place), place=place)
    return _place_page(request, form, place)


def _place_page(request: HttpRequest, form: forms.Form, place: Place | None) -> HttpResponse:
    if attempt_and_say(
        request,
        form,
        lambda: act.save_place(
            actor=me(request), place=place, values=form.cleaned_data, now=timezone.now()
        ),
        _("The place is saved."),
    ):
        return redirect("places:places")
    return form_page(
        request,
        form,
        title=_("Change the place") if place else _("Enter a place"),
        verb=_("Save the place"),
        lead=str(place.name) if place else "",
        back=reverse("places:places"),
        remove_url=reverse("places:remove_place", args=[place.pk]) if place else "",
        below=place.children.count() if place else 0,
        under_url=f"{reverse('places:new_place')}?under={place.code}" if place else "",
        template="places/form.html",
    )


@needs(rules.can_change_places)
@require_POST
def remove(request: HttpRequest, key: str) -> HttpResponse:
    place = part_or_404(Place.objects.all(), key)
    done = attempt(
        request,
        lambda: act.remove_place(actor=me(request), place=place, now=timezone.now()),
        _("The place is removed."),
    )
    return redirect("places:places") if done else redirect("places:place", place.pk)


@needs(rules.can_change_places)
def places_file(_request: HttpRequest) -> HttpResponse:
    """Give the tree as the list that comes in again."""
    languages = installation_languages()
    head = ["code", "level", "parent", *(f"name_{code}" for code in languages), "kind", "note"]
    branches = tree()
    codes = {branch.place.pk: branch.place.code for branch in branches}
    rows: list[list[str]] = [head]
    for branch in branches:
        place = branch.place
        parent = codes[place.parent_id] if place.parent_id else ""
        names = [place.name.get(code, "") for code in languages]
        rows.append([place.code, place.level, parent, *names, place.kind, place.note])
    return file_response(write_csv(rows), "places.csv")
