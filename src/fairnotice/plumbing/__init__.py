"""Django helpers without models: the SQLite backend, append-only triggers, rate limits, process locks."""
