"""Staff, roles, invitations, and the institution's profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts import queries, rules
from hiwar.accounts.access import me, needs, recently_confirmed
from hiwar.accounts.actions import people
from hiwar.accounts.desk import letters
from hiwar.accounts.forms import InstitutionForm, InviteForm, RolesForm
from hiwar.accounts.models import Invitation, User
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.pages import attempt
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse


@needs(rules.can_see_staff)
def staff(request: HttpRequest) -> HttpResponse:
    viewer = me(request)
    context = {
        "people": queries.staff(),
        "invitations": queries.open_invitations(timezone.now()),
        "may_invite": rules.can_invite_staff(viewer),
        "sees_factors": rules.can_see_second_factors(viewer),
    }
    return render(request, "accounts/staff.html", context)


@needs(rules.can_see_staff)
def person(request: HttpRequest, key: UUID) -> HttpResponse:
    viewer, subject = me(request), get_object_or_404(queries.staff(), pk=key)
    form = RolesForm(request.POST or None, initial={"roles": subject.roles.all()})
    if request.method == "POST" and form.is_valid():
        return _attempt(
            request,
            lambda: people.change_roles(
                actor=viewer, of=subject, roles=form.cleaned_data["roles"], at=timezone.now()
            ),
            _("The roles are saved."),
            subject,
        )
    context = {
        "subject": subject,
        "form": form,
        "may_change_roles": rules.can_change_roles(viewer),
        "may_close": rules.can_close_account(viewer, subject),
        "may_reset": rules.can_reset_second_factor(viewer, subject),
        "sees_factors": rules.can_see_second_factors(viewer),
    }
    return render(request, "accounts/person.html", context)


@require_POST
@needs(rules.can_invite_staff)
@recently_confirmed
def close(request: HttpRequest, key: UUID) -> HttpResponse:
    viewer, subject = me(request), get_object_or_404(User, pk=key)
    return _attempt(
        request,
        lambda: people.close_account(actor=viewer, of=subject, at=timezone.now()),
        _("The account is closed and signed out everywhere."),
        subject,
    )


@require_POST
@needs(rules.can_invite_staff)
@recently_confirmed
def reopen(request: HttpRequest, key: UUID) -> HttpResponse:
    viewer, subject = me(request), get_object_or_404(User, pk=key)
    return _attempt(
        request,
        lambda: people.reopen_account(actor=viewer, of=subject, at=timezone.now()),
        _("The account is open again."),
        subject,
    )


@require_POST
@needs(rules.can_see_second_factors)
@recently_confirmed
def reset_factor(request: HttpRequest, key: UUID) -> HttpResponse:
    viewer, subject = me(request), get_object_or_404(User, pk=key)
    return _attempt(
        request,
        lambda: people.reset_second_factor(actor=viewer, of=subject, at=timezone.now()),
        _("The second factor is reset. At the next sign-in a new one is set up."),
        subject,
    )


def _attempt(
    request: HttpRequest, act: Callable[[], object], done: str, subject: User
) -> HttpResponse:
    attempt(request, act, done)
    return redirect("accounts:person", key=subject.pk)


@needs(rules.can_invite_staff)
@recently_confirmed
def invite(request: HttpRequest) -> HttpResponse:
    form = InviteForm(request.POST or None, initial={"language": get_language()})
    if form.is_valid():
        try:
            with transaction.atomic():
                actor, now = me(request), timezone.now()
                invitation, token = people.invite(actor=actor, at=now, **form.cleaned_data)
                letters.post_invitation(invitation, token, actor, now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            context = {"invitation": invitation, "address": letters.invitation_address(token)}
            return render(request, "accounts/invited.html", context)
    staff = reverse("accounts:staff")
    return form_page(
        request, form, title=_("Invite somebody"), verb=_("Send the invitation"), back=staff,
        trail=[(_("Staff"), staff)],
    )  # fmt: skip


@require_POST
@needs(rules.can_invite_staff)
def withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    invitation = get_object_or_404(Invitation, pk=key)
    try:
        people.withdraw_invitation(actor=me(request), invitation=invitation, at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The invitation is withdrawn. Its link no longer works."))
    return redirect("accounts:staff")


@needs(rules.can_change_institution)
def institution(request: HttpRequest) -> HttpResponse:
    known = queries.the_institution()
    names = InstitutionForm.base_fields
    initial = {name: getattr(known, name) for name in names} if known else {}
    form = InstitutionForm(request.POST or None, initial=initial)
    if form.is_valid():
        return _save_institution(request, form)
    return form_page(
        request, form, title=_("Profile of the institution"), verb=_("Save and publish"),
        back=reverse("accounts:morning"),
    )  # fmt: skip


def _save_institution(request: HttpRequest, form: InstitutionForm) -> HttpResponse:
    try:
        people.change_institution(actor=me(request), changes=form.cleaned_data, at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The profile is saved and public."))
    return redirect("accounts:institution")
