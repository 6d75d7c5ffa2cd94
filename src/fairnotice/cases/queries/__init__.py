"""What pages read. One file per reader: the desk, the people behind a code, the public."""
