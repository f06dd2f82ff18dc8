"""A rendered digest → file, standard output, mail, push. What was delivered is the store's to know."""
