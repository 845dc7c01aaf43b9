from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from hiwar.common.models import PrivateLink, Record, Visibility
from hiwar.common.multilingual import MultilingualField, MultilingualText

if TYPE_CHECKING:
    from datetime import datetime


class Institution(Record):
    """The organisation that runs this installation: its name, aims and values. There is one."""

    is_the_one = models.BooleanField(default=True, editable=False, unique=True)
    name = MultilingualField(_("name"))
    short_name = MultilingualField(_("short name"))
    founded = models.PositiveSmallIntegerField(_("founded in"), null=True, blank=True)
    legal_form = MultilingualField(_("legal form"), blank=True)
    seat = MultilingualField(_("seat"), blank=True)
    vision = MultilingualField(_("vision"), blank=True, is_long=True)
    mission = MultilingualField(_("mission"), blank=True, is_long=True)
    work = MultilingualField(_("what the institution does"), blank=True, is_long=True)
    values = models.JSONField(_("values"), default=list, blank=True)
    pillars = models.JSONField(_("strategic pillars"), default=list, blank=True)
    modified_at = models.DateTimeField(_("last modified"))
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(is_the_one=True), name="accounts_institution_one"
            ),
        )

    def __str__(self) -> str:
        return str(self.short_name)

    @property
    def value_names(self) -> list[MultilingualText]:
        """The values the institution works by."""
        return [MultilingualText(value) for value in self.values]

    @property
    def pillar_names(self) -> list[tuple[MultilingualText, list[MultilingualText]]]:
        """The strategic pillars, each with its programmes."""
        return [
            (
                MultilingualText(pillar["name"]),
                [MultilingualText(programme["name"]) for programme in pillar.get("programmes", [])],
            )
            for pillar in self.pillars
        ]


class Role(Record):
    """A function in the institution, and the permissions that come with it."""

    code = models.SlugField(unique=True)
    name = MultilingualField(_("name"))
    permissions = models.JSONField(_("permissions"), default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.name)


class Users(BaseUserManager["User"]):
    """Users, found by e-mail address whatever its capitals."""

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the user with this address."""
        return self.get(email__iexact=username)


class User(Record, AbstractBaseUser):
    """A member of staff with a sign-in at the desk."""

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = MultilingualField(_("name"))
    duty = MultilingualField(_("duty"), blank=True)
    language = models.CharField(_("language"), max_length=12)
    roles = models.ManyToManyField(Role, related_name="+", blank=True)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False, editable=False)
    joined_at = models.DateTimeField()

    # Read once a request by the guard of the desk; elsewhere roles are asked each time.
    held_permissions: frozenset[str] | None = None

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = Users()

    class Meta:
        constraints = (models.UniqueConstraint(Lower("email"), name="accounts_user_email"),)

    def __str__(self) -> str:
        return str(self.name) or self.email


class Passkey(Record):
    """A second factor kept by a phone, a computer or a security key; it cannot be phished."""

    user = models.ForeignKey(User, models.CASCADE, related_name="passkeys")
    name = models.CharField(_("name"), max_length=60)
    credential_id = models.BinaryField(unique=True, max_length=1023)
    credential_data = models.BinaryField()
    sign_count = models.PositiveBigIntegerField(default=0)
    added_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class AuthenticatorApp(Record):
    """A second factor that shows six digits, new every thirty seconds."""

    user = models.OneToOneField(User, models.CASCADE, related_name="authenticator_app")
    sealed_secret = models.BinaryField()
    last_step = models.BigIntegerField(default=0)
    added_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user_id}"


class RecoveryCode(Record):
    """A second factor on paper, good for one sign-in; only its digest is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "digest"], name="accounts_recovery_code"),
        )

    def __str__(self) -> str:
        return f"{self.user_id}"


class PauseCode(Record):
    """A code on paper that pauses the house once, without signing in; only its digest is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="pause_codes")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user_id}"


class Invitation(Record):
    """A link that lets one person open an account in one role, once, for some days."""

    email = models.EmailField(_("e-mail address"), max_length=254)
    name = MultilingualField(_("name"))
    role = models.ForeignKey(Role, models.PROTECT, related_name="+", verbose_name=_("role"))
    language = models.CharField(_("language"), max_length=12)
    private_link = models.OneToOneField(
        PrivateLink, models.PROTECT, related_name="+", editable=False
    )
    invited_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.email

    def is_open(self, at: datetime) -> bool:
        """Return whether the link can still be used."""
        return self.accepted_at is None and self.withdrawn_at is None and at < self.expires_at


class SignedInSession(Record):
    """A browser in which somebody is signed in."""

    user = models.ForeignKey(User, models.CASCADE, related_name="signed_in_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=120)
    method = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.device


class Look(Record):
    """When somebody last looked at a record, and before that visit; theirs alone."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    # A text key, as in the log: the ground floor does not know the rooms above it.
    record = models.CharField(max_length=150)
    looked_at = models.DateTimeField()
    before = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "record"], name="accounts_look_once"),
        )

    def __str__(self) -> str:
        return self.record


class Throttle(Record):
    """Failed sign-ins of one account or one network, kept by a keyed digest of its name."""

    digest = models.CharField(max_length=64, unique=True)
    failures = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()
    paused_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.digest[:8]


class Guarded(Record):
    """Base of what not all staff may read: a visibility, an owner, and the colleagues named.

    Every question about guarded records goes through ``accounts.queries.readable_by``.
    """

    visibility = models.CharField(
        _("who may read it"), max_length=12, choices=Visibility, default=Visibility.INSTITUTION
    )
    owner = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    readers = models.ManyToManyField(
        User, related_name="+", blank=True, verbose_name=_("named colleagues")
    )

    class Meta:
        abstract = True
