"""What the desk's pages of the register share: finding, acting and saying so, paging."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hiwar.accounts.access import me
from hiwar.accounts.queries import readable_by
from hiwar.accounts.rules import can_erase_people
from hiwar.common.desk.lists import list_page
from hiwar.common.desk.pages import part_or_404
from hiwar.common.refusals import Refused
from hiwar.contacts import rules
from hiwar.contacts.models import Organisation, Person, Post
from hiwar.contacts.queries import organisations_for, posts_for
from hiwar.contacts.queries.people import person_by_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms

    from hiwar.common.desk.lists import Listing


def person_or_404(request: HttpRequest, key: str) -> Person:
    """Return a person the user may read; a merged one leads to what it became."""
    person = person_by_key(me(request), key)
    if person is None:
        raise Http404
    return person


def removed_person_or_404(request: HttpRequest, key: str) -> Person:
    """Return a person who was removed and whom the user may read."""
    people = Person.objects.filter(readable_by(me(request), Person)).exclude(removed_at=None)
    return part_or_404(people, key)


def organisation_or_404(request: HttpRequest, key: str) -> Organisation:
    """Return an organisation the user may read."""
    return part_or_404(organisations_for(me(request)), key)


def post_or_404(request: HttpRequest, key: str) -> Post:
    """Return a post the user may read."""
    return part_or_404(posts_for(me(request)), key)


def narrowed_by(request: HttpRequest) -> tuple[str, str, str]:
    """Return by which words, sector and language of letters the list of people is narrowed."""
    asked = request.GET
    return asked.get("q", "").strip()[:100], asked.get("sector", ""), asked.get("language", "")


def page(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    """Render a page of the register with what the user may do."""
    return render(request, f"contacts/{name}.html", {**context, **_permissions(request)})


def register_list(
    request: HttpRequest, name: str, listing: Listing, *, tab: str, **context: Any
) -> HttpResponse:
    """Render a list of the register in the frame of lists, under the tabs of the register."""
    context |= _permissions(request)
    return list_page(request, f"contacts/{name}.html", listing, tab=tab, **context)


def _permissions(request: HttpRequest) -> dict[str, bool]:
    user = request.user
    return {
        "may_edit": rules.can_edit_contact(user),
        "may_erase": can_erase_people(user),
        "may_merge": rules.can_merge_person(user),
        "may_import": rules.can_import_contact(user),
        "may_export": rules.can_export_contact(user),
        "may_see_private": rules.can_see_private_point(user),
    }


def form_page(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[dict[str, Any]], object],
    *,
    title: str,
    back: str,
    done: str = "",
    **context: Any,
) -> HttpResponse:
    """Show a form, act on it when it is right, and go back saying so."""
    if form.is_bound and form.is_valid():
        try:
            target = act(form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        except ValidationError as wrong:
            form.add_error(None, wrong.messages)
        else:
            messages.success(request, done or _("Saved."))
            return redirect(target if isinstance(target, str) else back)
    return page(request, "form", form=form, title=title, back=back, **context)
