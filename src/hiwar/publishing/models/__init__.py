"""The nouns of the public face."""

from hiwar.publishing.models.items import Item, ItemVersion
from hiwar.publishing.models.newsletter import Issue, IssueEntry
from hiwar.publishing.models.open_data import OpenTable, SignedList, SiteCopy
from hiwar.publishing.models.pictures import Picture, Rendition
from hiwar.publishing.models.profile import PublicProfile

__all__ = [
    "Issue",
    "IssueEntry",
    "Item",
    "ItemVersion",
    "OpenTable",
    "Picture",
    "PublicProfile",
    "Rendition",
    "SignedList",
    "SiteCopy",
]
