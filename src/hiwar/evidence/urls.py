"""The addresses of the library at the desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from hiwar.evidence.desk import instruments, items, media, sources

desk: list[URLPattern] = [
    path("", sources.list_sources, name="sources"),
    path("export.<str:kind>", sources.export_sources, name="export_sources"),
    path("new/", sources.new, name="new_source"),
    path("sources/<str:key>/", sources.source, name="source"),
    path("sources/<str:key>/edit/", sources.edit, name="edit_source"),
    path("sources/<str:key>/judge/", sources.judge, name="judge_source"),
    path("sources/<str:key>/check/", sources.check, name="check_source"),
    path("sources/<str:key>/copies/new/", sources.keep_copy, name="keep_copy"),
    path("copies/<str:key>/", sources.copy, name="copy"),
    path("copies/<str:key>/erase/", sources.erase_copy, name="erase_copy"),
    path("items/", items.list_items, name="items"),
    path("items/new/", items.new, name="new_item"),
    path("items/testimony/new/", items.new_testimony, name="new_testimony"),
    path("items/<str:key>/", items.item, name="item"),
    path("items/<str:key>/edit/", items.edit, name="edit_item"),
    path("items/<str:key>/judge/", items.judge, name="judge_item"),
    path("items/<str:key>/correct/", items.correct, name="correct_item"),
    path("items/<str:key>/withdraw/", items.withdraw, name="withdraw_consent"),
    path("instruments/", instruments.list_instruments, name="instruments"),
    path("instruments/new/", instruments.new, name="new_instrument"),
    path("instruments/<str:key>/", instruments.instrument, name="instrument"),
    path("instruments/<str:key>/edit/", instruments.edit, name="edit_instrument"),
    path("instruments/<str:key>/check/", instruments.check, name="check_instrument"),
    path("instruments/<str:key>/articles/new/", instruments.add_article, name="add_article"),
    path("media/", media.list_media, name="media"),
    path("media/new/", media.new, name="new_media_item"),
    path("media/<str:key>/", media.media_item, name="media_item"),
    path("media/<str:key>/edit/", media.edit, name="edit_media_item"),
]
