"""The site at the desk: its line in the menu, what waits, what should have opened."""

from hiwar.publishing.desk.items import MENU, due, risks
from hiwar.publishing.desk.newsletter import due_issues

__all__ = ["MENU", "due", "due_issues", "risks"]
