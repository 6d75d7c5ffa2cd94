"""The verbs that change the register. Each runs in one transaction, closes and adds rows, and appends one
event."""
