"""The newsletter's list as a file, for whoever may see its addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from hiwar.channels.queries.subscribers import shown_address
from hiwar.common.tables import write_csv, write_xlsx

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hiwar.accounts.models import User
    from hiwar.channels.models import Subscriber

WIDTHS = (40, 14, 18, 16, 16, 40)


def list_file(user: User, subscribers: Iterable[Subscriber], kind: str) -> bytes:
    """Return subscribers as a file, ``csv`` or ``xlsx``: what a user may see of each."""
    rows = list(_rows(user, subscribers))
    if kind == "csv":
        return write_csv(rows)
    return write_xlsx(rows, title=_("Subscribers"), widths=WIDTHS)


def _rows(user: User, subscribers: Iterable[Subscriber]) -> Iterator[list[object]]:
    yield [
        _("E-mail address"), _("Language"), _("State"), _("Confirmed on"), _("Words of consent"),
        _("Evidence of consent"),
    ]  # fmt: skip
    names = dict(settings.LANGUAGES)
    for subscriber in subscribers:
        yield [
            shown_address(user, subscriber),
            names.get(subscriber.language, subscriber.language),
            subscriber.get_state_display(),
            subscriber.confirmed_on.isoformat() if subscriber.confirmed_on else "",
            str(subscriber.wording) if subscriber.wording else "",
            subscriber.evidence,
        ]
