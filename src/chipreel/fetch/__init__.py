"""Address in, bytes and cache headers out. Never parses articles, never touches the database.

`fetcher.Fetcher` visits sources; `kinds` holds one small module per kind of source; `rhythm` says when to come back and
`health` what a source's visits tell of it, both pure. Import the modules by name: this package loads nothing heavy.
"""
