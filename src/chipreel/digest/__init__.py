"""Stories → a ranked edition → Markdown, terminal, plain text … in either language. Pure.

`compose` chooses and orders, and knows no format; each `render_…` writes one format, and chooses nothing.
"""
