"""What the institution asks for, and what parties and bodies say to it, dated and sourced.

Floor 8: ASK. Words: ask, position, stance, position link. Nothing said is overwritten: a position
is what somebody said on a day, and the table of a dossier can be read as of any day.
"""
