"""How a table becomes a Trial: its grammar and rows, and the two runs that read a record by them."""
