"""Export trials to other tools: JSON and its schema."""

from trialparse.export.json import from_json, parsed_to_json, plain, to_dict, to_json

__all__ = ["from_json", "parsed_to_json", "plain", "to_dict", "to_json"]
