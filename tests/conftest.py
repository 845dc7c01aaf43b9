"""What every test may ask for: the cast, a browser, PostgreSQL, the shared data."""

from __future__ import annotations

import copy
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from databases import close_databases
from migrated import create_test_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model
    from django.test import Client
    from playwright.sync_api import Browser, BrowserContext
    from pytest_django.live_server_helper import LiveServer
    from pytest_django.plugin import DjangoDbBlocker

    from hiwar.accounts.models import User

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
# The rows that loading the roles makes: a third of a second of a processor, in most tests.
_LOADED: list[tuple[type[Model], list[Model]]] = []
SHARED = Path(__file__).resolve().parents[2] / "shared"
CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    """Leave no language behind: a request activates one, and the next test would speak it."""
    from django.utils import translation

    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _databases() -> Iterator[None]:
    """Leave no database open that a test opened beside its own."""
    yield
    close_databases()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """Give this worker a copy of the migrated database."""
    from django.db import connection

    with django_db_blocker.unblock():
        before = create_test_database(connection)
    yield
    with django_db_blocker.unblock():
        connection.creation.destroy_test_db(before, verbosity=0)


def missing(reason: str) -> None:
    """Leave a test out and say why; where everything is required, that is a failure."""
    if os.environ.get("HIWAR_REQUIRE_ALL"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of third-party data, which a clone does not have."""
    if not (SHARED / "data").is_dir():
        missing(f"{SHARED} is absent: third-party data is never committed")
    return SHARED / "data"


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """Return the address of a PostgreSQL server for tests."""
    url = os.environ.get("HIWAR_TEST_POSTGRES_URL", "")
    if not url:
        missing("HIWAR_TEST_POSTGRES_URL names no PostgreSQL server")
    return url


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return a real Chromium.

    Django's test server leaves kept-alive sockets open when its thread ends: one request per
    connection leaves none.
    """
    if not CHROMIUM.exists():
        missing(f"{CHROMIUM} is absent: apt-get install chromium")
    from django.test.testcases import QuietWSGIRequestHandler
    from playwright.sync_api import expect, sync_playwright

    from browsing import PATIENCE_MS

    expect.set_options(timeout=PATIENCE_MS)
    QuietWSGIRequestHandler.protocol_version = "HTTP/1.0"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-quic"]
        )
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def _quick_and_forgetful(settings: object) -> None:
    """Hash passwords quickly, since the real hash is slow on purpose, and start with no cache."""
    settings.PASSWORD_HASHERS = [  # type: ignore[attr-defined]
        "django.contrib.auth.hashers.MD5PasswordHasher"
    ]
    from django.core.cache import cache

    cache.clear()
    from hiwar.common import patience, pauses
    from hiwar.common.vocabularies import entries
    from hiwar.dialogues.queries.rate_monitor import ARRIVALS

    entries.forget(until_changed=True)
    pauses.forget(until_changed=True)
    ARRIVALS.forget()
    for counter in list(patience.counters):
        counter.forget()


@pytest.fixture
def now() -> datetime:
    """Return an instant that tests agree on."""
    return NOW


@pytest.fixture
def window(
    chromium: Browser, live_server: LiveServer, settings: object
) -> Iterator[BrowserContext]:
    """Return a fresh browser profile that can reach the served installation and nothing else."""
    settings.PUBLIC_ORIGIN = settings.DESK_ORIGIN = live_server.url  # type: ignore[attr-defined]
    context = chromium.new_context(base_url=live_server.url)
    context.route(
        "**/*",
        lambda route: (
            route.continue_() if route.request.url.startswith(live_server.url) else route.abort()
        ),
    )
    from browsing import PATIENCE_MS

    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def roles(db: None) -> None:
    """Load the roles of an institution; after the first time, write the same rows at once."""
    from hiwar.accounts.actions.people import load_roles
    from hiwar.accounts.models import Role
    from hiwar.common.models import AuditEntry

    if not _LOADED:
        # Kept for all tests: not by the clock of the one that came first.
        load_roles(at=NOW)
        _LOADED.extend((model, list(model.objects.order_by("pk"))) for model in (Role, AuditEntry))
        return
    for model, rows in _LOADED:
        copies = [copy.copy(row) for row in rows]
        for row in copies:
            row._state = copy.copy(row._state)
            if model is AuditEntry:
                row.pk = None
        model.objects.bulk_create(copies)


@pytest.fixture
def director(roles: None) -> User:
    """Return Salma, who may do everything with people."""
    from factories.accounts import UserFactory

    return UserFactory.create(email="salma@house.example", roles=["director"])


@pytest.fixture
def administrator(roles: None) -> User:
    """Return Anas, who looks after the accounts."""
    from factories.accounts import UserFactory

    return UserFactory.create(email="anas@house.example", roles=["admin"])


@pytest.fixture
def facilitator(roles: None) -> User:
    """Return Areej, who sees the staff and no more."""
    from factories.accounts import UserFactory

    return UserFactory.create(email="areej@house.example", roles=["facilitator"])


@pytest.fixture
def outsider(roles: None) -> User:
    """Return somebody with an account and no role."""
    from factories.accounts import UserFactory

    return UserFactory.create(email="nobody@house.example", roles=[])


@pytest.fixture
def at_desk(client: Client) -> object:
    """Return a function that signs somebody in at the desk, second factor included."""
    from factories.accounts import sign_in_fully

    def enter(user: User) -> Client:
        sign_in_fully(client, user)
        return client

    return enter
