"""Notices, cases, decisions, appeals: what is done about one named item, by whom and why."""
