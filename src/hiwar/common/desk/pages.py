"""What the pages of every desk do alike: act and say so, turn pages, read keys of addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import Http404

from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django import forms
    from django.db.models import Manager, Model, QuerySet
    from django.http import HttpRequest

One = TypeVar("One", bound="Model")
PER_PAGE = 25


def attempt(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Act and say so, or say in words why it was refused; return whether it was done."""
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
        return False
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
        return False
    if done:
        messages.success(request, done)
    return True


def attempt_with_form(form: forms.BaseForm, act: Callable[[], object]) -> bool:
    """Act on what a form says, and put a refusal above the form; return whether it was done."""
    try:
        act()
    except Refused as refused:
        form.add_error(None, str(refused))
    except ValidationError as wrong:
        form.add_error(None, wrong.messages)
    return form.is_valid()


def attempt_and_say(
    request: HttpRequest, form: forms.BaseForm, act: Callable[[], object], done: str
) -> bool:
    """Act once a form is whole, and say ``done``; return whether it was, or show the form again."""
    if not form.is_valid() or not attempt_with_form(form, act):
        return False
    messages.success(request, done)
    return True


@dataclass(frozen=True, slots=True)
class Pages:
    """Which page of a list is shown, of how many, and what a form keeps that jumps to another."""

    number: int
    count: int
    previous: str
    next: str
    kept: Sequence[tuple[str, str]]


def paged(request: HttpRequest, items: Any, per_page: int = PER_PAGE) -> dict[str, Any]:
    """Return a page of a list, and what the component *pagination* turns it with."""
    page: Page[Any] = Paginator(items, per_page).get_page(request.GET.get("page"))
    return {"page": page, "pages": pages_of(request, page.number, page.paginator.num_pages)}


def pages_of(request: HttpRequest, number: int, count: int) -> Pages:
    """Return how a list of ``count`` pages is turned from one of them."""
    kept = [
        (name, value) for name, values in request.GET.lists() if name != "page" for value in values
    ]
    return Pages(
        number,
        count,
        _address(request, number - 1) if number > 1 else "",
        _address(request, number + 1) if number < count else "",
        kept,
    )


def _address(request: HttpRequest, number: int) -> str:
    parameters = request.GET.copy()
    parameters["page"] = str(number)
    return f"?{parameters.urlencode()}"


def key_of(text: str) -> UUID | None:
    """Return a key from an address or a form; None when it is none, so that nothing is found."""
    try:
        return UUID(text)
    except ValueError:
        return None


def key_or_404(text: str) -> UUID:
    """Return a record's key from an address."""
    key = key_of(text)
    if key is None:
        raise Http404
    return key


def part_or_404(rows: QuerySet[One] | Manager[One], key: str) -> One:
    """Return a record by its key in an address; what is no key is not there."""
    return first_or_404(rows.filter(pk=key_or_404(key)))


def first_or_404(rows: QuerySet[One]) -> One:
    """Return the record that is left of those somebody may read, or answer 404."""
    record = rows.first()
    if record is None:
        raise Http404
    return record
