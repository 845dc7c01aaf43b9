"""Akoma Ntoso 3.0, out: valid against the strict schema."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from datetime import date

    from hiwar.engine.law.structure import Law, Provision

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
LANGUAGES = {"ar": "ara", "en": "eng", "fr": "fra", "he": "heb", "es": "spa", "de": "deu"}
# What XML 1.0 cannot hold.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_AGENT = "hiwar"


@dataclass(frozen=True, slots=True)
class Work:
    """What a law is called, apart from its text.

    Attributes
    ----------
    country : str
        Two letters of ISO 3166.
    day : datetime.date
        Of the work: when it was made or issued.
    number : str
        Its number, or a short name of ASCII letters and hyphens.
    title : str
        As cited.
    document : str
        `act` or `bill`.
    subtype : str
        Such as `decree-law`; may be empty.
    version_day : datetime.date
        Day of this text.
    author : str
        Who issues it, for a reader; may be empty.
    """

    country: str
    day: date
    number: str
    title: str
    version_day: date
    document: str = "act"
    subtype: str = ""
    author: str = ""

    def address(self) -> str:
        """Return the address of the work after the naming convention of Akoma Ntoso.

        Returns
        -------
        str
            Such as `/akn/ps/act/decree-law/2018-04-29/10`.
        """
        parts = (
            "akn",
            self.country,
            self.document,
            self.subtype,
            self.day.isoformat(),
            self.number,
        )
        return "/" + "/".join(part for part in parts if part)


def to_akoma_ntoso(law: Law, work: Work) -> bytes:
    """Write a law as Akoma Ntoso 3.0.

    Parameters
    ----------
    law : Law
        The text.
    work : Work
        What it is called.

    Returns
    -------
    bytes
        XML in UTF-8, valid against the strict schema. A line is a paragraph `p`; a letter that XML
        cannot hold becomes U+FFFD.
    """
    root = etree.Element(f"{{{NAMESPACE}}}akomaNtoso", nsmap={None: NAMESPACE})
    document = _add(root, work.document, name=work.subtype or work.document)
    _meta(document, law, work)
    for name, text in (("preface", law.preface), ("preamble", law.preamble)):
        if text:
            _lines(_add(document, name, eId=name), text, name)
    body = _add(document, "body", eId="body")
    for provision in law.body:
        _provision(body, provision)
    if not law.body:
        empty = _add(body, "hcontainer", eId="hcontainer_0", name="empty")
        _add(_add(empty, "content"), "p")
    if law.conclusion:
        _lines(_add(document, "conclusions", eId="conclusions"), law.conclusion, "conclusions")
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written


def _add(parent: etree._Element, tag: str, text: str = "", **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}", attributes)
    if text:
        element.text = _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
    return element


def _lines(parent: etree._Element, text: str, eid: str) -> None:
    for at, line in enumerate(text.split("\n"), 1):
        _add(parent, "p", line, eId=f"{eid}__p_{at}")


def _provision(parent: etree._Element, provision: Provision) -> None:
    kind = provision.kind
    if kind in {"unit", "annex"}:
        element = _add(parent, "hcontainer", eId=provision.eid, name=kind)
    else:
        element = _add(parent, kind, eId=provision.eid)
    if provision.label:
        _add(element, "num", provision.label, eId=f"{provision.eid}__num_1")
    if provision.heading:
        _add(element, "heading", provision.heading, eId=f"{provision.eid}__heading_1")
    if not provision.children:
        # A text that stands behind what is in it needs something to stand behind.
        text = "\n".join(filter(None, (provision.text, provision.closing)))
        content = _add(element, "content", eId=f"{provision.eid}__content")
        _lines(content, text, provision.eid)
        return
    if provision.text:
        intro = _add(element, "intro", eId=f"{provision.eid}__intro")
        _lines(intro, provision.text, f"{provision.eid}__intro")
    for child in provision.children:
        _provision(element, child)
    if provision.closing:
        wrap = _add(element, "wrapUp", eId=f"{provision.eid}__wrapup")
        _lines(wrap, provision.closing, f"{provision.eid}__wrapup")


def _meta(document: etree._Element, law: Law, work: Work) -> None:
    meta = _add(document, "meta")
    identification = _add(meta, "identification", source=f"#{_AGENT}")
    address, language = work.address(), LANGUAGES.get(law.language, law.language)
    version = f"{address}/{language}@{work.version_day.isoformat()}"
    author = "#author" if work.author else ""
    first = _level(identification, "FRBRWork", address, work.day)
    _add(first, "FRBRauthor", href=author)
    _add(first, "FRBRcountry", value=work.country)
    if work.subtype:
        _add(first, "FRBRsubtype", value=work.subtype)
    _add(first, "FRBRnumber", value=work.number)
    if work.title:
        alias = etree.Element(f"{{{NAMESPACE}}}FRBRalias", {"name": "title", "value": work.title})
        first.insert(2, alias)
    second = _level(identification, "FRBRExpression", version, work.version_day)
    _add(second, "FRBRauthor", href=author)
    _add(second, "FRBRlanguage", language=language)
    third = _level(identification, "FRBRManifestation", f"{version}.xml", work.version_day)
    _add(third, "FRBRauthor", href=f"#{_AGENT}")
    references = _add(meta, "references", source=f"#{_AGENT}")
    _add(references, "TLCOrganization", eId=_AGENT, href=f"/ontology/organization/{_AGENT}",
         showAs="Hiwar")  # fmt: skip
    if work.author:
        _add(references, "TLCOrganization", eId="author", href="/ontology/organization/author",
             showAs=work.author)  # fmt: skip


def _level(parent: etree._Element, tag: str, address: str, day: date) -> etree._Element:
    level = _add(parent, tag)
    this = address.removesuffix(".xml") + "/!main" + (".xml" if address.endswith(".xml") else "")
    _add(level, "FRBRthis", value=this)
    _add(level, "FRBRuri", value=address)
    _add(level, "FRBRdate", date=day.isoformat(), name="generation")
    return level
