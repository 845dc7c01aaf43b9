"""Withdrawing while somebody publishes, and two who sign at once: one of them wins, in full."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import pytest

from migrated import migrated

RACE = """
import json, threading
from datetime import timedelta
import django
django.setup()
from django.db import connection
from django.utils import timezone
from hiwar.common.dates import local_day
from hiwar.accounts.actions.people import load_roles
from hiwar.accounts.models import Role, User
from hiwar.common.refusals import Refused
from hiwar.contacts.models import Organisation
from hiwar.dossiers.actions import joint
from hiwar.signatures.actions import letters, signing
from hiwar.signatures.actions.signing import Terms
from hiwar.signatures.exports.letters import compose
from hiwar.dossiers.models import Dossier, JointText
from hiwar.signatures.models import Signature, SigningLetter
from hiwar.dossiers.queries.joint import latest_text, signatories

now = timezone.now()
load_roles(at=now)
boss = User.objects.create(email="boss@house.example", name={"en": "Boss"}, joined_at=now)
boss.roles.add(Role.objects.get(code="director"))
dossier = Dossier.objects.create(code="D", slug="d", title={"en": "D"}, created_at=now)


def together(*works):
    gate, said = threading.Barrier(len(works)), [""] * len(works)

    def run(at, work):
        try:
            gate.wait()
            work()
        except Refused as refused:
            said[at] = refused.code
        except Exception as error:
            said[at] = repr(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    [one.start() for one in threads]; [one.join() for one in threads]
    return said


found = []
for number in range(6):
    statement = joint.create_statement(
        actor=boss, dossier=dossier, title={"en": "T"}, text={"en": "Words"}, now=now,
        settings=joint.Settings(local_day(now) + timedelta(days=9)))
    bodies = [Organisation.objects.create(name={"en": f"{number} {n}"}, created_at=now)
              for n in range(2)]
    letters.ask_organisations(actor=boss, signing=statement.signing, organisations=bodies,
                              compose=compose, now=now)
    text = joint.open_text(actor=boss, text=latest_text(statement), now=now)
    first, second = letters.write_letters(
        actor=boss, version=text.version, now=now)
    sign = lambda letter, who: signing.sign_by_link(
        letter=letter, version=text.version, terms=Terms(who, "Chair"), now=now)
    both = together(lambda: sign(first, "A"), lambda: sign(first, "B"))
    sign(second, "C")
    seen = signatories(text).mark
    race = together(
        lambda: joint.publish_text(actor=boss, text=text, seen=seen, now=now),
        lambda: signing.withdraw_signature(version=text.version, letter=second, why="", now=now))
    found.append([both, race, JointText.objects.get(pk=text.pk).state, signatories(text).count])
print(json.dumps(found))
"""


@pytest.mark.costly("six races of threads, in a process of its own")
@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_one_of_two_wins(database, request, tmp_path):
    url = f"sqlite:///{tmp_path}/hiwar.sqlite3"
    server = name = ""
    if database == "postgres":
        import psycopg

        server = request.getfixturevalue("postgres_url")
        name = f"race_{secrets.token_hex(4)}"
        with psycopg.connect(server, autocommit=True) as link:
            link.execute(f"CREATE DATABASE {name}")
        url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    environment = os.environ | {"HIWAR_DATABASE_URL": url, "PYTHONWARNINGS": "ignore"}
    migrated(url, environment)
    done = subprocess.run(
        [sys.executable, "-c", RACE], env=environment, check=True, capture_output=True, text=True
    )
    if database == "postgres":
        with psycopg.connect(server, autocommit=True) as link:
            link.execute(f"DROP DATABASE {name} WITH (FORCE)")
    for both, race, state, count in json.loads(done.stdout):
        assert sorted(both) == ["", "answered_meanwhile"]
        published, withdrawn = ["", "list_closed"], ["list_changed", ""]
        assert (race, state, count) in [(published, "published", 2), (withdrawn, "open", 1)]
