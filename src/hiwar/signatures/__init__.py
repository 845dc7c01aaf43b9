"""Signing a version of a document: who is asked, by which letter, who signs and on what terms.

The document itself lies in a room above, which keeps a foreign key down and registers its kind.
"""
