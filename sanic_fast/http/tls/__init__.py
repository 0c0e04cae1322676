"""TLS contexts from what users give, and certificates for local development."""

from sanic_fast.http.tls.context import process_to_context
from sanic_fast.http.tls.creators import get_ssl_context

__all__ = ("get_ssl_context", "process_to_context")
