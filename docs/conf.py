"""How the documentation is built: Sphinx, MyST, furo, and pages made from the tables of the package."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "trialparse"
author = "trialparse contributors"
copyright = "2026, trialparse contributors"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.viewcode",
    "sphinx_click",
    "tables",
    "registers",
    "names",
    "notebook",
]
exclude_patterns = ["_build"]
smartquotes_action = "q"  # two hyphens are those of an option
default_role = "code"  # docstrings are written with single backticks

highlight_options = {"python": {"stripnl": True}}  # examples end with the empty line that doctest asks for

html_theme = "furo"
html_title = "trialparse"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["rows.js"]

myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence", "deflist"]

toc_object_entries = False  # a page has hundreds of fields; they would be copied into each page
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
autodoc_typehints = "signature"
autodoc_class_signature = "separated"
autodoc_default_options = {"exclude-members": "__init__, __new__"}
