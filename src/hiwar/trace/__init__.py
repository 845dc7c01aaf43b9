"""From what was heard to what was changed, and back: a reading of foreign keys.

The room stores nothing: a link that is not a key of another room is no link here. Each room says
which of its rows a reader may read, and only those are joined.
"""
