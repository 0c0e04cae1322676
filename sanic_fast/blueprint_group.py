"""`BlueprintGroup`: several blueprints under common settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableSequence
from functools import partial
from typing import Any

from sanic_fast.registration.registrar import Registrar

__all__ = ("BlueprintGroup",)

_DEFAULT_VERSION_PREFIX = "/v"


class BlueprintGroup(MutableSequence[Any]):
    """A list of blueprints and groups whose prefixes are put before those of the members.

    Example:
        ```python
        api = Blueprint.group(users, orders, url_prefix="/api", version=1)
        app.blueprint(api)
        ```

    Args:
        url_prefix: put before the members' prefixes.
        version: for members without one.
        strict_slashes: for members without it.
        version_prefix: for members without one.
        name_prefix: put before the members' names in route names.
    """

    __slots__ = (
        "_blueprints",
        "_name_prefix",
        "_strict_slashes",
        "_url_prefix",
        "_version",
        "_version_prefix",
    )

    def __init__(
        self,
        url_prefix: str | None = None,
        version: int | str | float | None = None,
        strict_slashes: bool | None = None,
        version_prefix: str = _DEFAULT_VERSION_PREFIX,
        name_prefix: str | None = "",
    ) -> None:
        self._blueprints: list[Any] = []
        self._url_prefix = url_prefix
        self._version = version
        self._version_prefix = version_prefix
        self._strict_slashes = strict_slashes
        self._name_prefix = name_prefix

    @property
    def url_prefix(self) -> str | None:
        """Prefix of all members."""
        return self._url_prefix

    @property
    def blueprints(self) -> list[Any]:
        """The members."""
        return self._blueprints

    @property
    def version(self) -> int | str | float | None:
        """Version of members without one."""
        return self._version

    @property
    def strict_slashes(self) -> bool | None:
        """Slash rule of members without one."""
        return self._strict_slashes

    @property
    def version_prefix(self) -> str:
        """What stands before the version."""
        return self._version_prefix

    @property
    def name_prefix(self) -> str | None:
        """What stands before the members' names."""
        return self._name_prefix

    def __iter__(self) -> Iterator[Any]:
        return iter(self._blueprints)

    def __getitem__(self, item: Any) -> Any:
        return self._blueprints[item]

    def __setitem__(self, index: Any, item: Any) -> None:
        if not isinstance(item, Registrar):
            raise TypeError("Expected a Blueprint instance")
        self._blueprints[index] = item

    def __delitem__(self, index: Any) -> None:
        del self._blueprints[index]

    def __len__(self) -> int:
        return len(self._blueprints)

    def append(self, value: Any) -> None:
        """Add a member at the end."""
        self._blueprints.append(value)

    def insert(self, index: int, item: Any) -> None:
        """Add a member before the one at `index`."""
        self._blueprints.insert(index, item)

    def exception(self, *exceptions: Any, **kwargs: Any) -> Callable[..., Any]:
        """Decorate an exception handler for every present member. See `Blueprint.exception`."""

        def register(handler: Callable[..., Any]) -> None:
            for blueprint in self._blueprints:
                blueprint.exception(*exceptions, **kwargs)(handler)

        return register

    def middleware(self, *args: Any, **kwargs: Any) -> Any:
        """Attach middleware to every present member. See `Blueprint.middleware`."""

        def register(function: Callable[..., Any], rest: tuple[Any, ...] = args) -> None:
            for blueprint in self._blueprints:
                blueprint.middleware(function, *rest, **kwargs)

        if args and callable(args[0]):
            return register(args[0], args[1:])
        return register

    def on_request(self, middleware: Callable[..., Any] | None = None) -> Any:
        """Attach request middleware to every present member."""
        if callable(middleware):
            return self.middleware(middleware, "request")
        return partial(self.middleware, attach_to="request")

    def on_response(self, middleware: Callable[..., Any] | None = None) -> Any:
        """Attach response middleware to every present member."""
        if callable(middleware):
            return self.middleware(middleware, "response")
        return partial(self.middleware, attach_to="response")

    def resolve_options(self, options: dict[str, Any]) -> Iterator[tuple[Any, dict[str, Any]]]:
        """Yield each member with the options it is to be registered with.

        Args:
            options: options of an outer group, or of `app.blueprint(...)`.
        """
        for member in self._blueprints:
            resolved = dict(options)
            prefixes = [options.get("url_prefix"), self._url_prefix]
            if not isinstance(member, BlueprintGroup):
                prefixes.append(member.url_prefix)
            parts = [part for part in (str(p).strip("/") for p in prefixes if p) if part]
            if parts:
                resolved["url_prefix"] = "/" + "/".join(parts)
            for name in ("version", "strict_slashes"):
                for holder in (member, self):
                    value = getattr(holder, name)
                    if value is not None:
                        resolved[name] = value
                        break
            for holder in (member, self):
                if holder.version_prefix != _DEFAULT_VERSION_PREFIX:
                    resolved["version_prefix"] = holder.version_prefix
                    break
            if not resolved.get("name_prefix") and self._name_prefix:
                resolved["name_prefix"] = self._name_prefix
            yield member, resolved
