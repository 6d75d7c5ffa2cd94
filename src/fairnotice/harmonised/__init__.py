"""The harmonised transparency reports of Implementing Regulation (EU) 2024/2835: write, read and check
them.

Pure: no web framework and no database. Whoever builds a report and whoever checks one use the same
templates.
"""
