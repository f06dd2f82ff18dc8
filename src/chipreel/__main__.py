"""`python -m chipreel`."""

from chipreel.cli import run

run()
