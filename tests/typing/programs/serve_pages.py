"""Serve a page and the JSON of each trial of an export: `fastapi run serve_pages.py`."""

from typing import Any

from fastapi import FastAPI, HTTPException
from fastapi.responses import HTMLResponse

from trialparse import Parsed, examples, overview, read, to_dict

app = FastAPI()
trials = {record.trial.id: record for record in read(examples.path("ctis_search")) if isinstance(record, Parsed)}


def found(number: str) -> Parsed:
    """Return the record of a trial."""
    if number not in trials:
        raise HTTPException(404, "no such trial")
    return trials[number]


@app.get("/trials/{number}", response_class=HTMLResponse)
def page(number: str) -> str:
    """Return the page of a trial."""
    return overview(found(number), format="html")


@app.get("/trials/{number}/json")
def data(number: str) -> dict[str, Any]:
    """Return a trial as JSON."""
    return to_dict(found(number).trial)
