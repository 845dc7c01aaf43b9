"""Examples of addresses of the site's own items."""

from factories.publishing import make_item, make_public
from hiwar.accounts.models import User
from hiwar.publishing.models import Item


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
    return {"kind": "atom"}


EXAMPLES = {
    "public_publishing:feed": feed,
    "public_publishing:item": published,
    **{f"publishing:{name}": item for name in ("item", "edit", "history")},
}
