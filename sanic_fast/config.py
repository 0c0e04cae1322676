"""Settings of an app: defaults, environment variables, files, objects.

    app.config.KEEP_ALIVE_TIMEOUT = 5
    app.config.update_config("./settings.py")

Every change bumps a counter, by which the server knows that its copies are stale.
"""

from __future__ import annotations

from abc import ABC, ABCMeta, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from os import environ
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Union
from warnings import filterwarnings

from sanic_fast._core.router import VersionCell
from sanic_fast.constants import LocalCertCreator
from sanic_fast.exceptions import SanicException
from sanic_fast.helpers import Default, _default
from sanic_fast.log import error_logger
from sanic_fast.utils import load_module_from_file_location, str_to_bool

if TYPE_CHECKING:
    from typing_extensions import Self

FilterWarningType = Union[
    Literal["default"],
    Literal["error"],
    Literal["ignore"],
    Literal["always"],
    Literal["module"],
    Literal["once"],
]

SANIC_PREFIX = "SANIC_"

DEFAULT_CONFIG: dict[str, Any] = {
    "_FALLBACK_ERROR_FORMAT": _default,
    "ACCESS_LOG": False,
    "AUTO_EXTEND": True,
    "AUTO_RELOAD": False,
    "EVENT_AUTOREGISTER": False,
    "DEPRECATION_FILTER": "once",
    "FORWARDED_FOR_HEADER": "X-Forwarded-For",
    "FORWARDED_SECRET": None,
    "GRACEFUL_SHUTDOWN_TIMEOUT": 15.0,  # seconds
    "GRACEFUL_TCP_CLOSE_TIMEOUT": 5.0,  # seconds
    "INSPECTOR": False,
    "INSPECTOR_HOST": "localhost",
    "INSPECTOR_PORT": 6457,
    "INSPECTOR_TLS_KEY": _default,
    "INSPECTOR_TLS_CERT": _default,
    "INSPECTOR_API_KEY": "",
    "KEEP_ALIVE_TIMEOUT": 120,  # seconds
    "KEEP_ALIVE": True,
    "LOCAL_CERT_CREATOR": LocalCertCreator.AUTO,
    "LOCAL_TLS_KEY": _default,
    "LOCAL_TLS_CERT": _default,
    "LOCALHOST": "localhost",
    "LOG_EXTRA": _default,
    "MOTD": True,
    "MOTD_DISPLAY": {},
    "NO_COLOR": False,
    "NOISY_EXCEPTIONS": False,
    "PROXIES_COUNT": None,
    "REAL_IP_HEADER": None,
    "REQUEST_BUFFER_SIZE": 65536,  # bytes
    "REQUEST_MAX_HEADER_SIZE": 8192,  # bytes, at most 16384
    "REQUEST_ID_HEADER": "X-Request-ID",
    "REQUEST_MAX_SIZE": 100_000_000,  # bytes
    "REQUEST_TIMEOUT": 60,  # seconds
    "RESPONSE_TIMEOUT": 60,  # seconds
    "TLS_CERT_PASSWORD": "",
    "TOUCHUP": _default,
    "USE_UVLOOP": _default,
    "WEBSOCKET_MAX_SIZE": 2**20,  # bytes
    "WEBSOCKET_PING_INTERVAL": 20,  # seconds
    "WEBSOCKET_PING_TIMEOUT": 20,  # seconds
}

_ERROR_FORMATS = ("auto", "html", "json", "text")
# Attributes of the object itself; every other attribute is a setting.
_OWN = frozenset(("_cell", "_converters", "defaults"))


class DetailedConverter(ABC):
    """Base of converters of environment variables that want to know more than the value."""

    @abstractmethod
    def __call__(self, full_key: str, config_key: str, value: str, defaults: dict[str, Any]) -> Any:
        """Turn the text of a variable into a setting.

        Args:
            full_key: name of the variable.
            config_key: name of the setting: the same without the prefix.
            value: text of the variable.
            defaults: settings before the environment was read.

        Raises:
            ValueError: this converter does not apply; the next one is tried.
        """


class DescriptorMeta(ABCMeta):
    """Notes which settings a class computes through properties instead of storing them."""

    __computed__: frozenset[str]

    def __init__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **kw: Any):
        super().__init__(name, bases, namespace, **kw)
        cls.__computed__ = frozenset(
            key
            for base in cls.__mro__
            if isinstance(base, DescriptorMeta)
            for key, value in vars(base).items()
            if hasattr(type(value), "__set__") and not key.startswith("__")
        )


class Config(dict, metaclass=DescriptorMeta):  # type: ignore[type-arg]
    """The settings of an app: a dict whose keys are attributes too.

    Args:
        defaults: settings that come before the built-in defaults.
        env_prefix: environment variables with this prefix are loaded; None or "" for none.
        keep_alive: sets `KEEP_ALIVE`.
        converters: further converters of environment variables, see `register_type`.
    """

    def __init__(
        self,
        defaults: dict[str, str | bool | int | float | None] | None = None,
        env_prefix: str | None = SANIC_PREFIX,
        keep_alive: bool | None = None,
        *,
        converters: Sequence[Callable[[str], Any]] | None = None,
    ):
        defaults = defaults or {}
        merged = {**DEFAULT_CONFIG, **defaults}
        if "MOTD_DISPLAY" not in defaults:
            merged["MOTD_DISPLAY"] = {}  # one per app, as programs add to it
        self._prepare(merged)
        error_format = merged.pop("FALLBACK_ERROR_FORMAT", None)
        super().__init__(merged)
        if error_format is not None:
            self.FALLBACK_ERROR_FORMAT = error_format
        for converter in converters or ():
            self.register_type(converter)
        if keep_alive is not None:
            self.KEEP_ALIVE = keep_alive
        if env_prefix:
            self.load_environment_vars(env_prefix)
        for key in ("LOCAL_CERT_CREATOR", "DEPRECATION_FILTER"):
            self._after_change(key)

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        # Not in `__init__`: subclasses set attributes before they call that of this class.
        config = super().__new__(cls)
        config._cell = VersionCell()
        return config

    def _prepare(self, defaults: dict[str, Any]) -> None:
        self.defaults = dict(defaults)
        # Tried from the last to the first.
        self._converters: list[Callable[..., Any]] = [str, str_to_bool, float, int]

    # -- reading ----------------------------------------------------------------------------

    def __getattr__(self, attr: str) -> Any:
        try:
            return self[attr]
        except KeyError:
            raise AttributeError(f"Config has no '{attr}'") from None

    @property
    def FALLBACK_ERROR_FORMAT(self) -> str:  # noqa: N802 - a setting
        """Format of error pages that nothing else decides: auto, html, json or text."""
        value = self["_FALLBACK_ERROR_FORMAT"]
        return "auto" if value is None or isinstance(value, Default) else value

    @FALLBACK_ERROR_FORMAT.setter
    def FALLBACK_ERROR_FORMAT(self, value: str) -> None:  # noqa: N802
        if value is not None and value not in _ERROR_FORMATS:
            raise SanicException(f"Unknown format: {value}")
        before = self["_FALLBACK_ERROR_FORMAT"]
        if not isinstance(before, Default) and before != value:
            error_logger.warning(
                "Setting config.FALLBACK_ERROR_FORMAT on an already "
                "configured value may have unintended consequences."
            )
        dict.__setitem__(self, "_FALLBACK_ERROR_FORMAT", value)

    # -- changing ---------------------------------------------------------------------------

    def __setattr__(self, attr: str, value: Any) -> None:
        if attr in _OWN:
            object.__setattr__(self, attr, value)
        else:
            self.update({attr: value})

    def __setitem__(self, key: str, value: Any) -> None:
        self.update({key: value})

    def update(self, *other: Any, **kwargs: Any) -> None:
        """Set several settings; mappings win over keywords of the same name."""
        changes: dict[str, Any] = dict(kwargs)
        for each in other:
            changes.update(each)
        computed = type(self).__computed__
        try:
            for key, value in changes.items():
                if key in computed:
                    descriptor = getattr(type(self), key)
                    # A property without setter cannot be configured away.
                    if not isinstance(descriptor, property) or descriptor.fset is not None:
                        object.__setattr__(self, key, value)
                else:
                    super().__setitem__(key, value)
                    self._after_change(key)
        finally:
            self._cell.bump()

    def _after_change(self, key: str) -> None:
        if key == "LOCAL_CERT_CREATOR":
            creator = self[key]
            if not isinstance(creator, LocalCertCreator):
                super().__setitem__(key, LocalCertCreator[str(creator).upper()])
        elif key == "DEPRECATION_FILTER":
            filterwarnings(self[key], category=DeprecationWarning, module=r"sanic.*")

    def __delitem__(self, key: str) -> None:
        super().__delitem__(key)
        self._cell.bump()

    def pop(self, *args: Any) -> Any:
        """Remove a setting and return it."""
        value = super().pop(*args)
        self._cell.bump()
        return value

    def popitem(self) -> tuple[str, Any]:
        """Remove the setting added last and return it."""
        item: tuple[str, Any] = super().popitem()
        self._cell.bump()
        return item

    def clear(self) -> None:
        """Remove all settings."""
        super().clear()
        self._cell.bump()

    def setdefault(self, key: str, default: Any = None) -> Any:
        """Set the setting unless it is there; return its value."""
        if key not in self:
            self.update({key: default})
        return self[key]

    def __ior__(self, other: Any) -> Config:  # type: ignore[misc]
        self.update(other)
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        # Items and attributes at once: the default would set items before `_cell` exists.
        return _restore_config, (type(self), dict(self), self.defaults)

    # -- loading ----------------------------------------------------------------------------

    def update_config(self, config: bytes | str | Path | dict[str, Any] | Any) -> None:
        """Take over the upper-case names of a source.

        Args:
            config: a dict; a `Path`, or a text with a slash or `${VAR}` in it, naming a
                Python file; a dotted path to a module or to something to call; a class; or
                any object, whose attributes and properties count.

        Raises:
            LoadFileException, OSError, PyFileError: the source cannot be loaded, see
                `utils.load_module_from_file_location`.
            AttributeError: None, a number, a list: nothing that holds settings.
        """
        if isinstance(config, (bytes, str, Path)):
            config = load_module_from_file_location(location=config)
        values: dict[str, Any] = {}
        if isinstance(config, dict):
            values.update(config)
        else:
            slotted = hasattr(type(config), "__slots__") and not hasattr(config, "__dict__")
            values.update({} if slotted else config.__dict__)
            if not isinstance(config, type):
                # Only its own class, so that properties are evaluated.
                values.update((key, getattr(config, key)) for key in _upper(vars(type(config))))
        self.update({key: values[key] for key in _upper(values)})

    load = update_config

    def load_environment_vars(self, prefix: str = SANIC_PREFIX) -> None:
        """Load environment variables that start with `prefix` and are upper-case throughout.

        The rest of the name is the setting. Converters are tried from the last registered to
        the first until one does not raise ValueError; the built-in ones make int, float,
        bool or str.
        """
        for key, text in environ.items():
            config_key = key[len(prefix) :]
            if key.startswith(prefix) and key.isupper() and config_key:
                self[config_key] = self._convert(key, config_key, text)

    def _convert(self, key: str, config_key: str, text: str) -> Any:
        for converter in reversed(self._converters):
            try:
                if isinstance(converter, DetailedConverter):
                    return converter(key, config_key, text, self.defaults)
                return converter(text)
            except ValueError:
                continue
        return text

    def register_type(self, converter: Callable[[str], Any]) -> None:
        """Add a converter of environment variables; it is tried before all others.

        Args:
            converter: takes the text and returns the value, or raises ValueError if it does
                not apply. A `DetailedConverter` is told more.
        """
        if converter in self._converters:
            name = getattr(converter, "__name__", type(converter).__name__)
            error_logger.warning(
                f"Configuration value converter '{name}' has already been registered"
            )
            return
        self._converters.append(converter)


def _upper(names: Mapping[str, Any] | Iterable[str]) -> list[str]:
    return [name for name in names if isinstance(name, str) and name.isupper()]


def _restore_config(cls: type[Config], items: dict[str, Any], defaults: dict[str, Any]) -> Config:
    config = cls.__new__(cls)
    config._prepare(defaults)
    dict.update(config, items)
    return config
