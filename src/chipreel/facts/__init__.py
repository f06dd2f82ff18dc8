"""Facts in a text: who said what, and how much money. Pure."""
