"""Daily dumps read into the store: never unpacked to disk, in several processes, a day whole or absent."""
