"""Verbs of the library: entered, looked at, judged, corrected, withdrawn."""
