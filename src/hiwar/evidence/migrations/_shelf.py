"""What was stated with its source in words comes to the library, and back.

A source is found by its words as on the day of these migrations, whatever the room does later.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

from hiwar.common.multilingual import script_of_language
from hiwar.common.scripts import script_of_text
from hiwar.engine.names import digits_as_ascii, fold_arabic

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from django.db.backends.base.base import BaseDatabaseWrapper

# What all staff may read.
WIDE = ("institution", "coalition", "official", "press", "public")


@dataclass(frozen=True, slots=True)
class Naming:
    """How a row names a source: titles, an address, the record that names it, its dossier."""

    titles: Sequence[str]
    place: Any
    url: str = ""
    dossier: Any = None
    issued: str = ""
    is_demo: bool = False
    own: Collection[UUID] = ()


def plain(text: str) -> str:
    """Return a text with letters and digits written in several ways made one."""
    return digits_as_ascii(fold_arabic(text)).casefold()


def language_of(title: str) -> str:
    """Return the first language of the house that is written in the script of a title."""
    script = script_of_text(title)
    codes = [str(code) for code, _name in settings.LANGUAGES]
    return next((code for code in codes if script_of_language(code) == script), codes[0])


def in_house_order(texts: Mapping[str, str]) -> list[str]:
    """Return what is said in several languages, those of the house first and in its order."""
    codes = [str(code) for code, _name in settings.LANGUAGES]
    first = [texts[code] for code in codes if code in texts]
    return first + [words for code, words in texts.items() if code not in codes]


def told_alike(
    sources: Iterable[Any], *, titles: Iterable[str], url: str, dossier: Any, place: Any,
    own: Collection[UUID],
) -> Any:  # fmt: skip
    """Return which of some sources is told by an address or by words, or None.

    It is one of the whole library, of the same dossier, or of ``own``. What all staff may read
    (``place``) may also rest on a source of another dossier that all staff may read. An address
    decides before words; letters are folded.
    """
    near = [source for source in sources if source.pk in own or _is_near(source, dossier, place)]
    wanted = {plain(title) for title in titles if title.strip()}
    by_address = (source for source in near if url and source.url == url)
    by_words = (
        source for source in near
        if not (url and source.url and source.url != url) and wanted & words_of(source)
    )  # fmt: skip
    return next(by_address, None) or next(by_words, None)


def words_of(source: Any) -> set[str]:
    """Return by which words, folded, a source is told: its title, in each language it was told."""
    others = source.note.split("\n") if source.is_from_words else []
    return {plain(words) for words in (source.title, *others)} - {""}


def _is_near(source: Any, dossier: Any, place: Any) -> bool:
    if source.visibility not in WIDE:
        return False
    home = source.dossier
    if home is None or home == dossier:
        return True
    return bool(home.visibility in WIDE and place.visibility in WIDE)


class Shelf:
    """The sources of a database as a migration has it (``apps``), found by address and words."""

    def __init__(self, apps: Any) -> None:
        self.sources = apps.get_model("evidence", "Source")
        self.checks = apps.get_model("evidence", "Check")
        self.anybody = apps.get_model("accounts", "User").objects.order_by("pk").first()
        self.known: dict[str, list[Any]] = defaultdict(list)
        for source in self.sources.objects.select_related("dossier").order_by("added_at", "pk"):
            self._keep(source)

    def _keep(self, source: Any) -> None:
        for key in ({source.url} | words_of(source)) - {""}:
            self.known[key].append(source)

    def source_of(self, naming: Naming, *, at: datetime, checked: date | None, by: Any) -> Any:
        """Return the source that is told by these words, made where there is none.

        None where nothing is told, or nobody works in the house. A source that is made counts as
        looked at on the newest day on which one of those that rest on it was, by whom it was.
        """
        place, titles = naming.place, [title.strip() for title in naming.titles if title.strip()]
        actor = by or place.owner or self.anybody
        if actor is None or not (titles or naming.url):
            return None
        keys = [naming.url, *map(plain, titles)]
        near = {source.pk: source for key in keys if key for source in self.known.get(key, ())}
        alike = [source for source in near.values() if source.is_demo == naming.is_demo]
        source = told_alike(
            alike,
            titles=titles,
            url=naming.url,
            dossier=naming.dossier,
            place=place,
            own=naming.own,
        )
        if source is None:
            source = self._make(naming, titles, actor, at)
        elif source.dossier is not None and source.dossier != naming.dossier:
            source.dossier = None
            source.save(update_fields=["dossier"])
        if naming.url and source.is_from_words and not source.url:
            source.url = naming.url
            source.save(update_fields=["url"])
            self.known[source.url].append(source)
        if source.is_from_words and checked is not None:
            self._note_look(source, checked, by, at)
        return source

    def _make(self, naming: Naming, titles: list[str], actor: Any, at: datetime) -> Any:
        title, place = titles[0] if titles else naming.url, naming.place
        source = self.sources(
            title=title[:500], kind="webpage" if naming.url else "document",
            language=language_of(title), url=naming.url, issued=naming.issued,
            note="\n".join(titles[1:]), dossier=naming.dossier, is_from_words=True,
            is_demo=naming.is_demo, owner=place.owner or actor, added_by=actor, added_at=at,
        )  # fmt: skip
        is_own = naming.dossier is None and place.visibility not in WIDE
        source.visibility = place.visibility if is_own else "institution"
        source.save()
        if is_own:
            source.readers.set(place.readers.all())
        self._keep(source)
        return source

    def _note_look(self, source: Any, on: date, by: Any, at: datetime) -> None:
        if source.checked_on is None or on > source.checked_on:
            source.checked_on = on
            source.save(update_fields=["checked_on"])
        if by is not None:
            self.checks.objects.get_or_create(
                source=source, on=on, checked_by=by, result="holds", defaults={"recorded_at": at}
            )


def forget_words(apps: Any, connection: BaseDatabaseWrapper) -> None:
    """Take out the sources that were made of words and that nothing else rests on.

    What stays of a dossier is read by those who read the dossier.
    """
    model = apps.get_model("evidence", "Source")
    held = _held_sources(model, connection)
    for source in model.objects.filter(is_from_words=True).exclude(pk__in=held).order_by("pk"):
        source.checks.all()._raw_delete(connection.alias)
        model.readers.through.objects.filter(source=source)._raw_delete(connection.alias)
        model.objects.filter(pk=source.pk)._raw_delete(connection.alias)
    for source in model.objects.exclude(dossier=None).select_related("dossier").order_by("pk"):
        if source.dossier.visibility not in WIDE and source.visibility in WIDE:
            source.visibility, source.owner = source.dossier.visibility, source.dossier.owner
            source.save(update_fields=["visibility", "owner"])
            source.readers.set(source.dossier.readers.all())


def _held_sources(model: Any, connection: BaseDatabaseWrapper) -> set[Any]:
    """Return the keys of sources that something rests on beside their checks and readers.

    A migration may know tables and columns of rooms that went back before it.
    """
    held: set[Any] = set()
    own = {"Check", model.readers.through.__name__}
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for field in model._meta.get_fields(include_hidden=True):
            if field.concrete or not field.auto_created or field.related_model.__name__ in own:
                continue
            table = field.related_model._meta.db_table
            if table not in tables or field.many_to_many:
                continue
            described = connection.introspection.get_table_description(cursor, table)
            if field.field.column in {column.name for column in described}:
                rows = field.related_model.objects.exclude(**{field.field.name: None})
                held.update(rows.values_list(field.field.attname, flat=True))
    return held
