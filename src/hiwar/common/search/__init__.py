"""Finding things: documents that rooms offer to full text, and people by the keys of their names.

A room says what it offers and what a reader may see of it; the database filters before it counts.
"""
