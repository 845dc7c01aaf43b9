"""Roles: who may do what, side by side, and each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts import queries, rules
from hiwar.accounts.access import me, needs, recently_confirmed
from hiwar.accounts.actions import roles as act
from hiwar.accounts.forms import RoleForm
from hiwar.accounts.models import Role
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.pages import attempt, attempt_and_say

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse


@needs(rules.can_see_staff)
def roles(request: HttpRequest) -> HttpResponse:
    listed = list(queries.roles())
    held = queries.holders_of_roles()
    known = rules.permission_labels()
    context = {
        "roles": [
            {
                "role": role,
                "permissions": sum(code in known for code in role.permissions),
                "people": held.get(role.pk, []),
            }
            for role in listed
        ],
        "groups": [
            (
                group,
                [
                    (label, [(role, code in role.permissions) for role in listed])
                    for code, label in group.permissions.items()
                ],
            )
            for group in rules.permission_groups()
        ],
        "width": len(listed) + 1,
        "may_change": rules.can_change_roles(request.user),
    }
    return render(request, "accounts/roles.html", context)


@needs(rules.can_change_roles)
@recently_confirmed
def add(request: HttpRequest) -> HttpResponse:
    form = _form(request, name=None, held=())
    if form.is_bound and attempt_and_say(
        request,
        form,
        lambda: act.add_role(
            actor=me(request), name=form.cleaned_data["name"], permissions=form.permissions,
            at=timezone.now(),
        ),
        _("The role is added. Give it to somebody on their page."),
    ):  # fmt: skip
        return redirect("accounts:roles")
    return form_page(
        request, form, title=_("Add a role"), verb=_("Save the role"), trail=_above(),
        template="accounts/role.html",
    )  # fmt: skip


@needs(rules.can_change_roles)
@recently_confirmed
def role(request: HttpRequest, key: UUID) -> HttpResponse:
    subject = get_object_or_404(Role, pk=key)
    known = rules.permission_labels()
    form = _form(
        request, name=subject.name, held=[code for code in subject.permissions if code in known]
    )
    if form.is_bound and attempt_and_say(
        request,
        form,
        lambda: act.update_role(
            actor=me(request), role=subject, name=form.cleaned_data["name"],
            permissions=form.permissions, seen=form.shown, at=timezone.now(),
        ),
        _("The role is saved. It holds from the next page that its people open."),
    ):  # fmt: skip
        return redirect("accounts:roles")
    people = queries.holders_of_roles().get(subject.pk, [])
    return form_page(
        request, form, title=_("Change the role"), verb=_("Save the role"), trail=_above(),
        template="accounts/role.html", lead=subject.name, subject=subject, people=people,
    )  # fmt: skip


@require_POST
@needs(rules.can_change_roles)
@recently_confirmed
def remove(request: HttpRequest, key: UUID) -> HttpResponse:
    subject = get_object_or_404(Role, pk=key)
    gone = attempt(
        request,
        lambda: act.remove_role(actor=me(request), role=subject, at=timezone.now()),
        _("The role is removed."),
    )
    return redirect("accounts:roles") if gone else redirect("accounts:role", subject.pk)


def _form(request: HttpRequest, *, name: object, held: Collection[str]) -> RoleForm:
    return RoleForm(request.POST or None, groups=rules.permission_groups(), name=name, held=held)


def _above() -> list[tuple[object, str]]:
    return [(_("Staff"), reverse("accounts:staff")), (_("Roles"), reverse("accounts:roles"))]
