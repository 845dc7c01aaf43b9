"""Ground floor: what every room stands on, and no word of the glossary.

Audit entries, refusals, multilingual fields, base pages, the desk shell, start-up checks.
"""
