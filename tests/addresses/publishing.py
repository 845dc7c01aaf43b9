"""Examples of addresses of the site's own items."""

from factories.dossiers import DossierFactory
from factories.newsletter import make_issue, subscribe
from factories.pictures import make_picture
from factories.publishing import NOW, make_item, make_public
from hiwar.accounts.models import User
from hiwar.dossiers.models import Dossier
from hiwar.publishing.actions.newsletter import approve_issue, ask_about_issue
from hiwar.publishing.exports.newsletter import letters_of
from hiwar.publishing.models import Item, SignedList


def _director() -> User:
    return User.objects.filter(roles__code="director").earliest("pk")


def _writer() -> User:
    # Somebody else than the director: nobody lets out what they wrote.
    media = User.objects.filter(roles__code="media").exclude(pk=_director().pk)
    return media.earliest("pk")


def _item() -> Item:
    writer = _writer()
    return Item.objects.filter(state="draft", is_demo=False).first() or make_item(writer)


def item() -> dict[str, object]:
    return {"code": _item().code}


def published() -> dict[str, object]:
    return {"kind": "news", "slug": make_public(make_item(_writer()), _director()).code}


def feed() -> dict[str, object]:
    return {"of": "news", "kind": "atom"}


def dossier_feed() -> dict[str, object]:
    dossier = Dossier.objects.filter(visibility="public", archived_at=None).first()
    return {"code": (dossier or DossierFactory.create(visibility="public")).code, "kind": "atom"}


def table() -> dict[str, object]:
    return {"code": "laws", "kind": "csv"}


def signed() -> dict[str, object]:
    number = SignedList.objects.count() + 1
    SignedList.objects.create(number=number, note="hiwar list v1\n", made_at=NOW)
    return {"number": number}


def rows() -> dict[str, object]:
    return {"table": "laws"}


def catalogue() -> dict[str, object]:
    return {"kind": "ttl"}


def card() -> dict[str, object]:
    return {"rest": "/news"}


def issue() -> dict[str, object]:
    return {"code": make_issue(_writer()).code}


def public_issue() -> dict[str, object]:
    issue = make_issue(_writer())
    subscribe("reader@elsewhere.example")
    ask_about_issue(actor=issue.writers.earliest("pk"), issue=issue, now=NOW)
    approve_issue(actor=_director(), issue=issue, write=letters_of, now=NOW)
    return {"code": issue.code}


def picture() -> dict[str, object]:
    return {"code": make_picture(_writer()).code}


def desk_rendition() -> dict[str, object]:
    return {"code": make_picture(_writer()).code, "name": "480.jpeg"}


def public_rendition() -> dict[str, object]:
    shown = make_picture(_writer())
    make_public(make_item(_writer(), picture=shown), _director())
    return {"code": shown.code, "name": "480.jpeg"}


EXAMPLES = {
    "public_publishing:rendition": public_rendition,
    "publishing:rendition": desk_rendition,
    **{
        f"publishing:{name}": picture
        for name in ("picture", "edit_picture", "focus_picture", "withdraw_picture")
    },
    "public_publishing:card": card,
    "publishing:issue": issue,
    "publishing:edit_issue": issue,
    "public_publishing:issue": public_issue,
    "public_publishing:interface_rows": rows,
    "public_publishing:newest_list": signed,
    "public_publishing:signed_list": signed,
    "public_publishing:table_file": table,
    "public_publishing:table_metadata": table,
    "public_publishing:catalogue": catalogue,
    "public_publishing:feed": feed,
    "public_publishing:dossier_feed": dossier_feed,
    "public_publishing:item": published,
    **{f"publishing:{name}": item for name in ("item", "edit", "history")},
}
