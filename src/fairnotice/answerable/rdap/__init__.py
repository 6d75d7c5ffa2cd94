"""RDAP under `/rdap/`: the register's public part for programs (RFC 7480, 9082, 9083).

`asked` reads what was asked, `shown` finds what of it is public, `objects`, `entities` and `jcard` write it
down, `history` its past, `bootstrap` what this server covers; `answers` is the way out for all, `views` joins
them. What is withheld, and why nothing says that it is: docs/rdap.md.
"""
