"""The demonstration's joint statements: one that is published, one that is being signed."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from hiwar.accounts.models import User
from hiwar.common import dates
from hiwar.common.files.actions import erase_files
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import remove_record
from hiwar.contacts.models import Organisation
from hiwar.dossiers.actions import joint
from hiwar.dossiers.models import Dossier, JointPrint, JointStatement
from hiwar.dossiers.queries.joint import latest_text, signatories
from hiwar.signatures.actions import letters, signing
from hiwar.signatures.actions.signing import Terms
from hiwar.signatures.models import Signing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from hiwar.signatures.actions.letters import Compose
    from hiwar.signatures.models import SigningRequest, SigningVersion

FILE = "joint-statements.json"
HOUR = timedelta(hours=1)


def load_demo_statements(
    folder: Path, at: datetime, compose: Compose
) -> tuple[int, int, list[str]]:
    """Load the joint statements that are missing: made, there already, and what was wrong."""
    path = folder / "dossiers" / FILE
    if not path.exists():
        return 0, 0, []
    staff = {
        user.email.partition("@")[0].upper(): user for user in User.objects.filter(is_demo=True)
    }
    loaded, there, wrong = 0, 0, []
    for document in json.loads(path.read_text("utf-8")):
        if JointStatement.objects.filter(code=document["code"]).exists():
            there += 1
            continue
        try:
            load_statement(document=document, staff=staff, at=at, compose=compose)
        except (KeyError, ValidationError, Refused, Dossier.DoesNotExist) as error:
            wrong.append(f"{FILE} {document['code']}: {error}")
            continue
        loaded += 1
    return loaded, there, wrong


@transaction.atomic
def load_statement(
    *, document: Mapping[str, Any], staff: Mapping[str, User], at: datetime, compose: Compose
) -> JointStatement:
    """Make one joint statement from its file through the actions that people use."""
    owner = staff[document["owner"]]
    opened = at - timedelta(days=document["opened_days_ago"])
    statement = joint.create_statement(
        actor=owner, dossier=Dossier.objects.get(code=document["dossier"]),
        title=document["title"], text=document["text"], kind=document["kind"],
        code=document["code"], now=opened - HOUR,
        settings=joint.Settings(
            dates.local_day(at) - timedelta(days=document["sign_by_days_ago"]),
            contact_line=document["contact_line"],
        ),
    )  # fmt: skip
    codes = [
        *(answer["organisation"] for answer in (*document["signatures"], *document["declined"])),
        *document["silent"],
    ]
    bodies = {
        organisation.code: organisation
        for organisation in Organisation.objects.filter(code__in=codes)
    }
    letters.ask_organisations(
        actor=owner, signing=statement.signing, organisations=[bodies[code] for code in codes],
        compose=compose, now=opened - HOUR,
    )  # fmt: skip
    text = joint.open_text(actor=owner, text=latest_text(statement), now=opened)
    version = text.version
    assert version is not None  # noqa: S101 - a text that is open has one
    letters.write_letters(actor=owner, version=version, now=opened)
    for letter in version.letters.all():
        letters.mark_sent(actor=owner, letter=letter, now=opened + HOUR)
    requests = statement.signing.requests.select_related("organisation")
    asked = {request.organisation.code: request for request in requests}
    for entry in document["signatures"]:
        _sign(version, asked[entry["organisation"]], entry, owner, opened)
    for entry in document["declined"]:
        signing.decline(
            version=version, who=entry["who"], why=entry["why"], actor=owner,
            request=asked[entry["organisation"]], now=opened + entry["hours"] * HOUR,
        )  # fmt: skip
    if "published_days_ago" in document:
        joint.publish_text(
            actor=staff[document["published_by"]], text=text, seen=signatories(text).mark,
            now=at - timedelta(days=document["published_days_ago"]),
        )  # fmt: skip
    return statement


def remove_demo_statements(folder: Path) -> int:
    """Remove what people of the demonstration wrote; return how many joint statements went."""
    with transaction.atomic():
        gone = JointStatement.objects.filter(Q(is_demo=True) | Q(dossier__is_demo=True))
        for key in gone.values_list("pk", flat=True):
            remove_record("dossiers.jointstatement", key)
        signings = list(gone.values_list("signing", flat=True))
        count = len(signings)
        prints = JointPrint.objects.filter(text__statement__in=gone).exclude(file=None)
        files = list(prints.values_list("file", "asked_at"))
        gone.delete()
        for key, asked_at in files:
            erase_files(actor=None, keys=[key], now=asked_at)
        Signing.objects.filter(pk__in=signings).delete()
    return count


def _sign(
    version: SigningVersion,
    request: SigningRequest,
    entry: Mapping[str, Any],
    owner: User,
    opened: datetime,
) -> None:
    signed = opened + entry["hours"] * HOUR
    terms = Terms(
        signer=entry["signer"], function=entry["function"],
        is_reserved="reservation" in entry, reservation=entry.get("reservation", ""),
        language=entry.get("language", ""), paragraph=entry.get("paragraph"),
    )  # fmt: skip
    if "way" in entry:
        signing.type_signature(
            actor=owner, request=request, version=version, terms=terms, way=entry["way"],
            source=entry["source"], signed_at=signed, now=signed,
        )  # fmt: skip
    else:
        letter = request.letters.get(version=version)
        signing.sign_by_link(letter=letter, version=version, terms=terms, now=signed)
        if "withdrawn_hours" in entry:
            signing.withdraw_signature(
                version=version, letter=letter, why=entry["why"],
                now=opened + entry["withdrawn_hours"] * HOUR,
            )  # fmt: skip
