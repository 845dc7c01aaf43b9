"""What leaves compressed, and above all what never does."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import brotli
import pytest

from factories.accounts import InstitutionFactory
from hiwar.common.serving.compression import chosen_encoding

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("header", "way"),
    [
        ("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("GZIP;q=0.5", "gzip"), ("", ""),
        ("br;q=0, gzip", "gzip"), ("br; q=0.0, identity", ""), ("deflate", ""),
    ],
)  # fmt: skip
def test_the_way_that_both_know_is_taken(header: str, way: str) -> None:
    assert chosen_encoding(header) == way


def test_a_public_page_is_compressed_and_says_so(client: Client) -> None:
    InstitutionFactory.create()
    plain = client.get("/ar/about/")
    assert "Content-Encoding" not in plain
    assert "Accept-Encoding" in plain["Vary"]
    for way, unpack in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        page = client.get("/ar/about/", headers={"accept-encoding": way})
        assert page["Content-Encoding"] == way
        assert unpack(page.content) == plain.content
        assert int(page["Content-Length"]) == len(page.content) < len(plain.content) / 2
        assert page["ETag"] == f"W/{plain['ETag']}"
        headers = {"accept-encoding": way, "if-none-match": page["ETag"]}
        assert client.get("/ar/about/", headers=headers).status_code == 304


def test_where_a_secret_may_stand_nothing_is_compressed(client: Client) -> None:
    """BREACH: a token beside words from elsewhere would be read off the length."""
    InstitutionFactory.create()
    takes = {"accept-encoding": "br, gzip"}
    client.cookies["hiwar_theme"] = "dark"
    assert "Content-Encoding" in client.get("/ar/about/", headers=takes)
    sign_in = client.get("/desk/sign-in/", headers=takes)
    assert sign_in.status_code == 200
    assert "Content-Encoding" not in sign_in
    client.cookies["hiwar_session"] = "somebody"
    assert "Content-Encoding" not in client.get("/ar/about/", headers=takes)
