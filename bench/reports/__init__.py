"""How long a report over many cases takes to build, and how much memory, from ten thousand to a million."""
