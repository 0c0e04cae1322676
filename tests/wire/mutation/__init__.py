"""Mutated requests against a live server; run by `python -m tests.wire.mutate`."""
