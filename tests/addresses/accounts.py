"""Examples of addresses of accounts."""

from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from factories.accounts import UserFactory
from hiwar.accounts.actions import house_exports, people
from hiwar.accounts.models import Role, User
from hiwar.common.imports import actions as imports
from hiwar.common.personal import actions as erasures
from hiwar.common.tables import own_upload
from hiwar.contacts.models import Person


def open_invitation() -> dict[str, str]:
    actor = User.objects.filter(roles__code="director").earliest("pk")
    role = Role.objects.get(code="researcher")
    _, token = people.invite(
        actor=actor, email="new@house.example", name={"en": "Basel"}, role=role, language="ar",
        at=timezone.now(),
    )  # fmt: skip
    return {"token": token}


def new_password() -> dict[str, str]:
    user = UserFactory.create()
    key = urlsafe_base64_encode(force_bytes(str(user.pk)))
    return {"key": key, "token": default_token_generator.make_token(user)}


def people_to_bring_in() -> dict[str, Any]:
    upload = own_upload(b"Name,Phone\nRana Haddad,0599000001\n", "list.csv")
    run = imports.prepare_run(
        actor=User.objects.filter(roles__code="director").earliest("pk"),
        kind="contacts.people", files={"people": upload}, now=timezone.now(),
    )  # fmt: skip
    return {"key": run.pk}


def somebody_to_erase() -> dict[str, Any]:
    return {"kind": "contacts.person", "key": Person.objects.earliest("pk").pk}


def erasure_of_several() -> dict[str, Any]:
    first, second = Person.objects.order_by("pk")[:2]
    return {
        "key": erasures.erase(
            actor=User.objects.filter(roles__code="director").earliest("pk"),
            kind="contacts.person", keys=[first.pk, second.pk], now=timezone.now(),
        ).pk
    }  # fmt: skip


def export_of_the_house() -> dict[str, Any]:
    actor = User.objects.filter(roles__code="director").earliest("pk")
    export = house_exports.ask_for_export(
        actor=actor, passphrase="four words on paper", now=timezone.now()
    )
    return {"key": export.pk}


EXAMPLES = {
    "accounts:house_export": export_of_the_house,
    "accounts:take_house_export": export_of_the_house,
    "accounts:erase": somebody_to_erase,
    "accounts:erase_several": lambda: {"kind": "contacts.person"},
    "accounts:erasure": erasure_of_several,
    "accounts:import_run": people_to_bring_in,
    "accounts:import_files": lambda: {"kind": "contacts.people"},
    "accounts:accept": open_invitation,
    "accounts:reset": new_password,
    "accounts:add_entry": lambda: {"code": "contacts.kinds"},
}
