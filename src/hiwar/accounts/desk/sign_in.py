"""Signing in and out, and the two links that bring people in: invitation and new password."""

from __future__ import annotations

import json

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlsafe_base64_decode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, open_after_password, open_to_visitors
from hiwar.accounts.actions import factors, people, sign_in
from hiwar.accounts.desk import letters, sessions
from hiwar.accounts.forms import CodeForm, ForgotForm, NewPasswordForm, PasskeyForm, SignInForm
from hiwar.accounts.models import Invitation, User
from hiwar.accounts.queries import INVITATION, second_factors
from hiwar.common.links.pages import behind_link, closed_page
from hiwar.common.middleware import remember_language
from hiwar.common.refusals import Refused


@open_to_visitors
@sensitive_post_parameters("password")
def enter(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(sessions.next_of(request))
    if "response" in request.POST:
        return _enter_by_passkey(request)
    form = SignInForm(request.POST or None)
    if form.is_valid():
        now = timezone.now()
        try:
            user = sign_in.check_password(
                **form.cleaned_data,
                address=sessions.address_of(request),
                at=now,
                browser=sessions.known_browser(request, form.cleaned_data["email"]),
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return _after_password(request, user)
    options, state = factors.begin_passkey_sign_in(user=None)
    context = {"form": form, "options_json": json.dumps(options), "next": sessions.next_of(request)}
    response = render(request, "accounts/sign_in.html", context)
    # In a cookie and not in a session: whoever only looks writes no row that votes would wait for.
    sessions.hand_out(response, sessions.CHALLENGE, state, sessions.PENDING_SECONDS)
    return response


def _after_password(request: HttpRequest, user: User) -> HttpResponse:
    now = timezone.now()
    if second_factors(user).has_any:
        sessions.keep_pending(request, user, now)
        request.session["next"] = sessions.next_of(request)
        return redirect("accounts:second_factor")
    sessions.open_session(request, user, factor="", at=now)
    return _in_own_language(redirect("accounts:account"), user)


def _enter_by_passkey(request: HttpRequest) -> HttpResponse:
    """Let a passkey stand for both factors: it has the device, and the finger or number."""
    now, form = timezone.now(), PasskeyForm(request.POST)
    state = sessions.handed_back(request, sessions.CHALLENGE, sessions.PENDING_SECONDS)
    user = None
    if form.is_valid() and state:
        user = factors.use_passkey(
            user=None, state=state, response=form.cleaned_data["response"], at=now
        )
    if user is None:
        messages.error(request, str(factors.PasskeyRefused()))
        return redirect("accounts:sign_in")
    target = sessions.next_of(request)
    sessions.open_session(request, user, factor="passkey", at=now)
    return _in_own_language(HttpResponseRedirect(target), user)


@open_to_visitors
def second_factor(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    user = sessions.pending_user(request, now)
    if user is None:
        return redirect("accounts:sign_in")
    form = CodeForm(request.POST if "code" in request.POST else None)
    if request.method == "POST":
        factor = _prove(request, user, form)
        if factor:
            target = request.session.get("next") or reverse("accounts:morning")
            sessions.open_session(request, user, factor=factor, at=now)
            _warn_of_last_codes(request, user, factor)
            return _in_own_language(HttpResponseRedirect(target), user)
    return _ask_second_factor(request, user, form, "accounts/second_factor.html")


def confirm(request: HttpRequest) -> HttpResponse:
    """Ask again for the second factor before something that must not be done by a passer-by."""
    form = CodeForm(request.POST if "code" in request.POST else None)
    if request.method == "POST":
        factor = _prove(request, me(request), form)
        if factor:
            sessions.confirm(request, factor, timezone.now())
            return HttpResponseRedirect(sessions.next_of(request))
    return _ask_second_factor(request, me(request), form, "accounts/confirm.html")


def _ask_second_factor(
    request: HttpRequest, user: User, form: CodeForm, template: str
) -> HttpResponse:
    known = second_factors(user)
    options: dict[str, object] | None = None
    if known.passkeys:
        options, request.session["passkey_state"] = factors.begin_passkey_sign_in(user=user)
    context = {
        "form": form,
        "options": options,
        "options_json": json.dumps(options),
        "known": known,
        "next": sessions.next_of(request),
    }
    return render(request, template, context)


def _prove(request: HttpRequest, user: User, form: CodeForm) -> str | None:
    """Return the factor that was proved; otherwise leave the refusal in the form."""
    now = timezone.now()
    passkey = PasskeyForm(request.POST)
    state = request.session.pop("passkey_state", None)

    def proof() -> str | None:
        if "response" in request.POST:
            answer = passkey.cleaned_data["response"] if passkey.is_valid() and state else {}
            used = factors.use_passkey(user=user, state=state or {}, response=answer, at=now)
            return "passkey" if used else None
        code = form.cleaned_data["code"]
        if factors.use_app_code(user=user, code=code, at=now):
            return "app"
        return "recovery" if factors.use_recovery_code(user=user, code=code, at=now) else None

    if "response" not in request.POST and not form.is_valid():
        return None
    try:
        return sign_in.check_second_factor(
            user=user, address=sessions.address_of(request), at=now, prove=proof
        )
    except Refused as refused:
        if form.is_bound:
            form.add_error(None, str(refused))
        else:
            messages.error(request, str(factors.PasskeyRefused()))
        return None


def _warn_of_last_codes(request: HttpRequest, user: User, factor: str) -> None:
    left = second_factors(user).codes_left
    if factor == "recovery" and left <= 3:
        messages.warning(
            request,
            ngettext(
                "%(left)d recovery code is left. Make and print new ones.",
                "%(left)d recovery codes are left. Make and print new ones.",
                left,
            )
            % {"left": left},
        )


def _in_own_language(response: HttpResponse, user: User) -> HttpResponse:
    if user.language in dict(settings.LANGUAGES):
        remember_language(response, user.language)
    sessions.remember_browser(response, user)
    return response


@open_after_password
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    sign_in.record_sign_out(
        user=me(request), session_key=request.session.session_key or "", at=timezone.now()
    )
    logout(request)
    response = redirect("accounts:sign_in")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@open_to_visitors
def forgot(request: HttpRequest) -> HttpResponse:
    form = ForgotForm(request.POST or None)
    if form.is_valid():
        now, email = timezone.now(), form.cleaned_data["email"]
        if letters.may_send(email, now):
            letters.post_password_request(email, now)
        return render(request, "accounts/forgot_sent.html")
    return render(request, "accounts/forgot.html", {"form": form})


@open_to_visitors
@sensitive_post_parameters("password", "again")
def reset(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """Set a new password by link; the second factor is asked for all the same."""
    user = _user_of_key(key)
    if user is None or not default_token_generator.check_token(user, token):
        return render(request, "accounts/link_closed.html", status=410)
    form = NewPasswordForm(request.POST or None)
    if form.is_valid():
        try:
            sign_in.change_password(
                actor=user, password=form.cleaned_data["password"], at=timezone.now()
            )
        except ValidationError as weak:
            form.add_error("password", weak)
        else:
            messages.success(request, _("The new password is set. Sign in with it now."))
            return redirect("accounts:sign_in")
    return render(request, "accounts/reset.html", {"form": form})


def _user_of_key(key: str) -> User | None:
    try:
        return User.objects.filter(pk=urlsafe_base64_decode(key).decode(), is_active=True).first()
    except (ValueError, ValidationError):
        return None


@open_to_visitors
@sensitive_post_parameters("password", "again")
@behind_link(INVITATION, takes_answers=True)
def accept(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    now = timezone.now()
    if not invitation.is_open(now):  # it ends at an hour, its link at the end of that day
        return closed_page(request, is_known=True)
    form = NewPasswordForm(request.POST or None)
    if form.is_valid():
        try:
            user = people.accept_invitation(
                token=token, password=form.cleaned_data["password"], at=now
            )
        except ValidationError as weak:
            form.add_error("password", weak)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            logout(request)
            sessions.open_session(request, user, factor="", at=now)
            return _in_own_language(redirect("accounts:account"), user)
    return render(request, "accounts/accept.html", {"form": form, "invitation": invitation})
