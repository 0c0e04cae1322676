"""Name -> application: the one table of this package that is shared by everything."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any, ClassVar

from sanic_fast.application.base import AppBase
from sanic_fast.exceptions import SanicException

_ADVICE = (
    "App instantiation must occur outside if __name__ == '__main__' block or by using an "
    "AppLoader.\nSee https://sanic.dev/en/guide/deployment/app-loader.html for more details."
)


class AppRegistry(dict[str, Any]):
    """The applications of this process by name."""


def register(registry: MutableMapping[str, Any], app: Any, replace: bool) -> None:
    """Add an application.

    Raises:
        SanicException: when the name is taken and `replace` is false.
    """
    if app.name in registry and not replace:
        raise SanicException(f'Sanic app name "{app.name}" already in use.')
    registry[app.name] = app


def find(registry: MutableMapping[str, Any], name: str | None) -> Any:
    """Return the application called `name`, or the only one when `name` is None.

    Raises:
        SanicException: when there is none, or several and no name.
    """
    if name is None:
        if len(registry) > 1:
            raise SanicException('Multiple Sanic apps found, use Sanic.get_app("app_name")')
        if not registry:
            raise SanicException("No Sanic apps have been registered.")
        return next(iter(registry.values()))
    if name == "__main__" and name not in registry:
        name = "__mp_main__"
    try:
        return registry[name]
    except KeyError:
        raise SanicException(f"Sanic app name '{name}' not found.\n{_ADVICE}") from None


class RegistryLayer(AppBase):
    """Adds the table of applications to the application class."""

    __slots__ = ()

    _app_registry: ClassVar[dict[str, Any]] = AppRegistry()

    @classmethod
    def register_app(cls, app: Any) -> None:
        """Make an application known to `get_app`."""
        cls._check_instance(app)
        register(cls._app_registry, app, replace=cls.test_mode)

    @classmethod
    def unregister_app(cls, app: Any) -> None:
        """Forget an application."""
        cls._check_instance(app)
        cls._app_registry.pop(app.name, None)

    @classmethod
    def _check_instance(cls, app: Any) -> None:
        if not isinstance(app, cls):
            raise SanicException("Registered app must be an instance of Sanic")

    @classmethod
    def get_app(cls, name: str | None = None, *, force_create: bool = False) -> Any:
        """Find an application by name, or the only one.

        Args:
            force_create: create it when there is none of this name.

        Raises:
            SanicException: when it cannot be found.
        """
        if force_create and name is not None and name not in cls._app_registry:
            return cls(name)
        return find(cls._app_registry, name)
