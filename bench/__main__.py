"""`python -m bench NAME [OPTIONS]`: ingest, growth, stages, starts, profile, gate."""

from __future__ import annotations

import sys

from bench import gate, growth, ingest, profile, stages, starts

BENCHES = {
    "ingest": ingest.main,
    "growth": growth.main,
    "stages": stages.main,
    "starts": starts.main,
    "profile": profile.main,
    "gate": gate.main,
}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in BENCHES:
        sys.exit(f"{__doc__}\nusage: python -m bench {{{','.join(BENCHES)}}} [OPTIONS]")
    BENCHES[sys.argv[1]](sys.argv[2:])
