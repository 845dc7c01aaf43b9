"""What a browser's session holds about signing in, read and written in one place."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import login, update_session_auth_hash
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from hiwar.accounts.actions import sign_in
from hiwar.accounts.models import User
from hiwar.common.crypto import digest, seal, unseal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

PENDING_SECONDS = 600
CHALLENGE, KNOWN = "hiwar_challenge", "hiwar_browser"
KNOWN_SECONDS = 180 * 24 * 3600
SIGN_IN_PATH = "/desk/"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def address_of(request: HttpRequest) -> str:
    """Return the address a request comes from; behind our own proxy, the one it names last."""
    if settings.TRUSTED_PROXY:
        forwarded = request.headers.get("X-Forwarded-For", "")
        return forwarded.rpartition(",")[2].strip() or "unknown"
    return str(request.META.get("REMOTE_ADDR", "unknown"))


def device_of(request: HttpRequest) -> str:
    """Return a browser and system in two words: enough to know one's own again, and no more."""
    agent = request.headers.get("User-Agent", "")
    browsers = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
    systems = (
        ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
        ("Mac OS", "macOS"), ("Linux", "Linux"),
    )  # fmt: skip
    browser = next((name for sign, name in browsers if sign in agent), "")
    system = next((name for sign, name in systems if sign in agent), "")
    return " · ".join(part for part in (browser, system) if part)


def next_of(request: HttpRequest) -> str:
    """Return where to go after signing in: an address of the desk, never another site's."""
    wished = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wished, allowed_hosts=None, require_https=request.is_secure()
    )
    return wished if is_ours and wished.startswith("/desk/") else reverse("accounts:morning")


def hand_out(response: HttpResponse, name: str, value: Any, seconds: int) -> None:
    """Keep something in a signed cookie of the browser, which only pages of signing in are sent."""
    response.set_signed_cookie(
        name,
        json.dumps(value),
        salt=f"hiwar.{name}",
        max_age=seconds,
        path=SIGN_IN_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def handed_back(request: HttpRequest, name: str, seconds: int) -> Any:
    """Return what the browser was given, or None where that is gone, too old or not ours."""
    kept = request.get_signed_cookie(name, default=None, salt=f"hiwar.{name}", max_age=seconds)
    try:
        return json.loads(kept) if kept else None
    except ValueError:
        return None


def remember_browser(response: HttpResponse, user: User) -> None:
    """Let this browser be told from others when somebody fails to sign in."""
    value = {"account": digest("browser", user.email.casefold()), "browser": uuid4().hex}
    hand_out(response, KNOWN, value, KNOWN_SECONDS)


def known_browser(request: HttpRequest, email: str) -> str:
    """Return the name of a browser in which this account signed in before; else nothing."""
    known = handed_back(request, KNOWN, KNOWN_SECONDS)
    if isinstance(known, dict) and known.get("account") == digest("browser", email.casefold()):
        return str(known.get("browser", ""))
    return ""


def keep_pending(request: HttpRequest, user: User, at: datetime) -> None:
    """Remember who gave a password and still owes the second factor."""
    request.session.cycle_key()
    request.session["pending"] = {"user": str(user.pk), "at": at.timestamp()}


def pending_user(request: HttpRequest, at: datetime) -> User | None:
    """Return who still owes the second factor, unless they took too long."""
    pending = request.session.get("pending")
    if not pending or at.timestamp() - pending["at"] > PENDING_SECONDS:
        return None
    return User.objects.filter(pk=pending["user"], is_active=True).first()


def open_session(request: HttpRequest, user: User, *, factor: str, at: datetime) -> None:
    """Sign somebody in; ``factor`` is what they proved themselves with beside the password."""
    request.session.pop("pending", None)
    login(request, user, backend=BACKEND)
    request.session.cycle_key()
    request.session["seen"] = at.timestamp()
    confirm(request, factor, at)
    sign_in.record_sign_in(
        user=user,
        session_key=request.session.session_key or "",
        device=device_of(request),
        method=factor or "password",
        at=at,
    )


def keep_after_password_change(request: HttpRequest, user: User) -> None:
    """Keep this browser signed in after the password changed, under a new session key."""
    before = request.session.session_key or ""
    update_session_auth_hash(request, user)
    sign_in.move_session(before=before, after=request.session.session_key or "")


def confirm(request: HttpRequest, factor: str, at: datetime) -> None:
    """Note that the second factor was given just now."""
    request.session["factor"] = factor
    request.session["confirmed"] = at.timestamp()


def put_away(request: HttpRequest, name: str, value: Any) -> None:
    """Keep something secret in the session: what lies in the database is sealed."""
    sealed = seal(json.dumps(value).encode(), f"session|{name}")
    request.session[name] = b64encode(sealed).decode()


def take_out(request: HttpRequest, name: str) -> Any:
    """Return what was put away, or None."""
    kept = request.session.get(name)
    return json.loads(unseal(b64decode(kept), f"session|{name}")) if kept else None


def show_once(
    request: HttpRequest,
    name: str,
    make: Callable[[], list[str]],
    page: tuple[str, dict[str, object]],
    leave_to: str,
) -> HttpResponse:
    """Show new codes until somebody says that they are kept; they cannot be read again.

    ``page`` is a template with what it says beside ``codes``; ``make`` is called when they are
    asked for, and the name of the page to go on to is ``leave_to``.
    """
    if request.method != "POST":
        template, context = page
        return render(request, template, {"codes": take_out(request, name), **context})
    if "kept" in request.POST:
        request.session.pop(name, None)
        return redirect(leave_to)
    put_away(request, name, make())
    return HttpResponseRedirect(request.path)
