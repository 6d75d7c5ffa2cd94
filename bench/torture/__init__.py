"""Letters that are hard to read, made by ourselves: `letters(seed, count)`, the same for the same seed."""

from bench.torture.making import letters

__all__ = ["letters"]
