"""Dossiers: issues followed for years, the strategy tree they serve, the barriers they remove.

Floor 2: FOLLOW. Words: dossier, fact, pillar, programme, project, barrier. A dossier does not
know what hangs on it; rooms above register what they add to its timeline.
"""
