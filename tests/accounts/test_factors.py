from __future__ import annotations

from datetime import timedelta

import pytest

from factories.accounts import SECRET, UserFactory
from hiwar.accounts.actions import factors
from hiwar.accounts.models import AuthenticatorApp, Passkey, RecoveryCode
from hiwar.accounts.queries import second_factors
from hiwar.common import crypto
from hiwar.common.models import AuditEntry

pytestmark = pytest.mark.django_db


def digits(now, secret=SECRET):
    return crypto.app_code(secret, int(now.timestamp()) // 30)


def test_app_is_kept_only_after_its_first_code(outsider, now):
    person = UserFactory.create(app=False)
    secret = factors.new_app_secret()
    with pytest.raises(factors.WrongAppCode):
        factors.set_up_app(actor=person, secret=secret, code="000000", at=now)
    assert not second_factors(person).has_any
    factors.set_up_app(actor=person, secret=secret, code=digits(now, secret), at=now)
    assert second_factors(person).has_app


def test_app_secret_is_sealed_in_the_database(director):
    kept = bytes(AuthenticatorApp.objects.get(user=director).sealed_secret)
    assert SECRET not in kept


def test_app_secret_copied_to_another_person_does_not_open(director, facilitator, now):
    stolen = AuthenticatorApp.objects.get(user=director).sealed_secret
    AuthenticatorApp.objects.filter(user=facilitator).update(sealed_secret=stolen)
    assert not factors.use_app_code(user=facilitator, code=digits(now), at=now)


def test_app_code_is_good_for_one_use(director, now):
    assert factors.use_app_code(user=director, code=digits(now), at=now)
    assert not factors.use_app_code(user=director, code=digits(now), at=now)
    later = now + timedelta(seconds=30)
    assert factors.use_app_code(user=director, code=digits(later), at=later)


def test_app_code_typed_in_arabic_digits_fits(director, now):
    arabic = digits(now).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert factors.use_app_code(user=director, code=arabic, at=now)


def test_somebody_without_an_app_has_no_code(now):
    assert not factors.use_app_code(user=UserFactory.create(app=False), code="123456", at=now)


def test_recovery_code_is_good_for_one_use_and_kept_as_a_digest(director, now):
    codes = factors.renew_recovery_codes(actor=director, at=now)
    assert len(codes) == len(set(codes)) == 10
    kept = " ".join(RecoveryCode.objects.values_list("digest", flat=True))
    assert not any(crypto.tidy_code(code) in kept for code in codes)
    assert factors.use_recovery_code(user=director, code=codes[3].lower(), at=now)
    assert not factors.use_recovery_code(user=director, code=codes[3], at=now)
    assert second_factors(director).codes_left == 9


def test_recovery_code_is_worth_nothing_to_another_person(director, facilitator, now):
    codes = factors.renew_recovery_codes(actor=director, at=now)
    assert not factors.use_recovery_code(user=facilitator, code=codes[0], at=now)


def test_recovery_codes_outlive_a_change_of_the_secret_key(director, now, settings):
    codes = factors.renew_recovery_codes(actor=director, at=now)
    settings.SECRET_KEY = "another" * 10
    assert factors.use_recovery_code(user=director, code=codes[0], at=now)


def test_new_codes_make_old_ones_worthless(director, now):
    old = factors.renew_recovery_codes(actor=director, at=now)
    factors.renew_recovery_codes(actor=director, at=now)
    assert not factors.use_recovery_code(user=director, code=old[0], at=now)
    assert second_factors(director).codes_left == 10


def passkey(user, now):
    return Passkey.objects.create(
        user=user, name="Phone", credential_id=b"id", credential_data=b"data", added_at=now
    )


def test_last_second_factor_cannot_be_removed(director, now):
    with pytest.raises(factors.LastSecondFactor):
        factors.remove_app(actor=director, at=now)
    key = passkey(director, now)
    factors.remove_app(actor=director, at=now)
    with pytest.raises(factors.LastSecondFactor):
        factors.remove_passkey(actor=director, passkey=key, at=now)
    assert second_factors(director).passkeys == 1


def test_paper_alone_is_no_second_factor(now):
    person = UserFactory.create(app=False)
    factors.renew_recovery_codes(actor=person, at=now)
    assert not second_factors(person).has_any


@pytest.mark.parametrize("answer", [{}, {"id": "x"}, {"rawId": 3, "response": {}}])
def test_nonsense_in_place_of_a_passkey_is_refused(director, now, answer):
    _options, state = factors.begin_passkey(actor=director)
    with pytest.raises(factors.PasskeyRefused):
        factors.add_passkey(actor=director, state=state, response=answer, name="x", at=now)
    assert factors.use_passkey(user=None, state={}, response=answer, at=now) is None
    assert not Passkey.objects.exists()


def test_no_secret_reaches_the_audit_log(director, now):
    codes = factors.renew_recovery_codes(actor=director, at=now)
    factors.use_recovery_code(user=director, code=codes[0], at=now)
    said = " ".join(str(entry.changed) for entry in AuditEntry.objects.all())
    assert not any(code in said for code in codes)
