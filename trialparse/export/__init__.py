"""Export trials to other tools: JSON and its schema."""

from trialparse.export.json import from_json, parsed_to_json, plain, to_dict, to_json
from trialparse.export.version import SCHEMA_VERSION

__all__ = ["SCHEMA_VERSION", "from_json", "parsed_to_json", "plain", "to_dict", "to_json"]
