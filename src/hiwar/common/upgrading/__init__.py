"""Another version put into a house: rehearsed on a copy, switched at once, taken back by itself.

Decision 75. What lies on the disk is at every instant either the old house or the new one, and a
journal says which way whoever comes after a killed process has to go.
"""
