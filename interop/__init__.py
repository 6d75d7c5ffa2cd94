"""Programs of others on our log: `python3 dev.py interop`."""
