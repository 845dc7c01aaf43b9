"""Policy development forums: a question taken through rounds and sessions to a paper.

Floor 6: DELIBERATE. Words: forum, stage, target, telling. A forum points down at rounds of
dialogues and at events and holds neither; papers and asks point down at it. People who take part
are counted source by source and never joined.
"""
