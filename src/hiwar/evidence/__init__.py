"""The library that facts, papers, memoranda and pages cite: sources, evidence, instruments, media.

The floor between dossiers and legislation. Words: source, copy, check, evidence item, version,
testimony, instrument, article of an instrument, media item. Quality is stated by a person with a
reason; nothing is computed.
"""
