"""One file of pages per noun. A page asks no role: the table of routes and the actions do."""
