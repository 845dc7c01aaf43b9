"""The addresses of the room: the private link of who is asked, and the desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from hiwar.signatures import views
from hiwar.signatures.desk import signing

public: list[URLPattern] = [
    path("sign/<str:token>/", views.sign, name="sign"),
    path("sign/<str:token>/receipt/", views.receipt, name="sign_receipt"),
    path("sign/<str:token>/withdraw/", views.withdraw, name="sign_withdraw"),
]

desk: list[URLPattern] = [
    path("<str:key>/", signing.signatures, name="signing"),
    path("<str:key>/ask/", signing.ask, name="ask"),
    path("<str:key>/remind/", signing.remind, name="remind"),
    path("<str:key>/answers.csv", signing.as_csv, name="answers_csv"),
    path("<str:key>/answers.xlsx", signing.as_xlsx, name="answers_xlsx"),
    path("<str:key>/letters/", signing.letters, name="letters"),
    path("<str:key>/letters/<str:part>/", signing.letter, name="letter"),
    path("<str:key>/requests/<str:part>/", signing.request, name="request"),
    path("<str:key>/requests/<str:part>/change/", signing.change_request, name="change_request"),
    path(
        "<str:key>/requests/<str:part>/withdraw/",
        signing.withdraw_signature,
        name="withdraw_signature",
    ),
]
