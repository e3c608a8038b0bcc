"""How the tables of the booking service came to be."""
