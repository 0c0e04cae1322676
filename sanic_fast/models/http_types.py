"""Values read from HTTP headers."""

from __future__ import annotations

from binascii import a2b_base64
from dataclasses import dataclass


@dataclass
class Credentials:
    """What a client says to authenticate itself.

    Attributes:
        auth_type: Basic, Bearer, Token, or None for another scheme.
        token: the text after it.

    Raises:
        ValueError: the token of Basic is not base64 of `name:password`.
    """

    auth_type: str | None
    token: str | None
    _username: str | None = None
    _password: str | None = None

    def __post_init__(self) -> None:
        if self._is_basic:
            decoded = a2b_base64((self.token or "").encode("utf-8")).decode("utf-8")
            self._username, self._password = decoded.split(":")

    @property
    def _is_basic(self) -> bool:
        return self.auth_type == "Basic"

    @property
    def username(self) -> str | None:
        """User name of Basic authentication; AttributeError for other schemes."""
        if not self._is_basic:
            raise AttributeError("Username is available for Basic Auth only")
        return self._username

    @property
    def password(self) -> str | None:
        """Password of Basic authentication; AttributeError for other schemes."""
        if not self._is_basic:
            raise AttributeError("Password is available for Basic Auth only")
        return self._password
