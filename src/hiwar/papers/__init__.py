"""What the institution writes: papers in blocks, their recommendations, evidence and versions.

Floor 7, over dialogues and forums. Words: paper, block, conflict, recommendation, equity note,
citation, review, version. A paper is written by several people, merged by block; it is frozen as
canonical text, and published only when nothing stops it.
"""
