"""Files of the user → types, with file and line in every error."""
