"""Personal data: sealed under keys that can be destroyed, committed to without being shown."""
