"""The report page: one self-contained HTML file drawn from the JSON document alone.

Room: analysis. It knows neither the engine nor a framework; what it says about a conversation
stands in the document. Words: report, opinion map, opinion group, shared, dividing.
"""

from __future__ import annotations

from hiwar.analysis.report.page import render

__all__ = ["render"]
