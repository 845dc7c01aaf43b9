import hashlib
import json

from django.db import migrations

KIND = "dossiers.jointstatement"
PURPOSE, NEW_PURPOSE = "dossiers.signing", "signatures.signing"
OF_STATEMENT = ("sign_by", "contact_post_id", "contact_line")
OF_REQUEST = (
    "id", "organisation_id", "email", "language", "added_at", "added_by_id", "declined_at",
    "declined_by", "declined_why", "removed_at",
)  # fmt: skip
OF_LETTER = (
    "id", "request_id", "kind", "address", "subject", "body", "private_link_id", "number_id",
    "made_at", "made_by_id", "sent_at",
)  # fmt: skip
OF_SIGNATURE = (
    "id", "organisation_id", "organisation_name", "signer", "function", "is_reserved",
    "reservation", "reservation_language", "paragraph", "way", "source", "signed_at", "position",
    "made_at", "typed_by_id", "replaced_at", "withdrawn_at", "withdrawn_why", "withdrawn_by_id",
)  # fmt: skip


def values(row, names):
    return {name: getattr(row, name) for name in names}


def checksum_of(title, text):
    """Return what the models of that day returned: a change there must not change this."""
    content = json.dumps([dict(title), dict(text)], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def version_of(text, signing, model):
    """Return the version of a text that was opened."""
    opened = text.opened_at or text.made_at
    is_closed = text.state in ("closed", "published")
    return model(
        signing=signing,
        number=text.number,
        title=text.title,
        text=text.text,
        change=text.change,
        checksum=checksum_of(text.title, text.text),
        opened_at=opened,
        closed_at=(text.closed_at or text.published_at or opened) if is_closed else None,
        closed_why=text.closed_why,
        is_final=text.state == "published",
        replaced_at=opened if text.state == "replaced" else None,
    )


def when_replaced(texts):
    """Set when each version that was replaced gave way: when the next one was opened."""
    for text, following in zip(texts, texts[1:], strict=False):
        if text.state == "replaced" and following.opened_at is not None:
            text.version.replaced_at = following.opened_at
            text.version.save(update_fields=["replaced_at"])


def move(apps, _editor):
    """Copy requests, letters and signatures with their keys to the room of signatures."""
    old = {name: apps.get_model("dossiers", name).objects for name in (
        "JointStatement", "JointText", "SigningRequest", "SigningLetter", "Signature",
    )}  # fmt: skip
    new = {name: apps.get_model("signatures", name) for name in (
        "Signing", "SigningVersion", "SigningRequest", "SigningLetter", "Signature",
    )}  # fmt: skip
    # A draft that somebody was asked about all the same keeps what hangs on it.
    answered = {
        *old["Signature"].values_list("text_id", flat=True),
        *old["SigningLetter"].values_list("text_id", flat=True),
        *old["SigningRequest"].exclude(declined_text=None).values_list("declined_text", flat=True),
    }
    signings, versions = {}, {}
    for statement in old["JointStatement"].order_by("pk"):
        signing = new["Signing"].objects.create(
            kind=KIND, made_at=statement.created_at, ended_at=statement.withdrawn_at,
            **values(statement, OF_STATEMENT),
        )  # fmt: skip
        signings[statement.pk] = signing.pk
        statement.signing = signing
        statement.save(update_fields=["signing"])
        texts = list(old["JointText"].filter(statement=statement).order_by("number", "pk"))
        opened = [text for text in texts if text.state != "draft" or text.pk in answered]
        for text in opened:
            text.version = version_of(text, signing, new["SigningVersion"])
            if text.state == "draft":
                text.version.replaced_at = text.version.opened_at
            text.version.save()
            text.save(update_fields=["version"])
            versions[text.pk] = text.version.pk
        when_replaced(opened)
    new["SigningRequest"].objects.bulk_create(
        new["SigningRequest"](
            signing_id=signings[row.statement_id],
            declined_version_id=versions.get(row.declined_text_id),
            **values(row, OF_REQUEST),
        )
        for row in old["SigningRequest"].order_by("pk")
    )
    new["SigningLetter"].objects.bulk_create(
        new["SigningLetter"](version_id=versions[row.text_id], **values(row, OF_LETTER))
        for row in old["SigningLetter"].order_by("pk")
    )
    new["Signature"].objects.bulk_create(
        new["Signature"](version_id=versions[row.text_id], **values(row, OF_SIGNATURE))
        for row in old["Signature"].order_by("pk")
    )
    links = apps.get_model("common", "PrivateLink").objects
    links.filter(purpose=PURPOSE).update(purpose=NEW_PURPOSE)


def move_back(apps, editor):
    """Copy all of it back to the tables of joint statements."""
    old = {name: apps.get_model("dossiers", name) for name in (
        "JointStatement", "JointText", "SigningRequest", "SigningLetter", "Signature",
    )}  # fmt: skip
    new = {name: apps.get_model("signatures", name).objects for name in (
        "Signing", "SigningVersion", "SigningRequest", "SigningLetter", "Signature",
    )}  # fmt: skip
    statements, texts = {}, {}
    for statement in old["JointStatement"].objects.select_related("signing"):
        for name in OF_STATEMENT:
            setattr(statement, name, getattr(statement.signing, name))
        statements[statement.signing_id] = statement.pk
        statement.signing = None
        statement.save()
    for text in old["JointText"].objects.exclude(version=None).select_related("version"):
        version = text.version
        text.opened_at, text.closed_at = version.opened_at, version.closed_at
        text.closed_why = version.closed_why
        texts[version.pk] = text.pk
        text.version = None
        text.save()
    old["SigningRequest"].objects.bulk_create(
        old["SigningRequest"](
            statement_id=statements[row.signing_id],
            declined_text_id=texts.get(row.declined_version_id),
            **values(row, OF_REQUEST),
        )
        for row in new["SigningRequest"].filter(signing__in=statements).order_by("pk")
    )
    old["SigningLetter"].objects.bulk_create(
        old["SigningLetter"](text_id=texts[row.version_id], **values(row, OF_LETTER))
        for row in new["SigningLetter"].filter(version__in=texts).order_by("pk")
    )
    old["Signature"].objects.bulk_create(
        old["Signature"](text_id=texts[row.version_id], **values(row, OF_SIGNATURE))
        for row in new["Signature"].filter(version__in=texts).order_by("pk")
    )
    links = apps.get_model("common", "PrivateLink").objects
    letters = new["SigningLetter"].filter(version__in=texts)
    links.filter(pk__in=letters.values("private_link")).update(purpose=PURPOSE)
    # Rooms above may be on their way back further than this one: no relation is followed.
    for rows in (
        letters,
        new["Signature"].filter(version__in=texts),
        new["SigningRequest"].filter(signing__in=statements),
        new["SigningVersion"].filter(pk__in=texts),
        new["Signing"].filter(pk__in=statements),
    ):
        rows._raw_delete(editor.connection.alias)


class Migration(migrations.Migration):
    """What joint statements are signed with moves to the room of signatures."""

    dependencies = [
        ("dossiers", "0003_signings"),
    ]

    operations = [migrations.RunPython(move, move_back)]
