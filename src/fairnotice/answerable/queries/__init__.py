"""What pages and commands read from the register.

`organisations`: who is listed, and how to reach them; never what they hold. `delegations`: one delegation
through time, and what is recorded for one resource. `own`: the operator's own network. `selfcheck`: what
should be mended there. The last two take no organisation: they read which one is ours from the settings, so
that they cannot be asked about anybody else's.
"""
