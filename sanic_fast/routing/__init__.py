"""Routes, their patterns and how they become a matching table."""
