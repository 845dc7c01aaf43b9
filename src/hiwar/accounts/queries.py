"""Questions about people, roles, sessions and second factors."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.models import (
    AuthenticatorApp,
    Guarded,
    Institution,
    Invitation,
    Passkey,
    RecoveryCode,
    Role,
    SignedInSession,
    User,
)
from hiwar.accounts.rules import can_see_activity
from hiwar.common.dates import local_day
from hiwar.common.models import Visibility, VocabularyEntry
from hiwar.common.queries import activities, audit_entries
from hiwar.common.vocabularies.entries import label

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from typing import TypeAlias
    from uuid import UUID

    from django.contrib.auth.models import AnonymousUser
    from django_stubs_ext import WithAnnotations

    from hiwar.common.models import PrivateLink
    from hiwar.common.queries import Activity

# The private link that lets one person open an account.
INVITATION = "accounts.invitation"
# So many lines of changes are told at once, out of so many of the latest changes.
MOST = 10
LATEST = 200
VERBS = {
    "accounts.user.sign_in": _("signed in"),
    "accounts.user.sign_out": _("signed out"),
    "accounts.user.end_session": _("ended a session"),
    "accounts.user.pause_sign_in": _("was locked out after failed sign-ins"),
    "accounts.user.withdraw_links": _("withdrew links that nobody used"),
    "accounts.user.end_all_sessions": _("signed everybody out"),
    "common.key.see": _("began to use a key"),
    "accounts.user.update": _("changed details"),
    "common.erasure.ask": _("asked for an erasure"),
    "common.erasure.carry_out": _("erased somebody"),
    "common.erasure.take_back": _("took back the wish for an erasure"),
    "common.houseexport.ask": _("asked for everything of the house"),
    "common.houseexport.agree": _("let everything of the house go"),
    "common.houseexport.end": _("ended an export of the house"),
    "common.houseexport.export": _("took everything of the house along"),
    "accounts.user.make_pause_codes": _("made codes that pause the house"),
    "common.pause.pause": _("paused the house"),
    "common.pause.ask_to_resume": _("asked that the house goes on"),
    "common.pause.resume": _("let the house go on"),
    "accounts.job.retry": _("let a job be tried again"),
    "accounts.user.change_password": _("changed the password"),
    "accounts.user.change_roles": _("changed roles"),
    "accounts.user.close": _("closed an account"),
    "accounts.user.reopen": _("reopened an account"),
    "accounts.user.add_passkey": _("added a passkey"),
    "accounts.user.remove_passkey": _("removed a passkey"),
    "accounts.user.set_up_app": _("set up an authenticator app"),
    "accounts.user.remove_app": _("removed the authenticator app"),
    "accounts.user.renew_recovery_codes": _("made new recovery codes"),
    "accounts.user.use_recovery_code": _("used a recovery code"),
    "accounts.user.reset_second_factor": _("reset a second factor"),
    "accounts.user.accept_invitation": _("accepted an invitation"),
    "accounts.invitation.invite": _("sent an invitation"),
    "accounts.invitation.withdraw": _("withdrew an invitation"),
    "accounts.role.load": _("loaded a role"),
    "accounts.role.add": _("added a role"),
    "accounts.role.update": _("changed a role"),
    "accounts.role.remove": _("removed a role"),
    "accounts.institution.update": _("changed the institution's profile"),
    "accounts.institution.open": _("opened the house"),
    "common.vocabularyentry.word": _("worded an entry of a list"),
    "common.vocabularyentry.add": _("added an entry to a list"),
    "common.vocabularyentry.retire": _("retired an entry of a list"),
    "common.vocabularyentry.offer": _("offered an entry of a list again"),
    "common.vocabularyentry.order": _("put a list into another order"),
    "common.vocabularyentry.remove": _("took a change of a list back"),
    "common.storedfile.store": _("kept a file"),
    "common.storedfile.erase": _("destroyed a kept file"),
    "common.importrun.prepare": _("looked at a file"),
    "common.importrun.discard": _("threw a file away"),
    "common.importrun.confirm": _("brought a file in"),
    "common.importrun.undo": _("undid a file"),
}


class Protection(TypedDict):
    """What the list of staff says beside each person."""

    has_second_factor: bool


if TYPE_CHECKING:
    StaffSet: TypeAlias = QuerySet[WithAnnotations[User, Protection]]


@dataclass(frozen=True, slots=True)
class SecondFactors:
    """What a person can prove themselves with beside the password."""

    has_app: bool
    passkeys: int
    codes_left: int

    @property
    def has_any(self) -> bool:
        """Whether a sign-in can ask for a second factor; paper alone does not count."""
        return self.has_app or self.passkeys > 0


def the_institution() -> Institution | None:
    """Return the institution, or None before the installation has been furnished."""
    return Institution.objects.order_by("pk").first()


def institution_name(language: str = "", *, otherwise: str = "") -> str:
    """Return what the institution is called in a language, else in the reader's."""
    house = the_institution()
    if house is None:
        return otherwise
    return house.name.in_language(language) if language else str(house.name)


def is_institution_named() -> bool:
    """Return whether the institution has a name and a seat."""
    house = the_institution()
    return house is not None and bool(house.name) and bool(house.seat)


def has_colleagues() -> bool:
    """Return whether more than one person has an account, or is invited to one."""
    return User.objects.filter(is_active=True).count() > 1 or Invitation.objects.exists()


def second_factors(user: User) -> SecondFactors:
    """Return what the person has set up."""
    return SecondFactors(
        has_app=AuthenticatorApp.objects.filter(user=user).exists(),
        passkeys=Passkey.objects.filter(user=user).count(),
        codes_left=RecoveryCode.objects.filter(user=user, used_at=None).count(),
    )


def passkeys_of(user: User) -> QuerySet[Passkey]:
    """Return a person's passkeys, oldest first."""
    return Passkey.objects.filter(user=user).order_by("added_at", "pk")


def staff() -> StaffSet:
    """Return everybody with an account, in the order of joining, with roles and second factor."""
    return (
        User.objects.annotate(
            has_second_factor=Exists(Passkey.objects.filter(user=OuterRef("pk")))
            | Exists(AuthenticatorApp.objects.filter(user=OuterRef("pk")))
        )
        .prefetch_related("roles")
        .order_by("-is_active", "joined_at", "email", "pk")
    )


def staff_without_second_factor() -> StaffSet:
    """Return active people who signed in at most with a password."""
    return staff().filter(is_active=True, has_second_factor=False)


def people_who_may(permission: str) -> int:
    """Return how many active people hold a permission by one of their roles."""
    holders = User.objects.filter(is_active=True).values_list("pk", "roles__permissions")
    return len({key for key, held in holders if permission in (held or ())})


def people_holding(permission: str) -> list[User]:
    """Return the active people who hold a permission by one of their roles, who joined first."""
    people = User.objects.filter(is_active=True).prefetch_related("roles")
    return [
        person
        for person in people.order_by("joined_at", "pk")
        if any(permission in role.permissions for role in person.roles.all())
    ]


def user_by_email(email: str) -> User | None:
    """Return the active user with this address, whatever its capitals."""
    return User.objects.filter(email__iexact=email.strip(), is_active=True).first()


def roles() -> QuerySet[Role]:
    """Return the roles in the order of the institution."""
    return Role.objects.order_by("position", "code")


def holders_of_roles() -> dict[UUID, list[User]]:
    """Return the active people who have each role, by the key of the role."""
    held: dict[UUID, list[User]] = defaultdict(list)
    for person in User.objects.filter(is_active=True).prefetch_related("roles"):
        for role in person.roles.all():
            held[role.pk].append(person)
    return held


def invitation_behind(link: PrivateLink) -> Invitation | None:
    """Return the invitation that a private link opens."""
    return Invitation.objects.filter(private_link=link).select_related("role").first()


def language_of_invitation(invitation: Invitation) -> str:
    """Return the code of the language that somebody was invited in."""
    return str(invitation.language)


def open_invitations(at: datetime) -> QuerySet[Invitation]:
    """Return invitations whose link still works, newest first."""
    return (
        Invitation.objects.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=at)
        .select_related("role", "invited_by")
        .order_by("-invited_at", "pk")
    )


def sessions_of(user: User, since: datetime) -> QuerySet[SignedInSession]:
    """Return the browsers a person is signed in with and that were seen after ``since``."""
    return SignedInSession.objects.filter(user=user, seen_at__gt=since).order_by("-seen_at", "pk")


def signed_in(since: datetime) -> int:
    """Return how many people signed in after an instant and have not signed out."""
    open_sessions = SignedInSession.objects.filter(started_at__gt=since, user__is_active=True)
    return open_sessions.values("user").distinct().count()


def names_of_users(keys: Iterable[str]) -> dict[str, str]:
    """Return the names of users by key."""
    return {str(user.pk): str(user) for user in User.objects.filter(_keys(keys))}


def names_of_roles(keys: Iterable[str]) -> dict[str, str]:
    """Return the names of roles by key."""
    return {str(role.pk): str(role) for role in Role.objects.filter(_keys(keys))}


def names_of_invitations(keys: Iterable[str]) -> dict[str, str]:
    """Return whom invitations were for, by key."""
    return {
        str(invitation.pk): str(invitation.name)
        for invitation in Invitation.objects.filter(_keys(keys))
    }


def names_of_institutions(keys: Iterable[str]) -> dict[str, str]:
    """Return the institution's short name by key."""
    return {
        str(institution.pk): str(institution)
        for institution in Institution.objects.filter(_keys(keys))
    }


def names_of_vocabulary_entries(keys: Iterable[str]) -> dict[str, str]:
    """Return how changed entries of lists read, by key."""
    return {
        str(row.pk): label(row.vocabulary, row.code)
        for row in VocabularyEntry.objects.filter(_keys(keys))
    }


def _keys(keys: Iterable[str]) -> Q:
    return Q(pk__in=list(keys))


WIDE = (
    Visibility.INSTITUTION,
    Visibility.COALITION,
    Visibility.OFFICIAL,
    Visibility.PRESS,
    Visibility.PUBLIC,
)


def readable_by(user: User | AnonymousUser, model: type[Guarded], *, path: str = "") -> Q:
    """Return the filter that leaves only the guarded records a user may read.

    ``path`` is the look-up from the filtered rows to the guarded record, such as ``event__``.
    An outsider reads only what is for everybody.
    """
    if not user.is_authenticated:
        return Q(**{f"{path}visibility": Visibility.PUBLIC})
    named = model.readers.through._default_manager.filter(user_id=user.pk)
    keys = named.values(f"{model._meta.model_name}_id")
    return (
        Q(**{f"{path}visibility__in": WIDE})
        | Q(**{f"{path}owner": user.pk})
        | Q(**{f"{path}visibility": Visibility.TEAM, f"{path}pk__in": keys})
    )


def is_readable_by(user: User | AnonymousUser, record: Guarded) -> bool:
    """Return whether a user may read one guarded record."""
    kind = type(record)
    return kind._default_manager.filter(readable_by(user, kind), pk=record.pk).exists()


@dataclass(slots=True)
class Change:
    """What somebody did to something, once or several times; ``latest`` is the last time."""

    latest: Activity
    times: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since an instant: the latest ten lines, and how many changes are in none.

    ``log_url`` leads to the whole log, for who may open it.
    """

    since: datetime
    shown: list[Change]
    more: int
    log_url: str


def references_of(records: QuerySet[Any]) -> list[str]:
    """Return the text keys of records, which are those that the reader may read."""
    label = records.model._meta.label_lower
    return [f"{label}:{key}" for key in records.order_by().values_list("pk", flat=True)]


def changes_since(user: User, since: datetime | None, references: Iterable[str]) -> Changes | None:
    """Return what others changed of records since an instant; None where there is nothing to say.

    A room declares the text keys of what the reader may read. Of a record only the verbs of its own
    room are told: what another room notes beside it may be closed to the reader.
    """
    if since is None:
        return None
    by_room: dict[str, list[str]] = {}
    for reference in references:
        by_room.setdefault(reference.partition(".")[0], []).append(reference)
    of_records = Q(pk__in=())
    for room, keys in by_room.items():
        of_records |= Q(object__in=keys, verb__startswith=f"{room}.")
    entries = audit_entries().filter(of_records, at__gt=since).exclude(actor=user.reference)
    count = entries.count()
    if not count:
        return None
    lines: dict[tuple[str, str, str], Change] = {}
    for activity in activities(entries[:LATEST]):
        alike = (activity.entry.actor, activity.verb, activity.object)
        lines.setdefault(alike, Change(activity)).times += 1
    shown = list(lines.values())[:MOST]
    more = count - sum(line.times for line in shown)
    days = urlencode({"since": local_day(since).isoformat()})
    log_url = f"{reverse('accounts:activity')}?{days}" if can_see_activity(user) else ""
    return Changes(since, shown, more, log_url)
