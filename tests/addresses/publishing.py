"""Examples of addresses of the site's own items."""

from factories.publishing import make_item, make_public
from hiwar.accounts.models import User
from hiwar.publishing.models import Item


def _item() -> Item:
    writer = User.objects.filter(roles__code="media").earliest("pk")
    return Item.objects.filter(state="draft", is_demo=False).first() or make_item(writer)


def item() -> dict[str, object]:
    return {"code": _item().code}


def published() -> dict[str, object]:
    writer, director = (
        User.objects.filter(roles__code=role).earliest("pk") for role in ("media", "director")
    )
    return {"kind": "news", "slug": make_public(make_item(writer), director).code}


def feed() -> dict[str, object]:
    return {"kind": "atom"}


EXAMPLES = {
    "public_publishing:feed": feed,
    "public_publishing:item": published,
    **{f"publishing:{name}": item for name in ("item", "edit", "history")},
}
