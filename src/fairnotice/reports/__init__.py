"""Public pages about reports: transparency reports, tallies, statistics."""
