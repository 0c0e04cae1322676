"""Making the TLS context in a process that starts from nothing."""

from __future__ import annotations

import os
from typing import Any, ClassVar

from sanic_fast.http.tls.context import process_to_context
from sanic_fast.http.tls.creators import CertCreator, MkcertCreator, TrustmeCreator

__all__ = ("CertLoader",)


class CertLoader:
    """Makes the TLS context in a worker process, from data that came from the main process.

    Subclass it and pass it as `Sanic(certloader_class=...)`.

    Args:
        ssl_data: what `ssl` was, or the facts of a certificate made for development.

    Raises:
        RuntimeError: the certificate's maker is unknown.
    """

    _creators: ClassVar[dict[str, type[CertCreator]]] = {
        "mkcert": MkcertCreator,
        "trustme": TrustmeCreator,
    }

    def __init__(self, ssl_data: Any) -> None:
        self._ssl_data = ssl_data
        self._creator_class: type[CertCreator] | None = None
        if not isinstance(ssl_data, dict) or "creator" not in ssl_data:
            return
        creator = str(ssl_data["creator"])
        if creator not in self._creators:
            raise RuntimeError(f"Unknown certificate creator: {creator}")
        self._creator_class = self._creators[creator]

    def load(self, app: Any) -> Any:
        """The context, or None without TLS.

        Raises:
            ValueError: see `process_to_context`.
        """
        if self._creator_class is None:
            return process_to_context(self._ssl_data)
        data = self._ssl_data
        if os.path.exists(data["key"]) and os.path.exists(data["cert"]):
            # Made by the main process already; every worker shows the same certificate.
            return process_to_context({"cert": data["cert"], "key": data["key"]})
        creator = self._creator_class(app, data["key"], data["cert"])
        return creator.generate_cert(data["localhost"])
