"""How the house is: one list of what was looked at, each line with what it found and what to do.

Rooms add looks with `findings.register_look`. The command `hiwar doctor` and the desk's page of the
house show the same list; the start-up checks and `/readyz` are read, not asked a second time.
"""
