"""Signing in, in a real browser: app, passkey, paper, lock-out, invitation; and without scripts."""

from __future__ import annotations

import base64
import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from factories.accounts import PASSWORD, SECRET, InstitutionFactory, UserFactory
from factories.channels import letters_due
from hiwar.accounts.actions import factors, people
from hiwar.accounts.models import Passkey, User
from hiwar.accounts.queries import second_factors
from hiwar.common import crypto
from hiwar.common.models import AuditEntry

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHRASE = "seven small brown goats"


@pytest.fixture
def house(transactional_db, now):
    InstitutionFactory.create()
    people.load_roles(at=now)


def person(**given: object) -> User:
    """Return somebody who reads the desk in English."""
    return UserFactory.create(language="en", **given)


def code_now(secret: bytes = SECRET) -> str:
    """Wait out the last seconds of a step, so that the code is still good when it arrives."""
    while time.time() % 30 > 25:
        time.sleep(0.5)
    return crypto.app_code(secret, int(time.time()) // 30)


def give_password(page: Page, email: str, password: str = PASSWORD) -> None:
    page.goto("/desk/sign-in/?language=en")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def give_code(page: Page, code: str) -> None:
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Continue").click()


def at_the_desk(page: Page) -> bool:
    page.get_by_role("heading", name="Due today").wait_for()
    return page.url.endswith("/desk/")


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def test_password_and_app(house, window: BrowserContext):
    director = person(roles=["director"])
    page = window.new_page()
    give_password(page, director.email)
    assert heading(page) == "Second factor"
    give_code(page, "000 000")
    expect(page.get_by_text("This code does not fit")).to_be_visible()
    give_code(page, code_now())
    assert at_the_desk(page)


def test_first_sign_in_sets_up_an_app_and_prints_codes(house, window: BrowserContext):
    newcomer = person(roles=["media"], app=False)
    page = window.new_page()
    give_password(page, newcomer.email)
    assert heading(page) == "Set up a second factor"
    page.goto("/desk/staff/")
    assert heading(page) == "Set up a second factor"
    page.get_by_role("link", name="Set up an app").click()
    page.get_by_text("Type it instead").click()
    text = page.locator("details code").inner_text().replace(" ", "")
    page.get_by_label("The six digits").fill(code_now(base64.b32decode(text)))
    page.get_by_role("button", name="Continue").click()
    assert heading(page) == "Recovery codes"
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    page.reload()
    assert page.locator(".codes code").all_inner_texts() == codes
    page.get_by_role("button", name="I have them on paper").click()
    assert at_the_desk(page)
    page.goto("/desk/account/recovery-codes/")
    expect(page.locator(".codes code")).to_have_count(0)
    assert second_factors(User.objects.get(pk=newcomer.pk)).codes_left == 10


def test_recovery_code_opens_once(house, window: BrowserContext, now):
    director = person(roles=["director"])
    codes = factors.renew_recovery_codes(actor=director, at=now)
    page = window.new_page()
    give_password(page, director.email)
    give_code(page, codes[0].lower().replace("-", " "))
    assert at_the_desk(page)
    window.clear_cookies()
    give_password(page, director.email)
    give_code(page, codes[0])
    expect(page.get_by_text("This code does not fit")).to_be_visible()


def with_authenticator(window: BrowserContext, page: Page) -> None:
    """Give the page a virtual device that holds passkeys and says yes."""
    session = window.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def test_passkey_is_added_and_used_as_second_factor_and_alone(house, window: BrowserContext):
    newcomer = person(roles=["media"], app=False)
    page = window.new_page()
    with_authenticator(window, page)
    give_password(page, newcomer.email)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("What do you call this device?").fill("هاتفي")
    page.get_by_role("button", name="Add the passkey").click()
    page.get_by_role("button", name="I have them on paper").click()
    assert at_the_desk(page)
    assert Passkey.objects.get(user=newcomer).name == "هاتفي"

    window.clear_cookies()
    give_password(page, newcomer.email)
    page.get_by_role("button", name="Use the passkey").click()
    page.wait_for_url("**/desk/")
    assert at_the_desk(page)

    window.clear_cookies()
    page.goto("/desk/sign-in/?language=en")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/desk/")
    methods = AuditEntry.objects.filter(verb="accounts.user.sign_in").order_by("pk")
    assert [entry.changed["method"] for entry in methods] == ["password", "passkey", "passkey"]
    assert Passkey.objects.get(user=newcomer).sign_count > 1


def test_passkey_of_another_person_is_no_second_factor(house, window: BrowserContext):
    thief, director = person(app=False), person(roles=["director"])
    page = window.new_page()
    with_authenticator(window, page)
    give_password(page, thief.email)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("What do you call this device?").fill("Phone")
    page.get_by_role("button", name="Add the passkey").click()
    page.get_by_role("button", name="I have them on paper").click()
    stolen = Passkey.objects.get(user=thief)
    Passkey.objects.create(
        user=director,
        name="x",
        credential_id=bytes(reversed(bytes(stolen.credential_id))),
        credential_data=stolen.credential_data,
        added_at=stolen.added_at,
    )
    window.clear_cookies()
    give_password(page, director.email)
    page.get_by_role("button", name="Use the passkey").click()
    page.get_by_text("The device did not give a passkey").wait_for()
    assert page.url.endswith("/second-factor/")


def test_five_wrong_passwords_lock_the_account(house, window: BrowserContext):
    director = person(roles=["director"])
    page = window.new_page()
    for _ in range(5):
        give_password(page, director.email, "wrong")
        expect(page.get_by_text("do not fit together")).to_be_visible()
    give_password(page, director.email)
    expect(page.get_by_text("Try again in 15 minutes")).to_be_visible()


def test_invitation_from_link_to_desk(house, window: BrowserContext):
    director = person(roles=["director"])
    page = window.new_page()
    give_password(page, director.email)
    give_code(page, code_now())
    page.goto("/desk/staff/invite/")
    page.get_by_label("E-mail address").fill("basel@house.example")
    page.locator("[name=name_ar]").fill("باسل حبيب")
    page.get_by_label("Role").select_option(label="Researcher")
    page.get_by_role("button", name="Send the invitation").click()
    shown = page.locator("main code").inner_text()
    (parcel,) = letters_due()
    assert (parcel.recipient, shown) == ("basel@house.example", parcel.content.secrets["{link}"])

    window.clear_cookies()
    page.goto(shown + "?language=en")
    page.get_by_label("New password", exact=True).fill(PHRASE)
    page.get_by_label("New password again").fill(PHRASE)
    page.get_by_role("button", name="Open the account").click()
    assert heading(page) == "Set up a second factor"
    assert [role.code for role in User.objects.get(email="basel@house.example").roles.all()] == [
        "researcher"
    ]
    page.goto(shown)
    assert heading(page) in ("This link is closed", "هذا الرابط مغلق")


def test_signing_out_elsewhere_ends_the_other_browser(house, chromium, window, live_server):
    director = person(roles=["director"])
    here = window.new_page()
    give_password(here, director.email)
    give_code(here, code_now())
    other_window = chromium.new_context(base_url=live_server.url)
    there = other_window.new_page()
    give_password(there, director.email)
    time.sleep(30 - time.time() % 30)
    give_code(there, code_now())
    assert at_the_desk(there)
    here.goto("/desk/account/")
    here.get_by_role("button", name="Sign out everywhere else").click()
    there.goto("/desk/")
    assert heading(there) == "Sign in"
    other_window.close()


def test_signing_out_leaves_nothing_to_go_back_to(house, window: BrowserContext):
    director = person(roles=["director"])
    page = window.new_page()
    give_password(page, director.email)
    give_code(page, code_now())
    page.locator("summary", has_text=director.name["en"]).click()
    page.get_by_role("button", name="Sign out").click()
    assert heading(page) == "Sign in"
    page.goto("/desk/")
    assert heading(page) == "Sign in"


@pytest.mark.parametrize("scripts", [True, False])
def test_pages_of_signing_in_report_no_fault_of_the_browser(
    house, chromium, live_server, settings, scripts
):
    settings.PUBLIC_ORIGIN = settings.DESK_ORIGIN = live_server.url
    director = person(roles=["director"])
    window = chromium.new_context(base_url=live_server.url, java_script_enabled=scripts)
    page = window.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("response", lambda got: faults.append(got.url) if got.status >= 400 else None)
    give_password(page, director.email)
    give_code(page, code_now())
    for address in ("", "account/", "staff/", "activity/", "account/app/", "institution/"):
        page.goto(f"/desk/{address}")
    page.goto("/ar/")
    assert faults == []
    window.close()
