"""The program with its clock set: `at_moment.py 2026-03-02T07:05:00+00:00 run …`. Run by test_simulated_month.py."""

from __future__ import annotations

import sys
from datetime import datetime

import time_machine

from chipreel.cli import main

if __name__ == "__main__":
    with time_machine.travel(datetime.fromisoformat(sys.argv[1]), tick=True):
        sys.exit(main(sys.argv[2:]))
