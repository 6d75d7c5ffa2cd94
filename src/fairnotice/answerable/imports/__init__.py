"""Taking in files about who is answerable.

`formats` tells the formats apart; each reader (`table`, `jsonl`, `rpsl`, `delegated`, `netbox`) turns a file
into `shape.Statement`s, one after the other, and knows nothing of what is recorded. `deciding` compares a
batch of them with the register and holds its rules, `store` writes. `actions.imports.import_file` puts them
together.
"""
