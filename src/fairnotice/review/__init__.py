"""The reviewers' workspace: queue, case, decision, second person, statements, measures, appeals,
publication."""
