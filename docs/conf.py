"""How the documentation is built: Markdown, no network, a warning is an error."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

from hiwar import __version__

project = "Hiwar"
author = "Hiwar contributors"
release = version = __version__
language = "en"

extensions = ["myst_parser", "mathml"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath", "fieldlist", "tasklist"]
myst_heading_anchors = 3
html_math_renderer = "mathml"
exclude_patterns = ["_build", "screenshots/README.md"]
nitpicky = True

html_theme = "furo"
html_title = "Hiwar"
html_static_path = ["_static"]
html_css_files = ["hiwar.css"]
html_show_sourcelink = False
html_show_sphinx = False
html_theme_options = {
    "light_css_variables": {
        "color-brand-primary": "#0b5d5b",
        "color-brand-content": "#0b5d5b",
        "font-stack": "'IBM Plex Sans', 'IBM Plex Sans Arabic', system-ui, sans-serif",
    },
    "dark_css_variables": {
        "color-brand-primary": "#6fc7c0",
        "color-brand-content": "#6fc7c0",
    },
}
