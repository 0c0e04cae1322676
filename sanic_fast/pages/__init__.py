"""HTML pages that the framework shows itself."""
