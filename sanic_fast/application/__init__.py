"""The application's state, settings and start-up."""
