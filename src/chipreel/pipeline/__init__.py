"""The order of a run. Joins the rooms and decides nothing itself.

fetch → parse → decide → annotate → store       `harvest`, `intake`
store → story → store                           `grouping`
store → digest → store → deliver → store        `editions`
"""
