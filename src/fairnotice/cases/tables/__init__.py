"""Tables of notices: how a file is taken apart (`table`) and what a line says (`mapping`)."""
