"""Statistics as tables with a picture above each, for the public pages and for the desk, and as CSV and
JSON."""
