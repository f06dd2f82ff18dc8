"""What ships as YAML for people to read and edit, read once for everybody: data/*.json beside it.

    python -m chipreel.config.finished

writes those files anew. Reading and checking YAML would be most of the start of many commands. What was made of a file
counts only for the very bytes it was made of: a file that somebody has edited is read itself.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from chipreel.config.places import find_default
from chipreel.errors import ConfigError

#: A file that ships → what was made of it.
FINISHED = {"data/companies.yaml": "data/companies.json", "data/glossary.yaml": "data/glossary.json"}


def find_finished(name: str, body: bytes) -> Any | None:
    """What was made of the file `name`, where these bytes are those of the one that ships; None for any others."""
    try:
        raw = json.loads(find_default(FINISHED[name]).read_bytes())
        return raw["made"] if raw["of"] == _digest(body) else None
    except (ConfigError, OSError, ValueError, TypeError, KeyError):
        return None  # An installation without it starts more slowly, and does the same.


def render(name: str) -> str:
    """What is to be kept of the file `name`: JSON, one entry a line."""
    from chipreel.config.finished_lexicon import pack_lexicon
    from chipreel.config.glossary import pack_glossary, read_glossary
    from chipreel.config.lexicon_yaml import read_lexicon_file

    path = find_default(name)
    made = pack_lexicon(read_lexicon_file(path)) if "companies" in name else pack_glossary(read_glossary(path))
    fields = ",\n".join(f"{json.dumps(key)}: {_lines(value)}" for key, value in made.items())
    return f'{{\n"of": "{_digest(path.read_bytes())}",\n"made": {{\n{fields}\n}}\n}}\n'


def _lines(value: Any) -> str:
    if not isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return "[\n" + ",\n".join(json.dumps(one, ensure_ascii=False) for one in value) + "\n]"


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def main() -> None:
    """Write every one of them anew, where the file is that it is made of."""
    from chipreel.files import save_file

    for name, finished in FINISHED.items():
        folder = find_default(name).parent
        save_file(folder / finished.rpartition("/")[2], render(name).encode())


if __name__ == "__main__":
    main()
