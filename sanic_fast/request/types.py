"""The request class, under the path programs import it from."""

from sanic_fast._core.request import Request
from sanic_fast.request.form import File
from sanic_fast.request.parameters import RequestParameters

__all__ = ("Request", "RequestParameters", "File")
