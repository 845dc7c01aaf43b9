"""The nouns of a forum."""

from hiwar.forums.models.forums import Forum, ForumTarget
from hiwar.forums.models.stages import Stage

__all__ = ["Forum", "ForumTarget", "Stage"]
