from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from factories.accounts import InstitutionFactory, UserFactory
from hiwar.accounts import rules
from hiwar.accounts.actions import people
from hiwar.accounts.models import Institution, Invitation, Role, User
from hiwar.accounts.queries import second_factors, the_institution
from hiwar.common.models import AuditEntry

pytestmark = pytest.mark.django_db
PHRASE = "seven small brown goats"


def role(code):
    return Role.objects.get(code=code)


def invite(actor, now, code="researcher", email="basel@house.example"):
    return people.invite(
        actor=actor,
        email=email,
        name={"ar": "باسل حبيب"},
        role=role(code),
        language="ar",
        at=now,
    )


def test_roles_load_once_and_keep_what_the_institution_changed(roles, now):
    changed = role("media")
    changed.name = {"ar": "الناطق الرسمي"}
    changed.save()
    assert people.load_roles(at=now) == (0, 11)
    assert str(role("media").name["ar"]) == "الناطق الرسمي"


def test_every_role_is_named_in_both_languages_and_knows_its_permissions(roles):
    for one in Role.objects.all():
        assert set(one.name) == {"ar", "en"}
        assert set(one.permissions) <= set(rules.permission_labels())


def test_invitation_opens_one_account_in_its_role(director, now):
    _invitation, token = invite(director, now)
    user = people.accept_invitation(token=token, password=PHRASE, at=now)
    assert (user.email, str(user.name["ar"]), user.language) == (
        "basel@house.example",
        "باسل حبيب",
        "ar",
    )
    assert [one.code for one in user.roles.all()] == ["researcher"]
    assert not second_factors(user).has_any
    with pytest.raises(people.InvitationClosed):
        people.accept_invitation(token=token, password=PHRASE, at=now)


def test_token_is_kept_only_as_a_digest(director, now):
    invitation, token = invite(director, now)
    assert token not in str(Invitation.objects.filter(pk=invitation.pk).values())


def test_invitation_expires(director, now, settings):
    _invitation, token = invite(director, now)
    late = now + settings.INVITATION_LIFE
    with pytest.raises(people.InvitationClosed):
        people.find_invitation(token=token, at=late)
    assert people.find_invitation(token=token, at=late - timedelta(seconds=1))


def test_withdrawn_and_replaced_invitations_are_closed(director, now):
    _first, token = invite(director, now)
    second, newer = invite(director, now)
    for closed in (token, "nonsense"):
        with pytest.raises(people.InvitationClosed):
            people.find_invitation(token=closed, at=now)
    people.withdraw_invitation(actor=director, invitation=second, at=now)
    with pytest.raises(people.InvitationClosed):
        people.find_invitation(token=newer, at=now)


def test_weak_password_leaves_the_invitation_open(director, now):
    _invitation, token = invite(director, now)
    with pytest.raises(ValidationError):
        people.accept_invitation(token=token, password="password", at=now)
    assert people.find_invitation(token=token, at=now)


def test_nobody_is_invited_twice(director, now):
    with pytest.raises(people.AlreadyHasAccount):
        invite(director, now, email="SALMA@house.example")


def test_who_may_not_invite_is_refused(facilitator, outsider, now):
    for actor in (facilitator, outsider):
        with pytest.raises(people.NotAllowed):
            invite(actor, now)


def test_nobody_gives_a_power_they_do_not_hold(administrator, now):
    with pytest.raises(people.NotAllowed):
        invite(administrator, now, code="director")
    with pytest.raises(people.NotAllowed):
        people.change_roles(
            actor=administrator, of=administrator, roles=[role("admin"), role("director")], at=now
        )


def test_administrator_cannot_take_the_director_apart(administrator, director, now):
    for act in (people.close_account, people.reset_second_factor):
        with pytest.raises(people.NotAllowed):
            act(actor=administrator, of=director, at=now)
    with pytest.raises(people.NotAllowed):
        people.change_roles(actor=administrator, of=director, roles=[], at=now)


def test_change_of_roles_is_audited_with_before_and_after(director, facilitator, now):
    assert people.change_roles(actor=director, of=facilitator, roles=[role("media")], at=now)
    entry = AuditEntry.objects.get(verb="accounts.user.change_roles")
    assert entry.changed == {"roles": [["facilitator"], ["media"]]}
    assert not people.change_roles(actor=director, of=facilitator, roles=[role("media")], at=now)


def test_somebody_who_can_give_roles_is_always_left(director, now):
    with pytest.raises(people.LastAdministrator):
        people.change_roles(actor=director, of=director, roles=[], at=now)
    assert [one.code for one in director.roles.all()] == ["director"]


def test_closed_account_can_be_opened_again(director, facilitator, now):
    people.close_account(actor=director, of=facilitator, at=now)
    assert not User.objects.get(pk=facilitator.pk).is_active
    people.reopen_account(actor=director, of=facilitator, at=now)
    assert User.objects.get(pk=facilitator.pk).is_active


def test_reset_takes_every_second_factor(administrator, facilitator, now):
    people.reset_second_factor(actor=administrator, of=facilitator, at=now)
    assert not second_factors(facilitator).has_any
    with pytest.raises(people.NotAllowed):
        people.reset_second_factor(actor=administrator, of=administrator, at=now)


def test_profile_is_changed_by_who_may_and_says_when(director, facilitator, now):
    InstitutionFactory.create()
    changes = {"vision": {"en": "Everybody is heard"}}
    with pytest.raises(people.NotAllowed):
        people.change_institution(actor=facilitator, changes=changes, at=now)
    assert people.change_institution(actor=director, changes=changes, at=now)
    institution = the_institution()
    assert institution is not None
    assert (institution.modified_at, institution.vision["ar"]) == (now, "مجتمع يصغي")


def test_house_opens_once_with_a_link_for_the_director(db, now):
    token = people.open_house(
        name="House of Dialogue", email="salma@house.example", language="en", at=now
    )
    user = people.accept_invitation(token=token, password=PHRASE, at=now)
    assert rules.can_change_roles(user)
    assert str(Institution.objects.get().name["en"]) == "House of Dialogue"
    with pytest.raises(people.HouseIsOpen):
        people.open_house(name="x", email="y@house.example", language="en", at=now)


def test_rooms_add_permissions_that_roles_can_carry(roles, monkeypatch):
    monkeypatch.setattr(rules, "_permissions", dict(rules._permissions))
    one = role("media")
    one.permissions = ["rooms.open_window"]
    one.save()
    user = UserFactory.create(roles=["media"])
    assert not rules.has_permission(user, "rooms.open_window")
    rules.register_permissions({"rooms.open_window": "Open the window"})
    assert rules.has_permission(user, "rooms.open_window")


def test_closed_account_has_no_permission(director):
    director.is_active = False
    assert rules.permissions_of(director) == frozenset()


def test_permissions_that_a_later_version_brings_reach_roles_that_exist(roles, now):
    director = Role.objects.get(code="director")
    director.permissions = [one for one in director.permissions if one != "accounts.see_staff"]
    director.save()
    for role in Role.objects.all():
        role.permissions = [one for one in role.permissions if not one.startswith("asks.")]
        role.save()
    assert people.load_roles(at=now)[0] == 0
    director.refresh_from_db()
    assert "asks.edit" in director.permissions
    assert "accounts.see_staff" not in director.permissions
    media = Role.objects.get(code="media")
    assert "asks.see" in media.permissions
    assert "asks.edit" not in media.permissions
