"""Compiled hot path."""
