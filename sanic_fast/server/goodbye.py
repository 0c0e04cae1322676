"""A word of farewell for the debug log."""

from __future__ import annotations

import random
import sys

__all__ = ("get_goodbye",)

ASCII_PHRASES = ("Farewell", "So long", "Bye", "Adieu", "Ciao", "Tot ziens", "Hej da", "Moi moi")
OTHER_PHRASES = ("Até logo", "Auf Wiederhören", "À la prochaine", "Hasta mañana", "Näkemiin")


def get_goodbye() -> str:
    """One phrase, in ASCII where standard output can carry nothing else."""
    encoding = (getattr(sys.stdout, "encoding", None) or "ascii").lower()
    phrases: tuple[str, ...] = ASCII_PHRASES
    if encoding.startswith("utf"):
        phrases += OTHER_PHRASES
    return random.choice(phrases)
