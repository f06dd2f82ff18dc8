"""What is done to the database as a whole: copies of it, what is old, moving house, and its health."""
