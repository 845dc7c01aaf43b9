"""The addresses of places and calendars at the desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from hiwar.places.desk import calendars, places

desk: list[URLPattern] = [
    path("", places.list_places, name="places"),
    path("new/", places.new, name="new_place"),
    path("file/", places.places_file, name="places_file"),
    path("place/<str:key>/", places.edit, name="place"),
    path("place/<str:key>/remove/", places.remove, name="remove_place"),
    path("calendars/", calendars.list_calendars, name="calendars"),
    path("calendars/new/", calendars.new, name="new_calendar"),
    path("calendars/<str:key>/", calendars.calendar, name="calendar"),
    path("calendars/<str:key>/edit/", calendars.edit, name="edit_calendar"),
    path("calendars/<str:key>/seasons/new/", calendars.new_season, name="new_season"),
    path("calendars/<str:key>/pauses/new/", calendars.new_pause, name="new_pause"),
    path("seasons/<str:key>/", calendars.season, name="season"),
    path("seasons/<str:key>/remove/", calendars.remove_season, name="remove_season"),
    path("pauses/<str:key>/remove/", calendars.remove_pause, name="remove_pause"),
]
