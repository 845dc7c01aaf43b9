from __future__ import annotations

from hiwar.asks.models.asks import Ask
from hiwar.asks.models.positions import Position, PositionLink

__all__ = ["Ask", "Position", "PositionLink"]
