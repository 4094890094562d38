"""Make the plan of a format from the rows, code lists and functions of its folders."""

import attrs

from trialparse.mapping.carried import FIELD, not_carried
from trialparse.mapping.folder import codes_of, functions_of, registries_of, rows_of
from trialparse.mapping.format import Format
from trialparse.mapping.plan import RecordPlan, ValueField, make_plan
from trialparse.mapping.rows import Codes, Row, joined, with_boxes, with_reduced
from trialparse.model import Trial
from trialparse.model.evidence import top_of


def plan_of(format: Format, results: bool = True) -> tuple[tuple[Row, ...], Codes, RecordPlan]:
    """Return the rows, the code lists and the plan of a format; raises TableError.

    If two folders have a code list or function of one name, the first folder wins. Without `results` the plan omits the
    field `results`.
    """
    registries = registries_of(format)
    codes = joined(*map(codes_of, registries))
    if format.kept:
        codes = with_reduced(codes, format.kept)
    rows, codes = with_boxes(rows_of(format), codes)
    kept = [row for row in rows if results or top_of(row.field) != "results"]
    functions = {name: made for registry in reversed(registries) for name, made in functions_of(registry).items()}
    plan = make_plan(Trial, kept, codes, functions, format.blank, format.kept)
    carried = ValueField(name=FIELD, container="tuple", constant=not_carried(rows))
    return rows, codes, attrs.evolve(plan, fields=(*plan.fields, carried))
