"""Laws and drafts: where each stands, every version of its text, and what changed between two.

Floor 3: REGISTER. Words: law, procedure, stage, legislative step, version of a law, provision. A
text is never overwritten: a version is what was obtained on a day, from a source, to the letter.
"""
