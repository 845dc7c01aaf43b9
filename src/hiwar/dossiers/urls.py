"""The addresses of the room on the public site."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from hiwar.accounts.urls import LANGUAGE
from hiwar.dossiers.views import signing, statements

_ONE = rf"^(?P<language>{LANGUAGE})/statements/(?P<code>[\w-]+)/"

public: list[URLPattern] = [
    path("sign/<str:token>/", signing.sign, name="sign"),
    path("sign/<str:token>/receipt/", signing.receipt, name="sign_receipt"),
    path("sign/<str:token>/withdraw/", signing.withdraw, name="sign_withdraw"),
    re_path(rf"^(?P<language>{LANGUAGE})/statements/$", statements.statements, name="statements"),
    re_path(rf"{_ONE}$", statements.statement, name="statement"),
    re_path(rf"{_ONE}(?P<number>\d+)/$", statements.statement, name="statement_version"),
    re_path(
        rf"{_ONE}(?P<number>\d+)/(?P<name>[\w.-]+)$",
        statements.statement_file,
        name="statement_file",
    ),
]
