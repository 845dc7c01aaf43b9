"""One's own account: details, password, second factors, browsers signed in with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, open_after_password, recently_confirmed
from hiwar.accounts.actions import factors, sign_in
from hiwar.accounts.desk import sessions
from hiwar.accounts.forms import AppCodeForm, ChangePasswordForm, NewPasskeyForm, ProfileForm
from hiwar.accounts.models import SignedInSession
from hiwar.accounts.queries import passkeys_of, second_factors, sessions_of, the_institution
from hiwar.common.actions import update_record
from hiwar.common.crypto import app_secret_text
from hiwar.common.desk.frames import form_page
from hiwar.common.middleware import remember_language
from hiwar.common.printing import qr_code
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse


@open_after_password
def account(request: HttpRequest) -> HttpResponse:
    user = me(request)
    known = second_factors(user)
    if not known.has_any:
        return render(request, "accounts/second_factor_choice.html")
    context = {
        "person": user,
        "known": known,
        "passkeys": passkeys_of(user),
        "sessions": sessions_of(user, timezone.now() - settings.SESSION_IDLE),
        "this_session": request.session.session_key,
    }
    return render(request, "accounts/account.html", context)


def profile(request: HttpRequest) -> HttpResponse:
    user = me(request)
    initial = {"name": user.name, "duty": user.duty, "language": user.language}
    form = ProfileForm(request.POST or None, initial=initial)
    if not form.is_valid():
        trail = [(_("My account"), reverse("accounts:account"))]
        return form_page(request, form, title=_("Change details"), verb=_("Save"), trail=trail)
    update_record(actor=user, record=user, changes=form.cleaned_data, at=timezone.now())
    messages.success(request, _("Your details are saved."))
    response = redirect("accounts:account")
    remember_language(response, form.cleaned_data["language"])
    return response


@sensitive_post_parameters("current", "password", "again")
def password(request: HttpRequest) -> HttpResponse:
    user, now = me(request), timezone.now()
    form = ChangePasswordForm(request.POST or None)
    if form.is_valid():
        try:
            sign_in.check_password(
                email=user.email,
                password=form.cleaned_data["current"],
                address=sessions.address_of(request),
                at=now,
            )
            sign_in.change_password(
                actor=user,
                password=form.cleaned_data["password"],
                keep=request.session.session_key,
                at=now,
            )
        except ValidationError as weak:
            form.add_error("password", weak)
        except sign_in.WrongSignIn:
            form.add_error("current", _("This is not the current password."))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            sessions.keep_after_password_change(request, user)
            messages.success(
                request, _("The new password is set. You were signed out everywhere else.")
            )
            return redirect("accounts:account")
    trail = [(_("My account"), reverse("accounts:account"))]
    return form_page(
        request, form, title=_("Change password"), verb=_("Set the password"), trail=trail
    )


@open_after_password
@recently_confirmed
def app(request: HttpRequest) -> HttpResponse:
    """Set up an authenticator app: a picture to scan or a text to type, then its first code."""
    user, now = me(request), timezone.now()
    kept = sessions.take_out(request, "app_secret")
    secret = bytes.fromhex(kept) if kept else factors.new_app_secret()
    sessions.put_away(request, "app_secret", secret.hex())
    form = AppCodeForm(request.POST or None)
    if form.is_valid():
        try:
            factors.set_up_app(actor=user, secret=secret, code=form.cleaned_data["code"], at=now)
        except Refused as refused:
            form.add_error("code", str(refused))
        else:
            del request.session["app_secret"]
            return _after_first_factor(request, "app")
    address = factors.app_address(user, secret, issuer=str(the_institution() or "Hiwar"))
    text = app_secret_text(secret)
    context = {
        "form": form,
        "picture": qr_code(address, scale=5),
        "secret": " ".join(text[i : i + 4] for i in range(0, len(text), 4)),
    }
    return render(request, "accounts/app.html", context)


@open_after_password
@recently_confirmed
def passkey(request: HttpRequest) -> HttpResponse:
    """Add a passkey: the browser makes it, the form brings its answer."""
    user, now = me(request), timezone.now()
    form = NewPasskeyForm(request.POST or None)
    state = request.session.pop("new_passkey_state", None)
    if form.is_valid() and state:
        try:
            factors.add_passkey(actor=user, state=state, at=now, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return _after_first_factor(request, "passkey")
    options, request.session["new_passkey_state"] = factors.begin_passkey(actor=user)
    context = {
        "form": form,
        "options_json": json.dumps(options),
        "device": sessions.device_of(request),
    }
    return render(request, "accounts/passkey.html", context)


def _after_first_factor(request: HttpRequest, factor: str) -> HttpResponse:
    """Hand out recovery codes with the first second factor; nobody is left without paper."""
    user, now = me(request), timezone.now()
    sessions.confirm(request, factor, now)
    if second_factors(user).codes_left:
        messages.success(request, _("The second factor is added."))
        return redirect("accounts:account")
    codes = factors.renew_recovery_codes(actor=user, at=now)
    sessions.put_away(request, "codes", codes)
    return redirect("accounts:codes")


@recently_confirmed
def codes(request: HttpRequest) -> HttpResponse:
    """Show new recovery codes, once."""
    user, now = me(request), timezone.now()
    context = {"person": user, "known": second_factors(user), "made_at": now}
    return sessions.show_once(
        request, "codes", lambda: factors.renew_recovery_codes(actor=user, at=now),
        ("accounts/codes.html", context), "accounts:morning",
    )  # fmt: skip


@require_POST
@recently_confirmed
def remove_app(request: HttpRequest) -> HttpResponse:
    return _tell(
        request,
        lambda: factors.remove_app(actor=me(request), at=timezone.now()),
        _("The authenticator app is removed."),
    )


@require_POST
@recently_confirmed
def remove_passkey(request: HttpRequest, key: UUID) -> HttpResponse:
    user = me(request)
    chosen = get_object_or_404(passkeys_of(user), pk=key)
    return _tell(
        request,
        lambda: factors.remove_passkey(actor=user, passkey=chosen, at=timezone.now()),
        _("The passkey is removed."),
    )


@require_POST
def end_session(request: HttpRequest, key: UUID) -> HttpResponse:
    user = me(request)
    session = get_object_or_404(SignedInSession, pk=key, user=user)
    sign_in.end_session(actor=user, session=session, at=timezone.now())
    messages.success(request, _("That browser is signed out."))
    return redirect("accounts:account")


@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    user = me(request)
    sign_in.end_sessions(actor=user, of=user, keep=request.session.session_key, at=timezone.now())
    messages.success(request, _("All other browsers are signed out."))
    return redirect("accounts:account")


def _tell(request: HttpRequest, act: Callable[[], None], done: str) -> HttpResponse:
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("accounts:account")
