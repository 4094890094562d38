"""The plan of a format: the rows, the words and the functions of its folders, put together."""

from trialparse.mapping.folder import codes_of, functions_of, registries_of, rows_of
from trialparse.mapping.format import Format
from trialparse.mapping.plan import RecordPlan, make_plan
from trialparse.mapping.rows import Codes, Row, with_boxes
from trialparse.model import Trial


def plan_of(format: Format, results: bool = True) -> tuple[tuple[Row, ...], Codes, RecordPlan]:
    """Return the rows, the code lists and the plan of a format; raises TableError.

    Of the folders of a format the first one wins; without `results` the plan omits the field `results`.
    """
    folders = registries_of(format)
    codes: Codes = {name: words for folder in reversed(folders) for name, words in codes_of(folder).items()}
    rows, codes = with_boxes(rows_of(format), codes)
    kept = [row for row in rows if results or row.field.split(".")[0] != "results"]
    functions = {name: function for folder in reversed(folders) for name, function in functions_of(folder).items()}
    return rows, codes, make_plan(Trial, kept, codes, functions, format.blank)
