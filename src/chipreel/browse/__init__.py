"""Datasette on the database: what tables are called, which queries are ready, and a search box that knows Chinese.

`tables` says how tables are shown, `plugin` puts the search language into SQLite, `guard` keeps strangers out,
`server` runs it all in this process.
"""
