"""A copy of the register in memory that answers look-ups at the speed of a packet filter.

The database is the truth. From its rows (`rows`, read by `load`) an immutable `Snapshot` is built: spans of
everything ever held, sorted, each with the span around it (`layers`), and columns of what is said about them
(`columns`). A `View` is a snapshot with the few changes since (`view`); `store` keeps one per process and has
a new snapshot built in the background. `climb` holds the rules of nearness. All but `load` and `store` is
pure.
"""
