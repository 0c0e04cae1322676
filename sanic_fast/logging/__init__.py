"""Loggers, their formats and their set-up; use the names of `sanic_fast.log`."""
