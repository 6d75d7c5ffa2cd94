"""The DSA Transparency Database: its schema, its rules and ours, the layout of its dumps. No Django."""
