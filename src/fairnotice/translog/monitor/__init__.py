"""A monitor: follows somebody's log, keeps what it signed, and keeps the evidence when something is wrong.

See ``docs/monitoring.md``. Nothing here trusts the log, or is made for ours: any log of tlog-tiles will do.
"""
