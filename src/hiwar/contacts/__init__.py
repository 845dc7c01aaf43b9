"""People, organisations, posts and who holds them, with consents: the institution's network.

Floor 1, above places and below dossiers. Words: person, organisation, post, post holding,
membership, relationship, consent, interaction. A letter goes to a post; its holder changes.
"""
