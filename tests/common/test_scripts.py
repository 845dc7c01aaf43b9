"""Columns that hold a name in each language of the installation, out of the house and into it."""

from __future__ import annotations

import pytest
from django.utils import translation

from hiwar.common.scripts import (
    NAME_IN,
    columns_of_names,
    headings_in_languages,
    names_in_columns,
)

FRENCH = [("fr", "Français"), ("en", "English")]


def test_columns_follow_the_languages_of_the_installation(settings):
    settings.LANGUAGES = FRENCH
    with translation.override("en"):
        assert columns_of_names() == {"name_fr": "Name (French)", "name_en": "Name (English)"}
    headings = headings_in_languages("name", NAME_IN)
    assert {"name_fr", "name fr", "name in French", "Name (French)"} <= set(headings["name_fr"])


@pytest.mark.parametrize(
    ("names", "cells"),
    [
        ({"fr": "Élodie", "en": "Elodie"}, ["Élodie", "Elodie"]),
        ({"fr": "Élodie"}, ["Élodie", ""]),
        # In no language that is spoken here: nobody leaves without a name.
        ({"de": "Jürgen"}, ["Jürgen", ""]),
        ({"ar": "سلمى"}, ["سلمى", ""]),
        ({"en": "Salma", "ar": "سلمى"}, ["", "Salma"]),
        ({}, ["", ""]),
    ],
)
def test_nobody_leaves_without_a_name(settings, names, cells):
    settings.LANGUAGES = FRENCH
    assert names_in_columns(names) == cells
