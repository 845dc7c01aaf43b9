"""Second factors: passkeys, the authenticator app, recovery codes on paper."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from hiwar.accounts.models import AuthenticatorApp, Passkey, RecoveryCode, User
from hiwar.accounts.queries import passkeys_of, second_factors
from hiwar.common import crypto
from hiwar.common.actions import audit
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

RECOVERY_CODES = 10
State = dict[str, Any]
logger = logging.getLogger(__name__)


class PasskeyRefused(Refused):
    """The browser's answer could not be verified."""

    code = "passkey_refused"
    message = _("The passkey could not be checked. Nothing was changed; please try again.")


class WrongAppCode(Refused):
    """The six digits do not belong to the secret that was shown."""

    code = "wrong_app_code"
    message = _(
        "These six digits do not fit. Check that the phone's clock is right, and try again."
    )


class LastSecondFactor(Refused):
    """The person would be left with a password alone."""

    code = "last_second_factor"
    message = _("This is the only second factor. Add another one before you remove it.")


class NobodyThere(Refused):
    """No account has this address."""

    code = "nobody_there"
    message = _("Nobody has an account with this address.")


def new_app_secret() -> bytes:
    """Return a secret for an authenticator app that is about to be set up."""
    return crypto.new_app_secret()


def app_address(user: User, secret: bytes, *, issuer: str) -> str:
    """Return the address an authenticator app reads from the picture."""
    label = quote(f"{issuer}:{user.email}")
    query = urlencode({"secret": crypto.app_secret_text(secret), "issuer": issuer})
    return f"otpauth://totp/{label}?{query}"


@transaction.atomic
def set_up_app(*, actor: User, secret: bytes, code: str, at: datetime) -> AuthenticatorApp:
    """Keep an authenticator app's secret once its first code proves that the app has it.

    Raises ``WrongAppCode``.
    """
    step = crypto.matching_step(secret, crypto.tidy_code(code), at.timestamp(), after=0)
    if step is None:
        raise WrongAppCode
    AuthenticatorApp.objects.filter(user=actor).delete()
    app = keep_app(user=actor, secret=secret, step=step, at=at)
    audit(actor, "accounts.user.set_up_app", actor, at=at)
    return app


def keep_app(*, user: User, secret: bytes, step: int, at: datetime) -> AuthenticatorApp:
    """Keep a secret, sealed for this person; ``step`` is the last one whose code was used."""
    app = AuthenticatorApp(
        user=user,
        sealed_secret=crypto.seal(secret, _place(user)),
        last_step=step,
        added_at=at,
    )
    app.save()
    return app


@transaction.atomic
def remove_app(*, actor: User, at: datetime) -> None:
    """Remove the authenticator app; raises ``LastSecondFactor`` when there is no passkey."""
    if not second_factors(actor).passkeys:
        raise LastSecondFactor
    AuthenticatorApp.objects.filter(user=actor).delete()
    audit(actor, "accounts.user.remove_app", actor, at=at)


@transaction.atomic
def use_app_code(*, user: User, code: str, at: datetime) -> bool:
    """Return whether the six digits are the app's; each is good for one use."""
    app = AuthenticatorApp.objects.select_for_update().filter(user=user).first()
    if app is None:
        return False
    try:
        secret = crypto.unseal(bytes(app.sealed_secret), _place(user))
    except InvalidTag:
        # Sealed under a key that is lost: the codes on paper still open the door.
        logger.warning("an authenticator app was sealed under another key")
        return False
    step = crypto.matching_step(secret, crypto.tidy_code(code), at.timestamp(), app.last_step)
    if step is None:
        return False
    app.last_step, app.used_at = step, at
    app.save(update_fields=["last_step", "used_at"])
    return True


def _place(user: User) -> str:
    return f"accounts_authenticatorapp|sealed_secret|{user.pk}"


@transaction.atomic
def renew_recovery_codes(*, actor: User, at: datetime) -> list[str]:
    """Make ten new recovery codes and return them: the only time they can be read."""
    codes = _new_recovery_codes(actor, at)
    audit(actor, "accounts.user.renew_recovery_codes", actor, at=at)
    return codes


@transaction.atomic
def let_person_in(*, email: str, at: datetime) -> list[str]:
    """Return new recovery codes of a person, made on the machine itself and logged as such.

    Raises ``NobodyThere``.
    """
    user = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if user is None:
        raise NobodyThere
    codes = _new_recovery_codes(user, at)
    audit(None, "accounts.user.renew_recovery_codes", user, at=at)
    return codes


def _new_recovery_codes(user: User, at: datetime) -> list[str]:
    RecoveryCode.objects.filter(user=user).delete()
    codes = [crypto.new_recovery_code() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, digest=_recovery_digest(user, code), made_at=at) for code in codes
    )
    return codes


@transaction.atomic
def use_recovery_code(*, user: User, code: str, at: datetime) -> bool:
    """Return whether this is one of the person's codes, and strike it off."""
    used = RecoveryCode.objects.filter(
        user=user, digest=_recovery_digest(user, code), used_at=None
    ).update(used_at=at)
    if used:
        audit(user, "accounts.user.use_recovery_code", user, at=at)
    return bool(used)


def _recovery_digest(user: User, code: str) -> str:
    """Digest without the secret key: the paper must still work after a change of keys."""
    return crypto.plain_digest(f"{user.pk}|{crypto.tidy_code(code)}")


def begin_passkey(*, actor: User) -> tuple[dict[str, Any], State]:
    """Return what the browser needs to make a passkey, and what must be kept to check it."""
    options, state = _server().register_begin(
        PublicKeyCredentialUserEntity(
            id=actor.pk.bytes, name=actor.email, display_name=str(actor.name)
        ),
        credentials=[_descriptor(passkey) for passkey in passkeys_of(actor)],
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options)["publicKey"], state


@transaction.atomic
def add_passkey(
    *, actor: User, state: State, response: Mapping[str, Any], name: str, at: datetime
) -> Passkey:
    """Keep a passkey the browser made; raises ``PasskeyRefused``."""
    try:
        registered = _server().register_complete(state, response)
    except (ValueError, KeyError, TypeError) as wrong:
        logger.info("Passkey refused: %s", type(wrong).__name__)
        raise PasskeyRefused from wrong
    credential = registered.credential_data
    if credential is None or Passkey.objects.filter(credential_id=credential.credential_id):
        raise PasskeyRefused
    passkey = Passkey(
        user=actor,
        name=name[:60],
        credential_id=bytes(credential.credential_id),
        credential_data=bytes(credential),
        sign_count=registered.counter,
        added_at=at,
    )
    passkey.save()
    audit(actor, "accounts.user.add_passkey", actor, at=at, changed={"name": passkey.name})
    return passkey


def begin_passkey_sign_in(*, user: User | None) -> tuple[dict[str, Any], State]:
    """Return what the browser needs to use a passkey; without a user, any of this site's."""
    known = [_descriptor(passkey) for passkey in passkeys_of(user)] if user else None
    options, state = _server().authenticate_begin(
        known, user_verification=UserVerificationRequirement.REQUIRED
    )
    return dict(options)["publicKey"], state


@transaction.atomic
def use_passkey(
    *, user: User | None, state: State, response: Mapping[str, Any], at: datetime
) -> User | None:
    """Return the active user whose passkey answered, or None.

    A signature counter that went back means that the passkey was copied: it is refused.
    """
    try:
        answer = AuthenticationResponse.from_dict(response)
    except (ValueError, KeyError, TypeError):
        return None
    passkey = Passkey.objects.select_for_update().filter(credential_id=answer.raw_id).first()
    if passkey is None or (user is not None and passkey.user_id != user.pk):
        return None
    credential = AttestedCredentialData(bytes(passkey.credential_data))
    try:
        _server().authenticate_complete(state, [credential], response)
    except (ValueError, KeyError, TypeError) as wrong:
        logger.info("Passkey refused: %s", type(wrong).__name__)
        return None
    count = answer.response.authenticator_data.counter
    went_back = (count or passkey.sign_count) and count <= passkey.sign_count
    if went_back or not passkey.user.is_active:
        return None
    passkey.sign_count, passkey.used_at = count, at
    passkey.save(update_fields=["sign_count", "used_at"])
    return passkey.user


@transaction.atomic
def remove_passkey(*, actor: User, passkey: Passkey, at: datetime) -> None:
    """Remove one of the person's own passkeys; raises ``LastSecondFactor``."""
    left = second_factors(actor)
    if not left.has_app and left.passkeys < 2:
        raise LastSecondFactor
    name = passkey.name
    Passkey.objects.filter(user=actor, pk=passkey.pk).delete()
    audit(actor, "accounts.user.remove_passkey", actor, at=at, changed={"name": name})


def _server() -> Fido2Server:
    """Return the verifier for the desk's own address, and for no other origin."""
    host = urlsplit(settings.DESK_ORIGIN).hostname or "localhost"
    return Fido2Server(
        PublicKeyCredentialRpEntity(id=host, name="Hiwar"),
        verify_origin=lambda origin: origin == settings.DESK_ORIGIN,
    )


def _descriptor(passkey: Passkey) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(
        type=PublicKeyCredentialType.PUBLIC_KEY, id=bytes(passkey.credential_id)
    )
