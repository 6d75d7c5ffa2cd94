"""How long a backup of many cases and its restore take, beside a plain copy of the same bytes."""
