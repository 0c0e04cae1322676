"""Every hook of an app's life, in the order they run."""
