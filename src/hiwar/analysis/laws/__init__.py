"""Laws as people save them: PDF with a text layer, DOCX, HTML, Akoma Ntoso, markup, plain text.

`read_law_file` takes bytes, knows no framework and no network, and keeps to limits; `child` runs
it in a process of its own.
"""

from hiwar.analysis.laws.pdf import pages_of_pdf
from hiwar.analysis.laws.reading import LawFile, PageFault, read_law_file

__all__ = ["LawFile", "PageFault", "pages_of_pdf", "read_law_file"]
