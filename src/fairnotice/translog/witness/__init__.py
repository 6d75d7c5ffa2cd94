"""A witness for transparency logs (C2SP tlog-witness): server, state and client.

A witness signs a log's checkpoint only when it continues what it signed before. Whoever asks for its
signature on every checkpoint knows that the log was shown to nobody in two versions.
"""
