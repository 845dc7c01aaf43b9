"""Which pictures are on the shelf, what one still lacks, where it stands, who may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hiwar.accounts.models import User
from hiwar.analysis.pictures import PictureAnswer, PictureOrder
from hiwar.common.files import FileKind
from hiwar.common.files.closed_process import MEMORY, PROCESSOR_SECONDS, Reader
from hiwar.common.files.types import AVIF, JPEG, PNG, WEBP
from hiwar.common.refusals import Refused
from hiwar.publishing import rules
from hiwar.publishing.models import Item, ItemVersion, Picture, Rendition

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from hiwar.common.models import StoredFile

WIDTHS = (480, 720, 1080, 1600)
# What a browser gets that knows no `srcset`, and what a copy of the site keeps.
PLAIN_WIDTH = 1080
LONGEST_WIDTH = 4
MOST_BYTES = 20 << 20
PICTURES = Reader("hiwar.analysis.pictures", PictureAnswer)
ORIGINAL_CODE, RENDITION_CODE = "publishing.picture", "publishing.rendition"
# The first that a browser knows is taken.
KINDS = (Rendition.Kind.AVIF, Rendition.Kind.WEBP)


class PictureTooLarge(Refused):
    """A picture of more points than are unpacked here."""

    code = "picture_too_large"
    message = gettext_lazy(
        "This picture is too large: at most 40 million points, and 12,000 along one side. Save it"
        " smaller and try again."
    )


class PictureUnread(Refused):
    """Bytes that begin like a picture and are none."""

    code = "picture_unread"
    message = gettext_lazy("This picture cannot be read. It may be damaged; save it anew.")


def read_picture(content: bytes, widths: tuple[int, ...] = ()) -> PictureAnswer:
    """Return what the closed process says of a picture, with renditions of the widths.

    Raises ``PictureTooLarge``, ``PictureUnread`` and ``ReaderBusy``.
    """
    answer = PICTURES.read(PictureOrder(widths, MEMORY, PROCESSOR_SECONDS), content)
    if answer is None or answer.code == "too_large":
        raise PictureTooLarge
    if answer.code:
        raise PictureUnread
    return answer


def may_read_original(_reader: Any, _file: StoredFile) -> bool:
    """Return False: it says where and when somebody stood, and is kept to be drawn from."""
    return False


def may_read_rendition(reader: Any, file: StoredFile) -> bool:
    """Return whether somebody sees a rendition: at the desk, or in a page that everybody reads.

    Whether it is ready on the day is for the page to ask (`lacks`).
    """
    row = Rendition.objects.filter(file=file).select_related("picture").first()
    if row is None or row.picture.withdrawn_at is not None:
        return False
    if isinstance(reader, User) and rules.can_see_items(reader):
        return True
    return public_uses(row.picture).exists()


ORIGINAL = FileKind(
    ORIGINAL_CODE, may_read_original, frozenset([JPEG, PNG, WEBP, AVIF]), size=MOST_BYTES,
    is_sealed=True, reader=read_picture,
)  # fmt: skip
RENDITION = FileKind(
    RENDITION_CODE, may_read_rendition, frozenset([JPEG, WEBP, AVIF]), size=MOST_BYTES
)


def kept_pictures() -> QuerySet[Picture]:
    """Return the pictures that were not withdrawn, the newest first."""
    return Picture.objects.filter(withdrawn_at=None).order_by("-added_at", "pk")


def pictures_for(user: Any) -> QuerySet[Picture]:
    """Return the pictures a person may see at the desk, withdrawn ones too, the newest first."""
    shown = Picture.objects.all() if rules.can_see_items(user) else Picture.objects.none()
    shown = shown.select_related("original", "added_by", "withdrawn_by")
    return shown.prefetch_related("renditions").order_by("-added_at", "pk")


def lacks(picture: Picture, today: date) -> list[str]:
    """Return why a picture is not shown to everybody; nothing where it may be."""
    if picture.withdrawn_at is not None:
        return [_("It was withdrawn.")]
    reasons = []
    if not picture.is_decoration:
        names = dict(settings.LANGUAGES)
        owed = [name for code, name in names.items() if not picture.alternative.get(code)]
        if owed:
            reasons.append(_("Alternative text is missing in: %(names)s") % {
                "names": _(", ").join(owed)})  # fmt: skip
    if picture.shows_people and not picture.consent_by:
        reasons.append(_("Nobody of those shown is noted to have agreed."))
    elif picture.shows_people and is_consent_over(picture, today):
        reasons.append(_("The consent of those shown has ended."))
    return reasons


def is_consent_over(picture: Picture, today: date) -> bool:
    """Return whether the last day for which those shown agreed has passed."""
    return picture.consent_until is not None and picture.consent_until < today


def public_uses(picture: Picture) -> QuerySet[Item]:
    """Return the items that everybody reads now and that have the picture."""
    return Item.objects.filter(published__picture=picture, withdrawn_at=None).order_by("code")


def rendition_of(code: str, name: str) -> Rendition | None:
    """Return the rendition that an address names, as in ``480.webp``; None where there is none."""
    width, _dot, kind = name.partition(".")
    if not width.isascii() or not width.isdecimal() or len(width) > LONGEST_WIDTH:
        return None
    rows = Rendition.objects.filter(picture__code=code, width=int(width), kind=kind)
    return rows.select_related("file", "picture").first()


def items_with(user: Any, picture: Picture) -> list[Item]:
    """Return the items a person may read that have, or had in any version, the picture."""
    from hiwar.publishing.queries.items import items_for

    versions = ItemVersion.objects.filter(picture=picture).values("item")
    return list(items_for(user).filter(pk__in=versions))


def files_left(picture: Picture) -> int:
    """Return how many files of a picture are kept."""
    return picture.renditions.count() + (picture.original_id is not None)


def with_thumbnail(pictures: QuerySet[Picture]) -> QuerySet[Picture]:
    """Return pictures with the width of their smallest rendition, None before there is one."""
    smallest = Rendition.objects.filter(picture=OuterRef("pk"), kind="jpeg").order_by("width")
    return pictures.annotate(thumbnail=Subquery(smallest.values("width")[:1]))


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture as a page shows it.

    Attributes
    ----------
    sources : list of (str, str)
        Content type and ``srcset`` of each kind that is lighter than JPEG.
    srcset, src : str
        The JPEGs, and the one for whoever knows no widths.
    width, height : int
        Pixels of ``src``.
    alternative, caption : str
        In the language that is shown; the first is empty for decoration.
    focus_x, focus_y : int
        Where to hold it while it is cut, in tenths of the way from the left and the top.
    """

    sources: list[tuple[str, str]]
    srcset: str
    src: str
    width: int
    height: int
    alternative: str
    caption: str
    credit: str
    place: str
    taken_on: date | None
    focus_x: int
    focus_y: int


def shown_picture(
    picture: Picture | None, language: str, today: date, root: str = "/pictures/"
) -> ShownPicture | None:
    """Return how a page shows a picture to everybody; None where it may not be shown."""
    if picture is None or lacks(picture, today):
        return None
    return drawn_picture(picture, language, root)


def drawn_picture(picture: Picture, language: str, root: str) -> ShownPicture | None:
    """Return how a page shows a picture, ready or not; None before it is drawn."""
    rows = sorted(picture.renditions.all(), key=lambda row: row.width)
    jpegs = [row for row in rows if row.kind == Rendition.Kind.JPEG]
    if not jpegs:
        return None

    def address(row: Rendition) -> str:
        return f"{root}{picture.code}/{row.width}.{row.kind}"

    def widths_of(kind: str) -> str:
        return ", ".join(f"{address(row)} {row.width}w" for row in rows if row.kind == kind)

    plain = [row for row in jpegs if row.width <= PLAIN_WIDTH][-1:] or jpegs[:1]
    sources = [(f"image/{kind}", widths_of(kind)) for kind in KINDS if widths_of(kind)]
    return ShownPicture(
        sources, widths_of("jpeg"), address(plain[0]), plain[0].width, plain[0].height,
        "" if picture.is_decoration else picture.alternative.in_language(language),
        picture.caption.in_language(language), picture.credit, picture.place, picture.taken_on,
        round(picture.focus_x / 10), round(picture.focus_y / 10),
    )  # fmt: skip


def names_of_pictures(keys: Iterable[str]) -> dict[str, str]:
    """Return how pictures are called in the log: by the beginning of their code alone."""
    rows = Picture.objects.filter(pk__in=list(keys)).order_by("pk")
    return {str(row.pk): row.code[:6] for row in rows}
