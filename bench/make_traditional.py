"""Make `src/chipreel/text/traditional.py`: the table that folds one Traditional character to its Simplified one.

Run it where the package `opencc` is installed; the program itself does not need it.

    python bench/make_traditional.py > src/chipreel/text/traditional.py
"""

from __future__ import annotations

import opencc

HEADER = '''"""Traditional characters and the Simplified ones they fold to, one to one, so that offsets hold.

Made by bench/make_traditional.py; used for comparing and indexing only, never for what a reader sees. Characters whose
simplification depends on the word (乾) fold to the commonest form, which is harmless when both sides are folded.
"""

'''


def main() -> None:
    """Print the module."""
    convert = opencc.OpenCC("t2s").convert
    blocks = [(0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00)]
    pairs = [(chr(n), convert(chr(n))) for low, high in blocks for n in range(low, high)]
    kept = [(a, b) for a, b in pairs if a != b and len(b) == 1]
    print(HEADER, end="")
    for name, column in (("TRADITIONAL", 0), ("SIMPLIFIED", 1)):
        text = "".join(pair[column] for pair in kept)
        lines = [text[i : i + 50] for i in range(0, len(text), 50)]
        body = "\n".join(f'    "{line}"' for line in lines)
        print(f"{name} = (\n{body}\n)")


if __name__ == "__main__":
    main()
