"""The EU's published statements of reasons: read from the daily dumps, asked, compared, cited.

Everything here but `web` knows no web framework and can be used from a notebook.
"""
