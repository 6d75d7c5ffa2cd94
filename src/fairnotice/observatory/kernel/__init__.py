"""An optional help in C that reads the CSVs of dumps faster; everything works without it.

`build` compiles it where a C compiler is, `scanning` uses it where it was built.
"""
