"""A letter taken apart, for whoever has to read one: nothing is opened, followed, run or fetched."""
