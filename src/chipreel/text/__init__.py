"""Facts of language: script, comparison forms, index tokens, addresses, dates, titles. Pure."""
