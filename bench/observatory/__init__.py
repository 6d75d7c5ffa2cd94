"""From a daily dump to an answer: us, other tools, and inflating alone."""
