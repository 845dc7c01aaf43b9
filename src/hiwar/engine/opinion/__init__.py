"""Opinion groups, common ground and the opinion map from votes on statements.

A vote is ``+1`` (agree), ``0`` (pass) or ``-1`` (disagree). A pass is a vote; a
statement that a participant never voted on is missing, which is something else.
This sign convention is stated here once and holds everywhere in Hiwar.
"""

from hiwar.engine.opinion.votes import AGREE, DISAGREE, PASS, Moderation, Tally, Votes

__all__ = ["AGREE", "DISAGREE", "ENGINE_VERSION", "PASS", "Moderation", "Tally", "Votes"]

ENGINE_VERSION = "1.0.0"
