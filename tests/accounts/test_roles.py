"""Roles: side by side, changed at the desk, and what nobody may do to them."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from factories.accounts import UserFactory, sign_in_fully
from hiwar.accounts import rules
from hiwar.accounts.actions import people
from hiwar.accounts.actions import roles as act
from hiwar.accounts.models import Role
from hiwar.common.models import AuditEntry

pytestmark = pytest.mark.django_db
NAME = {"ar": "منسقة المتطوعين", "en": "Volunteer coordinator"}


@pytest.fixture
def admin(roles):
    return UserFactory.create(roles=["admin"])


def role(code: str) -> Role:
    return Role.objects.get(code=code)


def sent(subject: Role, *, without=(), more=(), seen=None) -> dict[str, object]:
    """What the form of a role sends when some boxes are changed."""
    chosen = set(subject.permissions) - set(without) | set(more)
    fields: dict[str, object] = {
        f"permissions_{group.code}": [code for code in group.permissions if code in chosen]
        for group in rules.permission_groups()
    }
    names = {f"name_{language}": str(words) for language, words in subject.name.items()}
    return fields | names | {"seen": " ".join(seen if seen is not None else subject.permissions)}


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_permission_of_every_role_stands_side_by_side(client, director, language):
    sign_in_fully(client, director)
    page = client.get(reverse("accounts:roles"), {"language": language}, follow=True)
    html = page.content.decode()
    table = html[html.index("<table") : html.index("</table>")]
    assert table.count('scope="row"') == len(rules.permission_labels())
    carried = sum(
        code in rules.permission_labels() for one in Role.objects.all() for code in one.permissions
    )
    assert table.count('class="may"') == carried
    rooms = re.findall(r'scope="rowgroup"[^>]*>([^<]+)<', table)
    assert len(rooms) == len({code.partition(".")[0] for code in rules.permission_labels()})
    assert len(set(rooms)) == len(rooms)


def test_role_is_changed_at_the_desk_and_holds_at_once(client, director):
    subject, colleague = role("media"), UserFactory.create(roles=["media"])
    assert not rules.has_permission(colleague, "asks.edit")
    sign_in_fully(client, director)
    address = reverse("accounts:role", args=[subject.pk])
    assert str(colleague.name) in client.get(address).content.decode()
    answer = client.post(address, sent(subject, more=["asks.edit"]))
    assert answer.status_code == 302
    assert rules.has_permission(colleague, "asks.edit")
    entry = AuditEntry.objects.get(verb="accounts.role.update")
    before, after = entry.changed["permissions"]
    assert set(after) - set(before) == {"asks.edit"}


def test_saving_a_role_as_it_is_writes_nothing(client, director):
    subject = role("media")
    sign_in_fully(client, director)
    client.post(reverse("accounts:role", args=[subject.pk]), sent(subject))
    assert not AuditEntry.objects.filter(verb="accounts.role.update").exists()
    assert role("media").permissions == subject.permissions


def test_who_changed_the_role_first_is_not_overwritten(client, director, now):
    subject = role("media")
    seen = list(subject.permissions)
    act.update_role(
        actor=director, role=subject, name=subject.name, permissions=[*seen, "asks.edit"],
        seen=seen, at=now,
    )  # fmt: skip
    sign_in_fully(client, director)
    answer = client.post(
        reverse("accounts:role", args=[subject.pk]), sent(subject, more=["papers.edit"], seen=seen)
    )
    assert answer.status_code == 200
    assert "error-summary" in answer.content.decode()
    assert set(role("media").permissions) == {*seen, "asks.edit"}


def test_nobody_gives_or_takes_a_power_over_accounts_that_they_lack(admin, director, now):
    lacking = set(rules.permission_groups()[0].permissions) - set(role("admin").permissions)
    assert lacking
    power = min(lacking)
    for subject, wanted in (
        (role("media"), [*role("media").permissions, power]),
        (role("director"), [code for code in role("director").permissions if code != power]),
    ):
        with pytest.raises(people.NotAllowed):
            act.update_role(
                actor=admin, role=subject, name=subject.name, permissions=wanted,
                seen=subject.permissions, at=now,
            )  # fmt: skip
    with pytest.raises(people.NotAllowed):
        act.add_role(actor=admin, name=NAME, permissions=[power], at=now)


def test_role_without_the_right_is_refused(client, facilitator):
    sign_in_fully(client, facilitator)
    subject = role("facilitator")
    for name, args in (("role", [subject.pk]), ("add_role", []), ("remove_role", [subject.pk])):
        answer = client.post(
            reverse(f"accounts:{name}", args=args), sent(subject, more=["accounts.erase"])
        )
        assert answer.status_code == 403
    assert "accounts.erase" not in role("facilitator").permissions


def test_house_keeps_somebody_who_gives_roles(director, now):
    UserFactory.create(roles=["admin"], is_active=False)
    subject = role("director")
    with pytest.raises(people.LastAdministrator):
        act.update_role(
            actor=director, role=subject, name=subject.name, seen=subject.permissions, at=now,
            permissions=[code for code in subject.permissions if code != "accounts.change_roles"],
        )  # fmt: skip
    assert "accounts.change_roles" in role("director").permissions


def test_permission_of_one_role_alone_is_not_taken_so_that_no_upgrade_gives_it_back(director, now):
    alone = next(
        code
        for code in role("director").permissions
        if sum(code in one.permissions for one in Role.objects.all()) == 1
    )
    subject = role("director")
    rest = [code for code in subject.permissions if code != alone]
    with pytest.raises(act.PermissionOfNobody) as refused:
        act.update_role(
            actor=director, role=subject, name=subject.name, permissions=rest,
            seen=subject.permissions, at=now,
        )  # fmt: skip
    assert str(rules.permission_labels()[alone]) in str(refused.value)
    act.add_role(actor=director, name=NAME, permissions=[alone], at=now)
    assert act.update_role(
        actor=director, role=subject, name=subject.name, permissions=rest,
        seen=subject.permissions, at=now,
    )  # fmt: skip
    people.load_roles(at=now)
    assert alone not in role("director").permissions


def test_codes_of_a_room_that_is_not_here_are_kept(director, now):
    subject = role("media")
    subject.permissions = [*subject.permissions, "elsewhere.see"]
    subject.save()
    seen = [code for code in subject.permissions if code in rules.permission_labels()]
    act.update_role(
        actor=director, role=subject, name=NAME, permissions=seen[1:], seen=seen, at=now
    )
    assert "elsewhere.see" in role("media").permissions
    assert dict(role("media").name) == NAME


def test_added_role_is_given_and_a_role_that_somebody_has_stays(client, director, now):
    sign_in_fully(client, director)
    answer = client.post(
        reverse("accounts:add_role"),
        {"name_ar": NAME["ar"], "name_en": NAME["en"], "permissions_events": ["events.see"]},
    )
    assert answer.status_code == 302
    added = Role.objects.get(code__startswith="role-")
    assert added.permissions == ["events.see"]
    colleague = UserFactory.create(roles=["media"])
    people.change_roles(actor=director, of=colleague, roles=[added], at=now)
    client.post(reverse("accounts:remove_role", args=[added.pk]))
    assert Role.objects.filter(pk=added.pk).exists()
    people.change_roles(actor=director, of=colleague, roles=[role("media")], at=now)
    client.post(reverse("accounts:remove_role", args=[added.pk]))
    assert not Role.objects.filter(pk=added.pk).exists()
    assert AuditEntry.objects.filter(verb="accounts.role.remove").count() == 1


def test_role_that_came_with_the_house_stays(director, now):
    with pytest.raises(act.RoleOfTheFile):
        act.remove_role(actor=director, role=role("finance_viewer"), at=now)


def test_unknown_code_is_refused(client, director):
    subject = role("media")
    sign_in_fully(client, director)
    fields = sent(subject) | {"permissions_asks": ["asks.everything"]}
    answer = client.post(reverse("accounts:role", args=[subject.pk]), fields)
    assert answer.status_code == 200
    assert role("media").permissions == subject.permissions


def test_role_needs_a_name(client, director):
    sign_in_fully(client, director)
    answer = client.post(reverse("accounts:add_role"), {"name_ar": "", "name_en": ""})
    assert answer.status_code == 200
    assert "error-summary" in answer.content.decode()
    assert not Role.objects.filter(code__startswith="role-").exists()
