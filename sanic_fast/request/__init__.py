"""Requests and what they bring."""

from sanic_fast.request.parameters import RequestParameters  # isort: skip
from sanic_fast.request import lazy
from sanic_fast.request.form import File, parse_multipart_form
from sanic_fast.request.types import Request

lazy.install()

__all__ = ("File", "parse_multipart_form", "Request", "RequestParameters")
