"""The whole house in open formats: written out for whoever leaves, brought into an empty house.

What is for reading lies open, as CSV, JSON Lines, files and pages that need no Hiwar. What nobody
may read, and what only another Hiwar needs, lies beside it in one encrypted file. Rooms declare
which of their tables and columns these are.
"""
