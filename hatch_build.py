"""Put the examples of `trialparse.examples` into the wheel, from `fixtures/`, where a clone has them."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDER = "trialparse/examples"


class ExamplesHook(BuildHookInterface):  # type: ignore[type-arg]  # there is no configuration of its own
    """Adds the files that `examples.tsv` lists."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add them, unless the installation is editable: then they are read from the clone."""
        if version == "editable":
            return
        lines = Path(self.root, FOLDER, "examples.tsv").read_text(encoding="utf-8").splitlines()
        header, *rows = [line for line in lines if line.strip() and not line.startswith("#")]
        column = header.split("\t").index("file")
        for file in [row.split("\t")[column] for row in rows]:
            build_data["force_include"][f"fixtures/{file}"] = f"{FOLDER}/files/{file}"
