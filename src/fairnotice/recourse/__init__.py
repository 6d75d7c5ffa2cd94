"""The pages behind a receipt code: how it stands, what was decided and why, and the way to appeal."""
