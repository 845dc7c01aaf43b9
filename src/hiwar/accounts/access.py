"""How a view of the desk says who may enter; without a word, only a full sign-in may."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from hiwar.accounts.models import User

View = Callable[..., HttpResponse]
VISITOR, PASSWORD, FULL = "visitor", "password", "full"
# What is done at the desk while the house is paused: signing in and out, one's own factors,
# closing doors, and the pause itself. Everything else waits.
ACTS_IN_PAUSE = frozenset(
    f"accounts:{name}"
    for name in (
        "sign_in", "second_factor", "confirm", "sign_out", "account", "password", "app",
        "remove_app", "passkey", "remove_passkey", "codes", "end_session", "end_sessions",
        "end_all_sessions", "withdraw_forgotten", "withdraw", "close", "reset_factor",
        "danger", "danger_codes", "pause_by_code", "ask_to_resume", "resume",
    )
)  # fmt: skip


def me(request: HttpRequest) -> User:
    """Return the user the guard of the desk has let in."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


def open_to_visitors(view: View) -> View:
    """Let anybody in: the doors of signing in themselves."""
    view.desk_access = VISITOR  # type: ignore[attr-defined]  # read by the guard
    return view


def open_after_password(view: View) -> View:
    """Let in who gave a password and has no second factor yet."""
    view.desk_access = PASSWORD  # type: ignore[attr-defined]  # read by the guard
    return view


def access_of(view: View) -> str:
    """Return who may enter a view: by default only a full sign-in."""
    return getattr(view, "desk_access", FULL)


def needs(rule: Callable[[User | AnonymousUser], bool]) -> Callable[[View], View]:
    """Refuse with 403 whoever a rule does not let in."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not rule(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.desk_rule = rule  # type: ignore[attr-defined]  # read by the matrix test
        return guarded

    return decorate


def recently_confirmed(view: View) -> View:
    """Ask for the second factor again when it was given long ago.

    A form that is sent back gets some more time than a page that is opened, so that filling it
    in does not lose it.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        factor = request.session.get("factor")
        age = timezone.now().timestamp() - request.session.get("confirmed", 0)
        allowed = settings.CONFIRMATION_LIFE.total_seconds() * (
            3 if request.method == "POST" else 1
        )
        if factor and age > allowed:
            back = request.path if request.method == "GET" else reverse("accounts:account")
            return HttpResponseRedirect(
                f"{reverse('accounts:confirm')}?{urlencode({'next': back})}"
            )
        return view(request, *args, **kwargs)

    return guarded
