"""Backups that only their recipients can open, and what is done when one is put back (docs/backups.md)."""
