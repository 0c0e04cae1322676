"""The version, written only here."""

__version__ = "25.12.1"
