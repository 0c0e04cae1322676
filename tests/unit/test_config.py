"""Settings; expected results measured on the original unless a test says otherwise."""

import copy
import logging
import os
import pickle
import warnings
from pathlib import Path

import pytest

from sanic_fast.config import DEFAULT_CONFIG, SANIC_PREFIX, Config, DetailedConverter
from sanic_fast.constants import LocalCertCreator
from sanic_fast.exceptions import LoadFileException, PyFileError, SanicException
from sanic_fast.helpers import Default


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    """No settings from outside; warning filters are put back afterwards."""
    for key in os.environ:
        if key.startswith("SANIC_"):
            monkeypatch.delenv(key)
    with warnings.catch_warnings():
        yield


def changed(config):
    return {k: v for k, v in config.items() if k not in DEFAULT_CONFIG or DEFAULT_CONFIG[k] != v}


# -- defaults ----------------------------------------------------------------------------------


def test_defaults():
    config = Config()
    assert dict(config) == DEFAULT_CONFIG and len(config) == 41
    assert config.KEEP_ALIVE_TIMEOUT == 120 and config["REQUEST_MAX_SIZE"] == 100_000_000
    assert config.ACCESS_LOG is False and config.WEBSOCKET_MAX_SIZE == 1048576
    assert config.LOCAL_CERT_CREATOR is LocalCertCreator.AUTO
    assert isinstance(config.USE_UVLOOP, Default) and isinstance(config.TOUCHUP, Default)
    assert config.defaults == DEFAULT_CONFIG and config.defaults is not DEFAULT_CONFIG
    assert isinstance(config, dict)


def test_arguments():
    config = Config({"A": 1, "b": 2, "KEEP_ALIVE": False})
    assert changed(config) == {"A": 1, "b": 2, "KEEP_ALIVE": False}
    assert config.defaults["A"] == 1
    assert changed(Config(keep_alive=False)) == {"KEEP_ALIVE": False}
    assert changed(Config({"KEEP_ALIVE": False}, keep_alive=True)) == {}


def test_apps_do_not_share_a_default_dict():
    # They did in the original.
    one, two = Config(), Config()
    one.MOTD_DISPLAY["x"] = 1
    assert two.MOTD_DISPLAY == DEFAULT_CONFIG["MOTD_DISPLAY"] == {}
    mine = {"y": 2}
    assert Config({"MOTD_DISPLAY": mine}).MOTD_DISPLAY is mine


# -- reading and changing ----------------------------------------------------------------------


def test_missing_settings():
    config = Config()
    with pytest.raises(AttributeError, match="Config has no 'NOPE'"):
        config.NOPE  # noqa: B018
    with pytest.raises(KeyError):
        config["NOPE"]
    assert config.get("NOPE") is None
    assert getattr(config, "NOPE", 5) == 5


def test_attributes_and_items_are_the_same():
    config = Config()
    config.foo = 1
    config["BAR"] = 2
    assert (config["foo"], config.BAR) == (1, 2)
    assert "foo" in config
    config._private = 3
    assert config["_private"] == 3


@pytest.mark.parametrize(
    ("mappings", "keywords", "expected"),
    [
        (({"A": 1},), dict(A=2, B=3), {"A": 1, "B": 3}),
        (({"A": 1}, {"A": 5}), {}, {"A": 5}),
        (([("A", 1)],), {}, {"A": 1}),
        ((), dict(A=1, a=2), {"A": 1, "a": 2}),
        ((), {}, {}),
    ],
)
def test_update(mappings, keywords, expected):
    config = Config()
    assert config.update(*mappings, **keywords) is None
    assert changed(config) == expected


def test_other_ways_to_change():
    config = Config()
    assert config.setdefault("Q", 5) == 5 and config.setdefault("Q", 6) == 5
    config |= {"Z": 1}
    assert type(config) is Config and config.Z == 1
    assert config.pop("Z") == 1 and config.pop("Z", None) is None
    assert config.popitem() == ("Q", 5)
    del config["ACCESS_LOG"]
    assert "ACCESS_LOG" not in config
    with pytest.raises(AttributeError):
        del config.KEEP_ALIVE
    config.clear()
    assert len(config) == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda c: setattr(c, "X", 1),
        lambda c: c.__setitem__("X", 1),
        lambda c: c.update(X=1),
        lambda c: c.update_config({"X": 1}),
        lambda c: c.setdefault("NEW", 1),
        lambda c: c.pop("KEEP_ALIVE"),
        lambda c: c.popitem(),
        lambda c: c.clear(),
        lambda c: c.__delitem__("KEEP_ALIVE"),
        lambda c: c.__ior__({"X": 1}),
        lambda c: setattr(c, "FALLBACK_ERROR_FORMAT", "json"),
        lambda c: c.load_environment_vars("LOADME_"),
    ],
)
def test_every_change_is_counted(change, monkeypatch):
    monkeypatch.setenv("LOADME_X", "1")
    config = Config()
    before = config._cell.value
    change(config)
    assert config._cell.value > before


def test_a_failed_change_is_counted_too():
    config = Config()
    before = config._cell.value
    with pytest.raises(SanicException):
        config.update(A=1, FALLBACK_ERROR_FORMAT="bad")
    assert config.A == 1 and config._cell.value > before


def test_reading_is_not_counted():
    config = Config()
    before = config._cell.value
    _ = config.KEEP_ALIVE, config["KEEP_ALIVE"], config.FALLBACK_ERROR_FORMAT, config.get("X")
    config.setdefault("KEEP_ALIVE")
    assert config._cell.value == before


@pytest.mark.parametrize(
    "duplicate", [copy.copy, copy.deepcopy, lambda c: pickle.loads(pickle.dumps(c))]
)
def test_config_can_be_copied(duplicate):
    config = Config({"A": 1})
    config.FALLBACK_ERROR_FORMAT = "json"
    again = duplicate(config)
    assert type(again) is Config and dict(again).keys() == dict(config).keys()
    assert (again.A, again.FALLBACK_ERROR_FORMAT, again.defaults["A"]) == (1, "json", 1)
    assert again._cell is not config._cell
    again.A = 2
    assert config.A == 1


def test_plain_dict_results():
    assert type(Config().copy()) is dict
    assert type(Config() | {"Z": 1}) is dict


# -- settings with a meaning of their own --------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda c: setattr(c, "FALLBACK_ERROR_FORMAT", "json"),
        lambda c: c.__setitem__("FALLBACK_ERROR_FORMAT", "json"),
        lambda c: c.update(FALLBACK_ERROR_FORMAT="json"),
        lambda c: c.update_config({"FALLBACK_ERROR_FORMAT": "json"}),
    ],
)
def test_fallback_error_format_is_a_property(change):
    config = Config()
    assert config.FALLBACK_ERROR_FORMAT == "auto"
    change(config)
    assert config.FALLBACK_ERROR_FORMAT == config["_FALLBACK_ERROR_FORMAT"] == "json"
    assert "FALLBACK_ERROR_FORMAT" not in config
    with pytest.raises(KeyError):
        config["FALLBACK_ERROR_FORMAT"]


def test_fallback_error_format_is_checked():
    config = Config()
    with pytest.raises(SanicException, match="Unknown format: bad"):
        config.FALLBACK_ERROR_FORMAT = "bad"
    for known in ("html", "text", "json", "auto"):
        Config().FALLBACK_ERROR_FORMAT = known
    config.FALLBACK_ERROR_FORMAT = None
    assert config.FALLBACK_ERROR_FORMAT == "auto"


def test_fallback_error_format_changed_again_is_logged(caplog):
    caplog.set_level(logging.WARNING, "sanic.error")
    config = Config()
    config.FALLBACK_ERROR_FORMAT = "json"
    config.FALLBACK_ERROR_FORMAT = "json"
    assert caplog.messages == []
    config.FALLBACK_ERROR_FORMAT = "html"
    assert caplog.messages == [
        "Setting config.FALLBACK_ERROR_FORMAT on an already configured value may have "
        "unintended consequences."
    ]


def test_fallback_error_format_among_the_defaults():
    # Had no effect in the original.
    config = Config({"FALLBACK_ERROR_FORMAT": "text"})
    assert config.FALLBACK_ERROR_FORMAT == "text"
    assert "FALLBACK_ERROR_FORMAT" not in config


def test_local_cert_creator_is_converted():
    config = Config()
    config.LOCAL_CERT_CREATOR = "mkcert"
    assert config.LOCAL_CERT_CREATOR is LocalCertCreator.MKCERT
    assert Config({"LOCAL_CERT_CREATOR": "trustme"}).LOCAL_CERT_CREATOR is LocalCertCreator.TRUSTME
    with pytest.raises(KeyError):
        config.LOCAL_CERT_CREATOR = "bogus"


def test_deprecation_filter_is_installed():
    Config()
    action, _, category, module, _ = warnings.filters[0]
    assert (action, category) == ("once", DeprecationWarning) and module.match("sanic_fast.x")
    config = Config()
    config.DEPRECATION_FILTER = "ignore"
    assert warnings.filters[0][0] == "ignore"
    with pytest.raises((AssertionError, ValueError)):
        config.DEPRECATION_FILTER = "bogus"


class Computed(Config):
    seen = None

    @property
    def FOO(self):  # noqa: N802
        return "prop"

    @FOO.setter
    def FOO(self, value):  # noqa: N802
        dict.__setitem__(self, "_foo", value)

    @property
    def FIXED(self):  # noqa: N802
        return "fixed"


def test_properties_of_a_subclass_are_honoured():
    config = Computed()
    for change in (
        lambda: setattr(config, "FOO", 1),
        lambda: config.update(FOO=1),
        lambda: config.__setitem__("FOO", 1),
    ):
        dict.__setitem__(config, "_foo", None)
        change()
        assert (config.FOO, config["_foo"], "FOO" in config) == ("prop", 1, False)


def test_property_without_setter_stays():
    config = Computed()
    config.FIXED = 1
    config.update(FIXED=2)
    assert config.FIXED == "fixed" and "FIXED" not in config


def test_properties_are_inherited():
    class Further(Computed):
        pass

    config = Further()
    config.FOO = 2
    config.FALLBACK_ERROR_FORMAT = "json"
    assert (config["_foo"], config.FALLBACK_ERROR_FORMAT) == (2, "json")


# -- environment -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("0", 0),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("1_000", 1000),
        ("true", True),
        ("on", True),
        ("yes", True),
        ("off", False),
        ("no", False),
        ("", ""),
        ("x", "x"),
        (" 5 ", 5),
        ("0x10", "0x10"),
        ("None", "None"),
        ("-1", -1),
        ("inf", float("inf")),
    ],
)
def test_environment_values(monkeypatch, text, value):
    monkeypatch.setenv("SANIC_X", text)
    found = Config().X
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize("name", ["SANIC_x", "sanic_X", "SANICX", "X", "OTHER_X"])
def test_environment_names_that_do_not_count(monkeypatch, name):
    monkeypatch.setenv(name, "1")
    assert changed(Config()) == {}


def test_environment_prefix(monkeypatch):
    monkeypatch.setenv("MYAPP_A_B1", "1")
    monkeypatch.setenv("SANIC_Y", "2")
    assert SANIC_PREFIX == "SANIC_"
    assert changed(Config(env_prefix="MYAPP_")) == {"A_B1": 1}
    assert changed(Config(env_prefix="")) == changed(Config(env_prefix=None)) == {}


def test_environment_wins_and_is_converted_like_any_change(monkeypatch):
    monkeypatch.setenv("SANIC_KEEP_ALIVE", "off")
    monkeypatch.setenv("SANIC_FALLBACK_ERROR_FORMAT", "json")
    monkeypatch.setenv("SANIC_LOCAL_CERT_CREATOR", "trustme")
    config = Config({"KEEP_ALIVE": True}, keep_alive=True)
    assert config.KEEP_ALIVE is False
    assert config.FALLBACK_ERROR_FORMAT == "json"
    assert config.LOCAL_CERT_CREATOR is LocalCertCreator.TRUSTME


def only_zz(text):
    if text != "zz":
        raise ValueError
    return "converted"


def test_converters_are_tried_from_the_last(monkeypatch):
    monkeypatch.setenv("SANIC_X", "zz")
    monkeypatch.setenv("SANIC_Y", "5")
    config = Config(converters=[only_zz])
    assert (config.X, config.Y) == ("converted", 5)
    assert Config(converters=[only_zz, lambda text: "last"]).X == "last"


def test_converter_may_fail_with_value_error_only(monkeypatch):
    monkeypatch.setenv("SANIC_X", "1")

    def broken(text):
        raise TypeError("broken")

    with pytest.raises(TypeError, match="broken"):
        Config(converters=[broken])


def test_detailed_converter_is_told_more(monkeypatch):
    monkeypatch.setenv("SANIC_KEEP_ALIVE_TIMEOUT", "7")
    calls = []

    class LikeDefault(DetailedConverter):
        def __call__(self, full_key, config_key, value, defaults):
            calls.append((full_key, config_key, value))
            return type(defaults[config_key])(value)

    assert Config(converters=[LikeDefault()]).KEEP_ALIVE_TIMEOUT == 7
    assert calls == [("SANIC_KEEP_ALIVE_TIMEOUT", "KEEP_ALIVE_TIMEOUT", "7")]
    with pytest.raises(TypeError):
        DetailedConverter()


def test_converter_registered_twice_is_logged(caplog):
    caplog.set_level(logging.WARNING, "sanic.error")
    converter = type("Conv", (DetailedConverter,), {"__call__": lambda *a: 1})()
    Config(converters=[int, converter, converter])
    assert caplog.messages == [
        "Configuration value converter 'int' has already been registered",
        "Configuration value converter 'Conv' has already been registered",
    ]


# -- update_config -------------------------------------------------------------------------------

TEXT = "A = 1\nB_C = A + 1\nlower = 3\n"


def test_update_config_from_dict():
    config = Config()
    config.update_config({"A": 1, "lower": 2, "Mixed": 3})
    assert changed(config) == {"A": 1}
    config.load({"B": 2})
    assert config.B == 2


@pytest.mark.parametrize("name", ["settings.py", "settings.conf"])
@pytest.mark.parametrize("kind", [str, Path, lambda p: str(p).encode()])
def test_update_config_from_file(tmp_path, name, kind):
    path = tmp_path / name
    path.write_text(TEXT)
    config = Config()
    config.update_config(kind(path))
    assert changed(config) == {"A": 1, "B_C": 2}


def test_update_config_from_path_in_the_environment(tmp_path, monkeypatch):
    (tmp_path / "s.py").write_text(TEXT)
    monkeypatch.setenv("SETTINGS_DIR", str(tmp_path))
    config = Config()
    config.update_config("${SETTINGS_DIR}/s.py")
    assert config.A == 1
    with pytest.raises(LoadFileException, match="NOT_SET_AT_ALL"):
        config.update_config("${NOT_SET_AT_ALL}/s.py")


def test_update_config_from_broken_sources(tmp_path):
    (tmp_path / "s.conf").write_text("1/0")
    config = Config()
    with pytest.raises(PyFileError):
        config.update_config(tmp_path / "s.conf")
    with pytest.raises(FileNotFoundError):
        config.update_config(tmp_path / "nope")
    with pytest.raises(OSError, match="Unable to load configuration nodot"):
        config.update_config("nodot")


class Base:
    INHERITED = 1


class Source(Base):
    A = 1
    lower = 2

    def __init__(self):
        self.B = 3
        self.other = 4

    @property
    def COMPUTED(self):  # noqa: N802
        return self.B + 1


def test_update_config_from_class():
    config = Config()
    config.update_config(Source)
    assert set(changed(config)) == {"A", "COMPUTED"}


@pytest.mark.parametrize("source", [Source(), f"{__name__}.Source"])
def test_update_config_from_object(source):
    config = Config()
    config.update_config(source)
    assert changed(config) == {"A": 1, "B": 3, "COMPUTED": 4}


@pytest.mark.parametrize("source", [None, 5, [1]])
def test_update_config_refuses_what_holds_no_settings(source):
    with pytest.raises(AttributeError, match="__dict__"):
        Config().update_config(source)


def test_update_config_from_object_without_dict():
    class Slotted:
        __slots__ = ("A",)

    source = Slotted()
    source.A = 5
    config = Config()
    config.update_config(source)
    assert changed(config) == {"A": 5}
