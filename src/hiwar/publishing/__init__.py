"""The public face: what the site says that no room below says already.

Floor 9, over every room: it reads their queries and writes its own rows alone. Words: item,
version of an item, opening. One item holds all its languages; a second person lets it out.
"""
