"""One file of verbs per noun. An action never sees a request: keyword-only, typed, one transaction, one
event.

Every public function here that writes appends exactly one event; `tests/cases/test_every_action.py` walks
them all.
"""
