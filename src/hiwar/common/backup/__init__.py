"""Copies of the whole house: rows, files and keys in one encrypted file, and the way back.

A copy is read in one snapshot of the database while people vote, and nothing of it touches the
disk unencrypted. Rows are written as plain values of the models, so a copy of one kind of database
goes back into the other. What can be made again, and what belongs to one machine, is left out.
"""
