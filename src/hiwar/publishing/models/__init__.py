"""The nouns of the public face."""

from hiwar.publishing.models.items import Item, ItemVersion

__all__ = ["Item", "ItemVersion"]
