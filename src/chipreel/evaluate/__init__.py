"""How well each room does on labelled texts. Pure: rows in, scores out."""
