"""The guard of the desk: nobody passes without a full sign-in unless the view says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hiwar.accounts.access import PASSWORD, VISITOR, access_of
from hiwar.accounts.actions import sign_in
from hiwar.accounts.rules import permissions_of

if TYPE_CHECKING:
    from collections.abc import Callable

SEEN_EVERY_SECONDS = 60


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
