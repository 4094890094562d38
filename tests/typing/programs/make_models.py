"""Write TypeScript types and a pydantic model of a trial into a folder."""

import json
import sys
from pathlib import Path

from datamodel_code_generator import Formatter, InputFileType, generate
from datamodel_code_generator.enums import DataModelType

from trialparse import schema, typescript

folder = Path(sys.argv[1])
(folder / "trial.ts").write_text(typescript(), encoding="utf-8")
generate(
    json.dumps(schema()),
    input_file_type=InputFileType.JsonSchema,
    output=folder / "trial_model.py",
    output_model_type=DataModelType.PydanticV2BaseModel,
    field_constraints=True,
    formatters=[Formatter.BUILTIN],
)
print(*sorted(path.name for path in folder.iterdir()))
