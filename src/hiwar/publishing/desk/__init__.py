"""The site at the desk: its line in the menu, what waits, what should have opened."""

from hiwar.publishing.desk.items import MENU, due, risks

__all__ = ["MENU", "due", "risks"]
