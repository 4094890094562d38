"""Tables without faults: `registries/sound.tsv` has the digest of each folder in which none was found.

To look for faults takes a third of the first use of a format, so it is done where a folder has changed since.
`python tests/snapshots/write.py` writes the table; a test holds that it is current and the folders without fault.
"""

import zlib

from trialparse.mapping.folder import folder_of, registries_of
from trialparse.mapping.format import Format
from trialparse.prepared import prepared
from trialparse.tsv import files_of, read_lines

FILE = "sound.tsv"


def is_sound(format: Format) -> bool:
    """Whether no fault was found in the folders that a format needs, as they are now."""
    known = _known()
    return all(known.get(registry) == digest_of(registry) for registry in (*registries_of(format), "common"))


@prepared
def digest_of(registry: str) -> str:
    """Return the digest of the tables and functions of a registry's folder.

    It shows a change and need not withstand forgery; `hashlib` would load OpenSSL.
    """
    found = 0
    for file in sorted(folder_of(registry).iterdir(), key=lambda file: str(file.name)):
        if file.name.endswith((".tsv", ".py")):
            found = zlib.crc32(f"{file.name}\n".encode() + file.read_bytes().replace(b"\r\n", b"\n"), found)
    return f"{found:08x}"


@prepared
def _known() -> dict[str, str]:
    """Return the digest of each folder in which no fault was found."""
    file = files_of("trialparse.registries") / FILE
    return {cells["folder"]: cells["digest"] for _, cells in read_lines(file)} if file.is_file() else {}
