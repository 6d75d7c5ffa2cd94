"""What a soak run raises."""


class SoakFailure(Exception):
    """A fault went unnoticed, or something was lost; the message names the place."""
