"""The engine room: arrays in, arrays out.

Nothing here knows Django, a database, the clock, the network or a global.
Each package is a stranger to the others: they meet only in the rooms above.
"""
