"""One SQLite file: the only SQL of the house. One module per noun; `rows` alone turns rows into types.

Functions take an open `sqlite3.Connection` from `database.open_database` and leave transactions to their caller
(`with database.transaction(db):`), so that what belongs together is written together.
"""
