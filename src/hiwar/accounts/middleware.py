"""Who passes: the guard of the desk, and the house that stands still."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hiwar.accounts.access import ACTS_IN_PAUSE, PASSWORD, VISITOR, access_of
from hiwar.accounts.actions import sign_in
from hiwar.accounts.rules import can_pause_house, permissions_of
from hiwar.common import pauses
from hiwar.common.views import paused

if TYPE_CHECKING:
    from collections.abc import Callable

SEEN_EVERY_SECONDS = 60
READING = ("GET", "HEAD", "OPTIONS")
POST_FORM = re.compile(
    rb"""<form\b(?=[^>]*\bmethod=["']?post)[^>]*>.*?</form>""", re.DOTALL | re.IGNORECASE
)
PAGES = ("text/html", "application/json")


class StandStill:
    """While the house is paused, let everybody read what is public, and nothing else happen.

    What would change anything is refused, private links are closed, and forms of public pages give
    way to a sentence. At the desk only those who can end the pause stay, with the acts they may
    need; nothing leaves it as a file. The state is read from the database once in `pauses.FRESH`
    seconds at most. It stands before the check of the origin, so that nobody is told of a
    forgery who is to be told of a pause.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hand the request on, and take out of the answer what does not go out in a pause."""
        pauses.refresh()
        if not pauses.known().is_paused:
            return self.get_response(request)
        if request.path.startswith("/desk/") and request.method in READING:
            return self._without_files(request)
        return _without_forms(self.get_response(request))

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_args: Any
    ) -> HttpResponse | None:
        """Refuse before the view runs."""
        standing = pauses.known()
        if not standing.is_paused:
            return None
        if getattr(view, "purpose", ""):
            return paused(request, standing)
        at_desk = request.path.startswith("/desk/")
        if at_desk and request.user.is_authenticated and not can_pause_house(request.user):
            logout(request)
            return paused(request, standing)
        is_act = request.method not in READING
        name = request.resolver_match.view_name if request.resolver_match else ""
        if is_act and name not in ACTS_IN_PAUSE:
            return paused(request, standing)
        return None

    def _without_files(self, request: HttpRequest) -> HttpResponse:
        """Answer at the desk; a file is not handed over, nor noted as if it had been."""
        with transaction.atomic():
            response = self.get_response(request)
            kind = response.headers.get("Content-Type", "").partition(";")[0]
            is_file = "Content-Disposition" in response or response.streaming
            if response.status_code != 200 or not (is_file or kind not in PAGES):
                return response
            transaction.set_rollback(True)
        # Not `close`, which would say that the request is over.
        for close in response._resource_closers:  # type: ignore[attr-defined]  # no other way
            close()
        return paused(request, pauses.known())


def _without_forms(response: HttpResponse) -> HttpResponse:
    """Put a sentence where a public page would take something in."""
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    if not is_page or response.streaming or not POST_FORM.search(response.content):
        return response
    words = render_to_string("common/_paused_form.html", {"since": pauses.known().since})
    response.content = POST_FORM.sub(lambda _form: words.encode(), response.content)
    for name in ("ETag", "Last-Modified"):
        response.headers.pop(name, None)
    response.headers["Cache-Control"] = "no-store"
    # The page of votes is kept on phones: not this one.
    response.headers["Retry-After"] = str(pauses.COME_AGAIN)
    if "Content-Length" in response:
        response.headers["Content-Length"] = str(len(response.content))
    return response


class DeskGuard:
    """Deny by default: every address under ``/desk/`` asks for password and second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the decision falls when the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_args: Any
    ) -> HttpResponse | None:
        """Send away who may not enter, and end a session that lay idle."""
        if not request.path.startswith("/desk/"):
            return None
        if request.user.is_authenticated and _lay_idle(request):
            logout(request)
            messages.info(request, _("You were signed out because nothing happened for a while."))
        access = access_of(view)
        if access == VISITOR:
            return None
        if not request.user.is_authenticated:
            return _redirect("accounts:sign_in", request)
        # The menu and the page ask dozens of times; roles change between requests.
        request.user.held_permissions = permissions_of(request.user)
        if request.session.get("factor") or access == PASSWORD:
            return None
        return HttpResponseRedirect(reverse("accounts:account"))


def _lay_idle(request: HttpRequest) -> bool:
    now = timezone.now()
    seen = request.session.get("seen", 0)
    idle = now.timestamp() - seen
    if idle > settings.SESSION_IDLE.total_seconds():
        return True
    if idle > SEEN_EVERY_SECONDS:
        request.session["seen"] = now.timestamp()
        sign_in.note_seen(session_key=request.session.session_key or "", at=now)
    return False


def _redirect(name: str, request: HttpRequest) -> HttpResponse:
    back = request.get_full_path() if request.method == "GET" else reverse("accounts:morning")
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': back})}")
