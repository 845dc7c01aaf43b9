"""The picture that is shown beside the address of a public page, drawn of what the page says."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.utils.encoding import iri_to_uri
from django.views.decorators.http import require_safe

from hiwar.publishing.exports.archive import Visitor
from hiwar.publishing.exports.share_card import share_card
from hiwar.publishing.queries.share_cards import card_of
from hiwar.publishing.views.keeping import kept_for_a_minute

if TYPE_CHECKING:
    from django.http import HttpRequest


def card_address(path: str) -> str:
    """Return the path of the card of a public page."""
    return f"/card{iri_to_uri(path.rstrip('/'))}.png"


@require_safe
@kept_for_a_minute
def card(request: HttpRequest, language: str, rest: str) -> HttpResponse:
    """Draw the card of a page that everybody reads now; of any other there is none.

    The page is asked for as a visitor, so that its words are those of this moment and a page that
    was withdrawn has no card left.
    """
    answer = Visitor().ask(f"/{language}{rest}/")
    if answer.status_code != HTTPStatus.OK or not isinstance(answer, HttpResponse):
        raise Http404
    words = card_of(answer.content, language, card_address(f"/{language}{rest}/"))
    if words is None:
        raise Http404
    return HttpResponse(share_card(words), content_type="image/png")
