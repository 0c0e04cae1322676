"""`Blueprint`: routes, middleware, handlers and listeners to be registered on apps later."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from copy import copy as shallow_copy
from functools import wraps
from types import SimpleNamespace
from typing import Any

from sanic_fast.blueprint_group import BlueprintGroup
from sanic_fast.exceptions import SanicException
from sanic_fast.helpers import Default, _default
from sanic_fast.registration.names import check_name
from sanic_fast.registration.records import FutureRoute, FutureStatic, RecordList
from sanic_fast.registration.registrar import Registrar
from sanic_fast.routing.exceptions import NotFound

__all__ = ("Blueprint", "BlueprintGroup", "lazy")

_DEFAULT_VERSION_PREFIX = "/v"


def lazy(func: Callable[..., Any], as_decorator: bool = True) -> Callable[..., Any]:
    """Wrap a registration method so that it only records.

    Args:
        func: a method with an `apply` argument.
        as_decorator: kept for compatibility; what the method returns is returned.
    """

    @wraps(func)
    def recording(self: Any, *args: Any, **kwargs: Any) -> Any:
        return func(self, *args, **{**kwargs, "apply": False})

    return recording


class Blueprint(Registrar):
    """A set of routes with common settings.

    Example:
        ```python
        users = Blueprint("users", url_prefix="/users")

        @users.get("/<user_id:int>")
        async def show(request, user_id):
            return json({"id": user_id})

        app.blueprint(users)
        ```

    Args:
        name: unique name of letters, digits, `_` and `-`.
        url_prefix: put before the path of every route.
        host: `Host` value for routes without one.
        version: version for routes without one.
        strict_slashes: slash rule for routes without one.
        version_prefix: what stands before the version.
    """

    __slots__ = (
        "_allow_route_overwrite",
        "_apps",
        "_plain_apps",
        "copied_from",
        "ctx",
        "exceptions",
        "host",
        "listeners",
        "middlewares",
        "routes",
        "statics",
        "strict_slashes",
        "url_prefix",
        "version",
        "version_prefix",
        "websocket_routes",
    )

    def __init__(
        self,
        name: str,
        url_prefix: str | None = None,
        host: list[str] | str | None = None,
        version: int | str | float | None = None,
        strict_slashes: bool | None = None,
        version_prefix: str = _DEFAULT_VERSION_PREFIX,
    ) -> None:
        super().__init__(name=name)
        self.reset()
        self._allow_route_overwrite = False
        self.copied_from = ""
        self.ctx = SimpleNamespace()
        self.host = host
        self.strict_slashes = strict_slashes
        self.url_prefix = url_prefix[:-1] if url_prefix and url_prefix[-1] == "/" else url_prefix
        self.version = version
        self.version_prefix = version_prefix

    def __repr__(self) -> str:
        args = ", ".join(
            f'{attr}="{value}"' if isinstance(value, str) else f"{attr}={value}"
            for attr in ("name", "url_prefix", "host", "version", "strict_slashes")
            for value in (getattr(self, attr),)
        )
        return f"{self.__class__.__name__}({args})"

    @property
    def apps(self) -> set[Any]:
        """The apps it is registered on.

        Raises:
            SanicException: when there is none yet.
        """
        if not self._apps:
            raise SanicException(f"{self} has not yet been registered to an app")
        return self._apps

    @property
    def registered(self) -> bool:
        """Whether it is registered on any app."""
        return bool(self._apps)

    def reset(self) -> None:
        """Forget where it was registered; what was recorded stays."""
        self._apps: set[Any] = set()
        # Apps on which all records so far are registered without options.
        self._plain_apps: set[Any] = set()
        self.exceptions: list[Any] = []
        self.listeners: dict[str, list[Any]] = {}
        self.middlewares: list[Any] = []
        self.routes: list[Any] = []
        self.statics: list[Any] = []
        self.websocket_routes: list[Any] = []

    @staticmethod
    def group(
        *blueprints: Blueprint | BlueprintGroup,
        url_prefix: str | None = None,
        version: int | str | float | None = None,
        strict_slashes: bool | None = None,
        version_prefix: str = _DEFAULT_VERSION_PREFIX,
        name_prefix: str | None = "",
    ) -> BlueprintGroup:
        """Make a group of blueprints, groups, and nested lists or tuples of them."""
        group = BlueprintGroup(
            url_prefix=url_prefix,
            version=version,
            strict_slashes=strict_slashes,
            version_prefix=version_prefix,
            name_prefix=name_prefix,
        )

        def add(items: Iterable[Any]) -> None:
            for item in items:
                if isinstance(item, (list, tuple)):
                    add(item)
                else:
                    group.append(item)

        add(blueprints)
        return group

    def copy(
        self,
        name: str,
        url_prefix: str | Default | None = _default,
        version: int | str | float | Default | None = _default,
        version_prefix: str | Default = _default,
        allow_route_overwrite: bool | Default = _default,
        strict_slashes: bool | Default | None = _default,
        with_registration: bool = True,
        with_ctx: bool = False,
    ) -> Blueprint:
        """Copy the blueprint with everything recorded on it.

        Args:
            name: name of the copy; it replaces the old one in route names.
            allow_route_overwrite: let a new route replace a copied one of the same path.
            with_registration: register the copy where the original is registered.
            with_ctx: share `ctx` instead of starting an empty one.

        Raises:
            SanicException: when the copy would be registered and there are static files.
        """
        check_name(self.__class__.__name__, name)
        new = shallow_copy(self)
        changes = {
            "name": name,
            "url_prefix": url_prefix,
            "version": version,
            "version_prefix": version_prefix,
            "_allow_route_overwrite": allow_route_overwrite,
            "strict_slashes": strict_slashes,
        }
        for attr, value in changes.items():
            if not isinstance(value, Default):
                setattr(new, attr, value)
        new.copied_from = self.name
        new.reset()
        new._future_routes = RecordList(_renamed(self._future_routes, self.name, name))
        new._future_statics = RecordList(_renamed(self._future_statics, self.name, name))
        new._future_middleware = list(self._future_middleware)
        new._future_listeners = list(self._future_listeners)
        for kind in ("_future_exceptions", "_future_signals", "_future_commands"):
            setattr(new, kind, RecordList(getattr(self, kind)))
        if not with_ctx:
            new.ctx = SimpleNamespace()
        if with_registration and self._apps:
            if new._future_statics:
                raise SanicException(
                    "Static routes registered with the old blueprint instance, "
                    "cannot be registered again."
                )
            for app in self._apps:
                app.blueprint(new)
        return new

    # ---- recording

    def _record(self, kind: str, record: Any, apply: bool) -> None:
        records = getattr(self, f"_future_{kind}")
        if kind == "routes" and self._allow_route_overwrite:
            for old in [old for old in records if old.uri == record.uri]:
                records.discard(old)
        super()._record(kind, record, apply)

    def _build(self, kind: str, record: Any) -> None:
        """Register a record at once where the blueprint is registered already."""
        for app in tuple(self._apps):
            if app in self._plain_apps:
                _Registration(self, app, {}).add(kind, record)
            else:
                self.register(app, {})

    # ---- registration

    def register(self, app: Any, options: dict[str, Any]) -> None:
        """Register everything recorded so far on an app; called by `app.blueprint`.

        Args:
            options: `url_prefix`, `version`, `strict_slashes`, `version_prefix`, `name_prefix`;
                those given replace the blueprint's own.

        Raises:
            SanicException: when commands were recorded.
        """
        late = app in self._apps and not options
        self._apps.add(app)
        if self._future_commands:
            raise SanicException("Registering commands with blueprints is not supported.")
        run = _Registration(self, app, options)
        for kind in ("routes", "statics"):
            for record in getattr(self, f"_future_{kind}"):
                run.add(kind, record)
        if not late:
            run.bind()
        for kind in ("listeners", "signals"):
            for record in getattr(self, f"_future_{kind}"):
                run.add(kind, record)
        if not options:
            self._plain_apps.add(app)

    @staticmethod
    def register_futures(
        apps: set[Any], bp: Blueprint, futures: Sequence[tuple[Any, ...]]
    ) -> None:
        """Note on apps that records of a blueprint have been built."""
        for app in apps:
            app._future_registry.update({(bp, item) for item in futures})

    # ---- signals

    async def dispatch(self, *args: Any, **kwargs: Any) -> list[Any]:
        """Dispatch a signal to the blueprint's own handlers, on every app it is on.

        Takes the arguments of `Sanic.dispatch`; returns one result per app.
        """
        condition = {**(kwargs.pop("condition", None) or {}), "__blueprint__": self.name}
        runs = [app.dispatch(*args, condition=condition, **kwargs) for app in self.apps]
        return await asyncio.gather(*runs)

    def event(
        self,
        event: str,
        timeout: int | float | None = None,
        *,
        condition: dict[str, Any] | None = None,
    ) -> Any:
        """Wait for a dispatch on any of the apps; await the result for its context.

        Raises:
            NotFound: for an undeclared event.
            asyncio.TimeoutError: after `timeout` seconds.
        """
        condition = {**(condition or {}), "__blueprint__": self.name}
        waiters = []
        for app in self.apps:
            waiter = app.signal_router.get_waiter(event, condition, exclusive=False)
            if waiter is None:
                raise NotFound(f"Could not find signal {event}")
            waiters.append(waiter)
        return self._event(waiters, timeout)

    async def _event(self, waiters: list[Any], timeout: float | None) -> Any:
        tasks = [asyncio.ensure_future(waiter.wait()) for waiter in waiters]
        try:
            done, _ = await asyncio.wait(
                tasks, timeout=timeout, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            for task in tasks:
                task.cancel()
        if not done:
            raise asyncio.TimeoutError()
        return next(iter(done)).result()


class _Registration:
    """One pass of registering records of a blueprint on an app with some options."""

    def __init__(self, blueprint: Blueprint, app: Any, options: dict[str, Any]) -> None:
        self.blueprint = blueprint
        self.app = app
        self.options = options
        self.route_names: dict[str, None] = {}

    def add(self, kind: str, record: Any) -> None:
        """Build from one record, unless that has been done; late middleware and exception
        handlers have no routes to go with."""
        method = getattr(self, f"_add_{kind}", None)
        if method is not None:
            method(record)

    def _is_new(self, item: Any) -> bool:
        try:
            key = (self.blueprint, item)
            if key in self.app._future_registry:
                return False
        except TypeError:
            key = (self.blueprint, id(item))
            if key in self.app._future_registry:
                return False
        self.app._future_registry.add(key)
        return True

    def _add_routes(self, record: FutureRoute) -> None:
        resolved = self._resolve(record)
        if not self._is_new(resolved):
            return
        bp = self.blueprint
        routes = self.app._apply_route(resolved, overwrite=bp._allow_route_overwrite)
        bp.routes.extend(routes)
        bp.websocket_routes.extend(route for route in routes if route.extra.websocket)
        self.route_names.update((route.name, None) for route in routes)

    def _resolve(self, record: FutureRoute) -> FutureRoute:
        """Fill in what the route leaves open from the options and from the blueprint."""
        bp, options = self.blueprint, self.options
        name_prefix = options.get("name_prefix")
        name = f"{name_prefix}_{record.name}" if name_prefix else record.name
        return record._replace(
            uri=self._uri(record.uri),
            version=_first(record.version, options.get("version"), bp.version),
            version_prefix=self._version_prefix(record.version_prefix),
            strict_slashes=_first(
                record.strict_slashes, options.get("strict_slashes"), bp.strict_slashes
            ),
            name=self.app.generate_name(name),
            host=record.host or _hosts(bp.host),
        )

    def _version_prefix(self, own: str) -> str:
        bp = self.blueprint
        for prefix in (own, self.options.get("version_prefix", bp.version_prefix)):
            if prefix and prefix != _DEFAULT_VERSION_PREFIX:
                return prefix
        return bp.version_prefix

    def _uri(self, base: str) -> str:
        prefix = self.options.get("url_prefix", self.blueprint.url_prefix)
        uri = base
        if prefix:
            uri = prefix + (base[1:] if base.startswith("/") and prefix.endswith("/") else base)
        return uri[1:] if uri.startswith("//") else uri

    def _add_statics(self, record: FutureStatic) -> None:
        resolved = record._replace(
            uri=self._uri(record.uri), name=self.app.generate_name(record.name)
        )
        if self._is_new(resolved):
            routes = self.app._apply_static(resolved)
            self.route_names.update((route.name, None) for route in routes)

    def _add_listeners(self, record: Any) -> None:
        if self._is_new(record):
            self.app._apply_listener(record)
            self.blueprint.listeners.setdefault(record.event, []).append(record.listener)

    def _add_signals(self, record: Any) -> None:
        condition = type(record.condition or {})(record.condition or {})
        condition["__blueprint__"] = self.blueprint.name
        if self._is_new(record):
            self.app._apply_signal(record._replace(condition=condition, exclusive=False))

    def bind(self) -> None:
        """Attach middleware and exception handlers to the routes made in this pass."""
        bp = self.blueprint
        names = [name for name in self.route_names if self._is_new(("bound", name))]
        if not names:
            return
        for record in bp._future_middleware:
            bp.middlewares.append(self.app._apply_middleware(record, names))
        for record in bp._future_exceptions:
            bp.exceptions.append(self.app._apply_exception_handler(record, names))


def _first(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


def _hosts(host: Any) -> Any:
    return (host,) if isinstance(host, str) else tuple(host) if host else None


def _renamed(records: Iterable[Any], old: str, new: str) -> list[Any]:
    return [
        record._replace(name=new + record.name[len(old) :])
        if record.name.startswith(f"{old}.")
        else record
        for record in records
    ]
