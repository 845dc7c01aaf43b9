"""Verbs of dossiers."""
