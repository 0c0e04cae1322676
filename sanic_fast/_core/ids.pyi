# Otherwise only C functions, for cimport.

def forget_store() -> None:
    """Drop the randomness kept; a forked child must not give its parent's ids."""
