"""The Netherlands: one module per source, each mapping what it gives to the tables of an area."""
