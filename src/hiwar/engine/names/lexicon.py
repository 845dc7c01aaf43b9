"""What the language itself knows of names: particles, compounds, and articles that are none."""

from __future__ import annotations

import re

# Arabic, as `fold_arabic` leaves it.
SERVANT = "عبد"
ARTICLE = "ال"
JOINED_BEFORE = frozenset(["ابو", "ابا", "ابي", "ام", "عبد", "ذو", "ابن ابي"])
KUNYA = {"ابا": "ابو", "ابي": "ابو"}
JOINED_AFTER = frozenset(["الله", "الدين", "الاسلام", "الحق", "الرب"])
BETWEEN = frozenset(["بن", "ابن", "بنت", "bin", "ibn", "ben", "bint"])
# Names whose first two letters are no article.
NO_ARTICLE = frozenset(
    [
        "الياس", "الهام", "الفت", "الين", "اليسا", "اليسار", "الفرد", "الفريد", "البرت", "البير",
        "الكسندر", "الكسي", "اليزابيث", "اليانا", "الينا", "العازر", "الطاف", "الوف", "الفه",
    ]
)  # fmt: skip

# Latin, as `fold_latin` leaves it.
LATIN_ARTICLES = frozenset(["al", "el", "ul", "il"])
LATIN_FATHER = frozenset(["abu", "abou", "abo", "aboo", "abi", "aba", "abul", "aboul"])
LATIN_MOTHER = frozenset(["um", "umm", "oum", "oumm", "om", "omm"])
SERVANT_ALONE = re.compile(r"abd(?:[aeiou]{0,2}[lrsnztd]?)?$")
SERVANT_JOINED = re.compile(r"abd(?:[aeiou]{1,2})(?:l(?=.)|(?=([^aeiou])\1))(?P<rest>\w{3,})$")
FAITH_ALONE = re.compile(r"(?:[aeiou]{1,2}[ld]|[aeiou])?-?(?:d(?:i|ee|ie|ei)n{1,2}e?)$")
FAITH_JOINED = re.compile(r"(?P<head>\w{2,}?)(?:[aeiou]{1,2}(?:l|d)?)?d(?:i|ee|ie|ei)n{1,2}e?$")
ASSIMILATED = re.compile(r"[aeiou](?P<sun>[bcdghjklmnqrstxz]{1,2})$")
# Latin names that begin as an article does and are none.
LATIN_NO_ARTICLE = re.compile(
    r"(?:al+a+|ali[aeh]*|al+en|ele+na?|el+a|eli[aeszyn]+[a-z]*|elh?am|ilh?am|ilyas+|alma|elma|"
    r"alfred|albert|alber|alex\w*|eliz\w*|elen\w*|ellen|alice|alin[ea]|el[iy]+ne?|elianna?|alya|"
    r"alya+|elissa?r?|altaf|olfat|ulfat|elfat|alfat)$"
)
