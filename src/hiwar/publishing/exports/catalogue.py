"""The catalogue of the open data in the words of DCAT-AP 3.0, and of schema.org.

The vocabularies of file types, access rights and frequencies are those that the profile names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hiwar.dialogues.queries.method import LICENCE_URL
from hiwar.publishing.exports.feeds import absolute
from hiwar.publishing.exports.linked_data import Literal, Node, Thing, Word, instant
from hiwar.publishing.exports.open_data import columns_of, file_address, in_every_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hiwar.accounts.models import Institution
    from hiwar.common.tables.lending import PublicTable
    from hiwar.publishing.models import OpenTable, PublicProfile

    Listed = Sequence[tuple[PublicTable, OpenTable | None]]

AUTHORITY = "http://publications.europa.eu/resource/authority/"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
# The names of languages in the list of the European Union, by our codes without a region; of a
# language that is not here the catalogue says nothing.
LANGUAGES = {
    "ar": "ARA", "bg": "BUL", "ca": "CAT", "cs": "CES", "cy": "CYM", "da": "DAN", "de": "DEU",
    "el": "ELL", "en": "ENG", "es": "SPA", "et": "EST", "eu": "EUS", "fa": "FAS", "fi": "FIN",
    "fr": "FRA", "ga": "GLE", "gl": "GLG", "he": "HEB", "hi": "HIN", "hr": "HRV", "hu": "HUN",
    "hy": "HYE", "id": "IND", "is": "ISL", "it": "ITA", "ja": "JPN", "ka": "KAT", "ko": "KOR",
    "ku": "KUR", "lt": "LIT", "lv": "LAV", "mk": "MKD", "mt": "MLT", "nb": "NOB", "nl": "NLD",
    "pl": "POL", "pt": "POR", "ro": "RON", "ru": "RUS", "sk": "SLK", "sl": "SLV",
    "sq": "SQI", "sr": "SRP", "sv": "SWE", "sw": "SWA", "tr": "TUR", "uk": "UKR", "ur": "URD",
    "zh": "ZHO", "so": "SOM", "vi": "VIE",  # codespell:ignore
}  # fmt: skip
FORMATS = (("csv", "CSV", "text/csv"), ("json", "JSON", "application/json"))
INTERFACE = _("Read interface")
TITLE, MEANING = _("Open data"), _("What is published on this site, as tables for anybody to use.")


def catalogue(
    listed: Listed, house: Institution | None, profile: PublicProfile | None
) -> list[Node]:
    """Return the catalogue as nodes: itself, its publisher and contact, tables, files."""
    home = absolute(reverse("public_publishing:open_data", args=[settings.LANGUAGE_CODE]))
    root = Node(f"{home}#catalogue", "dcat:Catalog")
    publisher, contact = _publisher(home, house), _contact(home, house, profile)
    root.say_in_languages("dcterms:title", in_every_language(TITLE))
    root.say_in_languages("dcterms:description", in_every_language(MEANING))
    root.say("dcterms:publisher", Thing(publisher.address))
    root.say("foaf:homepage", Thing(home))
    root.say("dcterms:license", Thing(LICENCE_URL))
    root.say("dcat:themeTaxonomy", Thing(f"{AUTHORITY}data-theme"))
    root.say("dcterms:language", *_languages())
    changes = [state.changed_at for _table, state in listed if state is not None]
    if changes:
        root.say("dcterms:modified", instant(max(changes)))
    service = Node(f"{home}#interface", "dcat:DataService")
    service.say_in_languages("dcterms:title", in_every_language(INTERFACE))
    service.say("dcat:endpointURL", Thing(absolute(reverse("public_publishing:interface"))))
    described = reverse("public_publishing:interface_description")
    service.say("dcat:endpointDescription", Thing(absolute(described)))
    service.say("dcterms:license", Thing(LICENCE_URL))
    root.say("dcat:service", Thing(service.address))
    nodes = [root, publisher, contact, service]
    pages: list[Node] = [Node(home, "foaf:Document")]
    for table, state in listed:
        dataset = _dataset(table, state, home)
        dataset.say("dcterms:publisher", Thing(publisher.address))
        dataset.say("dcat:contactPoint", Thing(contact.address))
        dataset.say("dcat:landingPage", Thing(f"{home}#{table.code}"))
        pages.append(Node(f"{home}#{table.code}", "foaf:Document"))
        root.say("dcat:dataset", Thing(dataset.address))
        service.say("dcat:servesDataset", Thing(dataset.address))
        nodes.append(dataset)
        for kind, name, media in FORMATS:
            files = _distribution(table, state, kind, (name, media))
            dataset.say("dcat:distribution", Thing(files[0].address))
            nodes += files
    return [*nodes, *pages]


def schema_org(
    listed: Listed, house: Institution | None
) -> dict[str, Any]:  # fmt: skip
    """Return the catalogue in the words of schema.org, for search engines of data."""
    home = absolute(reverse("public_publishing:open_data", args=[settings.LANGUAGE_CODE]))
    creator = {
        "@type": "NGO", "name": _texts(dict(house.name.in_order()) if house else {}),
        "url": absolute(reverse("site:home", args=[settings.LANGUAGE_CODE])),
    }  # fmt: skip
    return {
        "@context": "https://schema.org", "@type": "DataCatalog", "@id": f"{home}#catalogue",
        "url": home, "name": _texts(in_every_language(TITLE)),
        "description": _texts(in_every_language(MEANING)), "license": LICENCE_URL,
        "creator": creator,
        "dataset": [
            {
                "@type": "Dataset", "@id": f"{home}#{table.code}", "url": f"{home}#{table.code}",
                "identifier": table.code, "name": _texts(in_every_language(table.title)),
                "description": _texts(in_every_language(table.meaning)),
                "license": LICENCE_URL, "creator": creator, "isAccessibleForFree": True,
                "inLanguage": [code for code, _name in settings.LANGUAGES],
                **({"dateModified": state.changed_at.isoformat()} if state else {}),
                "variableMeasured": [
                    {"@type": "PropertyValue", "name": column["name"],
                     "description": _texts(column["meaning"])}
                    for column in columns_of(table)
                ],
                "distribution": [
                    {"@type": "DataDownload", "encodingFormat": media,
                     "contentUrl": file_address(table.code, kind)}
                    for kind, _format, media in FORMATS
                ],
            }
            for table, state in listed
        ],
    }  # fmt: skip


def _texts(texts: dict[str, str]) -> list[dict[str, str]]:
    return [{"@language": code, "@value": text} for code, text in texts.items()]


def _languages() -> list[Thing]:
    codes = [code.partition("-")[0] for code, _name in settings.LANGUAGES]
    return [Thing(f"{AUTHORITY}language/{LANGUAGES[code]}") for code in codes if code in LANGUAGES]


def _publisher(home: str, house: Institution | None) -> Node:
    node = Node(f"{home}#publisher", "foaf:Agent")
    name = dict(house.name.in_order()) if house else {}
    node.say_in_languages("foaf:name", name or {settings.LANGUAGE_CODE: "Hiwar"})
    node.say("foaf:homepage", Thing(absolute("/")))
    node.say("dcterms:type", Thing("http://purl.org/adms/publishertype/NonProfitOrganisation"))
    return node


def _contact(home: str, house: Institution | None, profile: PublicProfile | None) -> Node:
    node = Node(f"{home}#contact", "vcard:Organization")
    name = dict(house.name.in_order()) if house else {}
    node.say_in_languages("vcard:fn", name or {settings.LANGUAGE_CODE: "Hiwar"})
    page = reverse("public_publishing:contact", args=[settings.LANGUAGE_CODE])
    node.say("vcard:hasURL", Thing(absolute(page)))
    if profile is not None and profile.email:
        node.say("vcard:hasEmail", Thing(f"mailto:{profile.email}"))
    return node


def _dataset(table: PublicTable, state: OpenTable | None, home: str) -> Node:
    node = Node(f"{home}#table-{table.code}", "dcat:Dataset")
    node.say_in_languages("dcterms:title", in_every_language(table.title))
    node.say_in_languages("dcterms:description", in_every_language(table.meaning))
    node.say("dcterms:identifier", Literal(table.code))
    node.say("dcat:theme", Thing(f"{AUTHORITY}data-theme/{table.theme}"))
    node.say("dcterms:accessRights", Thing(f"{AUTHORITY}access-right/PUBLIC"))
    node.say("dcterms:accrualPeriodicity", Thing(f"{AUTHORITY}frequency/IRREG"))
    node.say("dcterms:language", *_languages())
    if state is not None:
        node.say("dcterms:modified", instant(state.changed_at))
    return node


def _distribution(
    table: PublicTable, state: OpenTable | None, kind: str, names: tuple[str, str]
) -> list[Node]:
    """Return a file of a table, with its checksum where it was noted."""
    name, media = names
    address = file_address(table.code, kind)
    node = Node(f"{address}#file", "dcat:Distribution")
    node.say("dcat:accessURL", Thing(address))
    node.say("dcat:downloadURL", Thing(address))
    node.say_in_languages(
        "dcterms:title",
        {code: f"{title} ({name})" for code, title in in_every_language(table.title).items()},
    )
    node.say("dcterms:license", Thing(LICENCE_URL))
    node.say("dcterms:format", Thing(f"{AUTHORITY}file-type/{name}"))
    node.say("dcat:mediaType", Thing(f"{MEDIA_TYPES}{media}"))
    nodes = [node]
    if kind == "csv":
        page = reverse("public_publishing:table_metadata", args=[table.code])
        node.say("dcterms:conformsTo", Thing(absolute(page)))
        nodes.append(Node(absolute(page), "dcterms:Standard"))
    if state is not None:
        size = state.csv_size if kind == "csv" else state.json_size
        node.say("dcat:byteSize", Literal(str(size), datatype="xsd:nonNegativeInteger"))
        node.say("dcterms:modified", instant(state.changed_at))
        checksum = Node(f"{address}#checksum", "spdx:Checksum")
        checksum.say("spdx:algorithm", Word("spdx:checksumAlgorithm_sha256"))
        value = state.csv_sha256 if kind == "csv" else state.json_sha256
        checksum.say("spdx:checksumValue", Literal(value, datatype="xsd:hexBinary"))
        node.say("spdx:checksum", Thing(checksum.address))
        nodes.append(checksum)
    return nodes
