"""Figures for a program: shut by default, of the right form, and without anything anybody typed."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.contacts import PersonFactory
from factories.dialogues import DialogueFactory
from hiwar.common import jobs
from hiwar.common.backup.copying import keep_day
from hiwar.common.health import metrics
from hiwar.common.links.actions import make_link
from hiwar.common.models import Duty

pytestmark = pytest.mark.django_db
WORD = "token-of-the-house-0123456789-abcdef"


@pytest.fixture
def figures(settings, tmp_path):
    settings.DATA = tmp_path
    settings.BACKUP_TO = tmp_path / "backups"
    settings.METRICS, settings.METRICS_TOKEN = "loopback", ""
    metrics.requests.counts.clear()
    metrics.requests.seconds.clear()
    return settings


def asked(**extra: Any):
    return Client().get(reverse("metrics"), **extra)


def test_address_is_not_there_unless_it_was_opened(figures):
    figures.METRICS = "off"
    assert asked().status_code == 404
    figures.METRICS = "loopback"
    assert asked().status_code == 200
    assert asked(REMOTE_ADDR="192.0.2.1").status_code == 404
    # Through the proxy of this very machine the whole world comes from here.
    assert asked(headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 404
    figures.METRICS, figures.METRICS_TOKEN = "token", WORD
    assert asked().status_code == 404
    assert asked(headers={"Authorization": "Bearer " + WORD[:-1]}).status_code == 404
    assert asked(headers={"Authorization": "Bearer " + WORD}).status_code == 200
    figures.METRICS_TOKEN = ""
    assert asked(headers={"Authorization": "Bearer "}).status_code == 404


def test_this_machine_asks_by_any_name(figures):
    figures.ALLOWED_HOSTS = ["house.example.org"]
    for name in ("127.0.0.1:8000", "localhost", "[::1]:8000"):
        assert asked(headers={"Host": name}).status_code == 200
        assert Client().get("/readyz", headers={"Host": name}).status_code in {200, 503}
    # Nobody else does, and no other page is opened so.
    forwarded = {"Host": "127.0.0.1", "X-Forwarded-For": "192.0.2.1"}
    assert Client().get("/readyz", headers=forwarded).status_code == 400
    elsewhere = Client(REMOTE_ADDR="192.0.2.1")
    assert elsewhere.get("/readyz", headers={"Host": "127.0.0.1"}).status_code == 400
    assert Client().get("/en/", headers={"Host": "127.0.0.1"}).status_code == 400


def test_another_reader_reads_the_figures(figures):
    now = timezone.now()
    jobs.enqueue("common.forget_jobs", now=now)
    Duty.objects.create(
        name="common.forget_jobs", next_at=now, last_success_at=now - timedelta(hours=5)
    )
    keep_day(now=now - timedelta(hours=2))
    client = Client()
    client.get(reverse("site:choose_language"))
    client.get("/no/such/address/")
    answer = client.get(reverse("metrics"))
    assert answer.headers["Content-Type"] == metrics.CONTENT_TYPE
    families = {
        family.name: family for family in text_string_to_metric_families(answer.content.decode())
    }
    (late,) = [
        s for s in families["hiwar_duty_late"].samples if s.labels["duty"] == "common.forget_jobs"
    ]
    assert late.value == 1
    (age,) = families["hiwar_backup_age_seconds"].samples
    assert 7200 <= age.value < 8000
    routes = {sample.labels["route"] for sample in families["hiwar_requests"].samples}
    assert {"site:choose_language", "none"} <= routes
    assert families["hiwar_requests"].type == "counter"
    assert {"hiwar_ready", "hiwar_disk_bytes", "hiwar_jobs", "hiwar_version"} <= set(families)


def test_no_figure_tells_what_somebody_typed(figures, director):
    """Canaries in names, titles, addresses, links and jobs: none is in a figure."""
    canary = "Canary7"
    InstitutionFactory.create(name={"en": canary}, short_name={"en": canary})
    PersonFactory.create(shown_name={"en": canary})
    dialogue = DialogueFactory.create(title={"en": canary}, code="canary7", slug="canary7")
    _link, token = make_link(purpose="accounts.invitation", now=timezone.now())
    user = UserFactory.create(email="canary7@house.example", name={"en": canary})
    jobs.enqueue("common.forget_jobs", key=canary, now=timezone.now())
    client = Client()
    sign_in_fully(client, director)
    for path in (
        "/en/canary7/", f"/desk/invitation/{token}/", f"/desk/dialogues/{dialogue.code}/",
        f"/desk/staff/{user.pk}/", "/desk/search/?q=canary7",
    ):  # fmt: skip
        client.get(path)
    text = client.get(reverse("metrics")).content.decode()
    for word in (canary, token, str(user.pk), str(director), director.email):
        assert word.lower() not in text.lower()
    labels = re.findall(r'"([^"]*)"', text)
    assert labels
    assert all(metrics.OWN_NAME.fullmatch(label) for label in labels)


def test_label_that_is_no_name_of_the_program_is_refused():
    for label in ("ليلى", "two words", "a@b.example", 'a"b', "/desk/staff/", ""):
        figure = metrics.Figure("hiwar_x", "x", [({"of": label}, 1)])
        with pytest.raises(ValueError, match="hiwar_x"):
            list(metrics.lines_of(figure))
