"""What a notifier fills in: for the public form, and for the desk, which completes what came another way."""
