"""The addresses of channels on the public site and at the desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from hiwar.channels import views
from hiwar.channels.desk import opt_outs, pages, subscribers

public: list[URLPattern] = [
    path("u/<str:token>/", views.way_out, name="way_out"),
    path("subscription/<str:token>/", views.subscription, name="subscription"),
]

desk: list[URLPattern] = [
    path("", pages.outbox, name="outbox"),
    path("inbox/", pages.inbox, name="inbox"),
    path("inbox/<str:key>/", pages.inbound, name="inbound"),
    path("sendings/", pages.batches, name="batches"),
    path("sendings/<str:key>/", pages.batch, name="batch"),
    path("settings/", pages.ways, name="ways"),
    path("subscribers/", subscribers.list_subscribers, name="subscribers"),
    path("subscribers/file/", subscribers.take_list, name="subscribers_file"),
    path("opt-outs/", opt_outs.opt_outs, name="opt_outs"),
    path("<str:key>/", pages.message, name="message"),
]
