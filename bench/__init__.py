"""Measurements of chipreel beside what people would use instead: `python -m bench`. See docs/benchmarks.md."""
