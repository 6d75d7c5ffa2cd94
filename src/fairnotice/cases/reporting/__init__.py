"""Transparency reports in the templates of Implementing Regulation (EU) 2024/2835: filled from counts and
texts, compared with the cases and with the tallies."""
