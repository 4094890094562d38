"""What a process does when it first uses the library, counted in fresh processes: modules, classes, plans, functions."""

import json
import os
import subprocess
import sys
from functools import cache
from typing import Any

import pytest

from tests.conftest import FIXTURES, ROOT
from trialparse.cli import COMMANDS, main

STATE = """
import json, re, sys
compiled, compile = [], re._compiler.compile
re._compiler.compile = lambda pattern, flags=0: compiled.append(str(pattern)) or compile(pattern, flags)
{}
from trialparse.generated import TEXTS
from trialparse.generated.classes import MADE, _OUTLINES
from trialparse.mapping import compiled as mappings
print(json.dumps({{
    "modules": sorted(sys.modules),
    "made": len({{*MADE}}), "classes": len(_OUTLINES),
    "functions": len(TEXTS), "patterns": len(compiled),
    "plans": MAPPINGS,
}}))
"""

OF_OTHERS = (
    "trialparse.readers.csv",
    "trialparse.readers.form",
    "trialparse.readers.form_fast",
    "trialparse.readers.html",
    "trialparse.readers.keyed",
    "trialparse.readers.text",
    "trialparse.readers.xml",
)
"""What reads notations other than JSON."""


def ran(*arguments: str, **environment: str) -> str:
    """Return what a fresh process prints."""
    done = subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
        env=os.environ | environment,
    )
    assert done.stderr == ""
    return done.stdout


def modules_after(*arguments: str, **environment: str) -> set[str]:
    """Return the modules that a fresh process has imported at its end."""
    code = "import atexit, sys; atexit.register(lambda: print('\\n' + '|'.join(sys.modules)))\n"
    code += "import runpy; sys.argv[1:] = sys.argv[1:]; runpy.run_module('trialparse', run_name='__main__', alter_sys=True)"
    return {*ran("-c", code, *arguments, **environment).splitlines()[-1].split("|")}


@cache
def after(statement: str) -> Any:
    """Return what is there in a fresh process after some statements."""
    code = """
import json, re, sys
import re._compiler as of_patterns
patterns, compile = [], of_patterns.compile
of_patterns.compile = lambda pattern, flags=0: patterns.append(str(pattern)) or compile(pattern, flags)
"""
    code += statement
    code += """
modules = sorted(sys.modules)
found = {"modules": modules, "patterns": len(patterns)}
if "trialparse.parsing.calls" in modules:
    from trialparse.generated import TEXTS
    from trialparse.generated.classes import _OUTLINES, MADE
    found |= {"made": len({*MADE}), "classes": len(_OUTLINES), "functions": len(TEXTS)}
    found["plans"] = planned
print(json.dumps(found))
"""
    return json.loads(ran("-c", code))


def parsed(name: str) -> str:
    """Return the statements that parse a fixture and count the plans."""
    return f"""
import trialparse
trialparse.parse
from trialparse.mapping import planning
planned, make_plan = [], planning.make_plan
def noted(*arguments):
    planned.append(1)
    return make_plan(*arguments)
planning.make_plan = noted
trialparse.parse({str(FIXTURES / name)!r})
"""
