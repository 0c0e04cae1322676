"""Configuration: defaults, attributes, environment, files."""

import os
from pathlib import Path

from sanic import Sanic
from sanic.config import DEFAULT_CONFIG, SANIC_PREFIX, Config, DetailedConverter
from sanic.helpers import Default, _default
from sanic.utils import load_module_from_file_location, str_to_bool

Sanic.test_mode = True
sorted((key, str(value)) for key, value in DEFAULT_CONFIG.items())
SANIC_PREFIX
config = Config()
sorted(set(config) - set(DEFAULT_CONFIG))
sorted((key, str(value)) for key, value in config.items())[:60]
config.KEEP_ALIVE_TIMEOUT
config["KEEP_ALIVE_TIMEOUT"]
config.MISSING
config["MISSING"]
config.get("MISSING", 5)
hasattr(config, "MISSING")
config.FALLBACK_ERROR_FORMAT
"FALLBACK_ERROR_FORMAT" in config
config["FALLBACK_ERROR_FORMAT"]
setattr(config, "FALLBACK_ERROR_FORMAT", "nope")
setattr(config, "FALLBACK_ERROR_FORMAT", "json")
config.FALLBACK_ERROR_FORMAT
setattr(config, "lower", 1)
config.lower, config["lower"]
config.update({"A": 1, "b": 2}, C=3)
config.A, config.b, config.C
config.update([("D", 4)])
config.D
config.update({"E": 1}, E=2)
config.E
config.update({"E": 1}, {"E": 3})
config.E
config.update_config({"UP": 1, "low": 2, "Mixed": 3, "UP_1": 4})
[config.get(k) for k in ("UP", "low", "Mixed", "UP_1")]
config.load({"LOADED": 1})
config.LOADED


class FromClass:
    UPPER = 1
    lower = 2
    _PRIVATE = 3

    @property
    def PROPERTY(self):
        return 4

    def METHOD(self):
        return 5


class Child(FromClass):
    OWN = 6


config.update_config(FromClass)
config.UPPER, config.get("lower"), config.get("_PRIVATE"), type(config.PROPERTY).__name__
config.update_config(FromClass())
config.PROPERTY
fresh = Config()
fresh.update_config(Child())
fresh.get("UPPER"), fresh.OWN, fresh.get("PROPERTY")
folder = Path(__file__).parent / "files"
folder.mkdir()
(folder / "conf.py").write_text("NUMBER = 1\nlower = 2\nTEXT = 'x'\n")
(folder / "conf.txt").write_text("NUMBER = 3\nOTHER = [1]\n")
(folder / "bad.py").write_text("NUMBER = = 3\n")
(folder / "raises.txt").write_text("1 / 0\n")
fresh.update_config(folder / "conf.py")
fresh.NUMBER, fresh.TEXT, fresh.get("lower")
fresh.update_config(str(folder / "conf.txt"))
fresh.NUMBER, fresh.OTHER
fresh.update_config(str(folder / "conf.txt").encode())
os.environ["CONF_HERE"] = str(folder)
fresh.update_config("${CONF_HERE}/conf.py")
fresh.NUMBER
fresh.update_config("${CONF_MISSING}/conf.py")
fresh.update_config("nodots")
fresh.update_config("no.such.module")
type(load_module_from_file_location(str(folder / "conf.py"))).__name__
load_module_from_file_location(str(folder / "conf.py")).NUMBER
load_module_from_file_location(folder / "conf.txt").OTHER
load_module_from_file_location(folder / "raises.txt")
load_module_from_file_location("os.path").__name__


def converted(value, **options):
    os.environ["SANIC_SOME_VALUE"] = value
    try:
        found = Config(**options)["SOME_VALUE"]
    finally:
        del os.environ["SANIC_SOME_VALUE"]
    return type(found).__name__, str(found)


[converted(v) for v in ("1", "0", "-1", "+1", "1.5", "1e3", "1_000", "nan", "inf", " 1 ", "")]
[converted(v) for v in ("true", "True", "on", "YES", "y", "t", "enable", "enabled", "yep", "yup")]
[converted(v) for v in ("false", "off", "No", "n", "nope", "f", "disable", "disabled", "0x10")]
[converted(v) for v in ("text", "a b", "é", "None", "null", "[1]", "{}", "1,2")]
os.environ.update(SANIC_mixed="1", SANIC_UP="2", OTHER_UP="3", SANICX="4", SANIC_A_B1="5")
Config().get("mixed"), Config().UP, Config().A_B1, Config().get("X")
Config(env_prefix="OTHER_").UP
Config(env_prefix="").get("UP")
Config(env_prefix=None).get("UP")
Config(env_prefix="OTHER_").get("A_B1")
Config(defaults={"UP": 9, "MORE": 1}).UP, Config(defaults={"MORE": 1}).MORE
Config(defaults={"KEEP_ALIVE": False}).KEEP_ALIVE
Config(defaults={"MORE": 1}).defaults
Config(keep_alive=False).KEEP_ALIVE
os.environ["SANIC_KEEP_ALIVE"] = "false"
os.environ["SANIC_REQUEST_MAX_SIZE"] = "5"
Config().KEEP_ALIVE, Config().REQUEST_MAX_SIZE, Config(load_env=False)
del os.environ["SANIC_KEEP_ALIVE"], os.environ["SANIC_REQUEST_MAX_SIZE"]


def upper_only(value):
    if not value.isupper():
        raise ValueError(value)
    return f"upper {value}"


converted("ABC", converters=[upper_only])
converted("abc", converters=[upper_only])
converted("5", converters=[lambda v: f"own {v}"])


class Detailed(DetailedConverter):
    def __call__(self, full_key, config_key, value, defaults):
        return f"{full_key} {config_key} {value} {'KEEP_ALIVE' in defaults}"


converted("x", converters=[Detailed()])
[str_to_bool(v) for v in ("y", "YES", "yep", "yup", "t", "true", "on", "enable", "enabled", "1")]
[str_to_bool(v) for v in ("n", "no", "nope", "f", "False", "off", "disable", "disabled", "0")]
str_to_bool("maybe")
str_to_bool("")
Config().register_type(upper_only)


class Own(Config):
    @property
    def DOUBLED(self):
        return self._doubled

    @DOUBLED.setter
    def DOUBLED(self, value):
        self._doubled = value * 2


own = Own()
setattr(own, "DOUBLED", 4)
own.DOUBLED, "DOUBLED" in own
own.update(DOUBLED=5)
own.DOUBLED
Sanic("with_config", config=own).config is own
Sanic("prefix", env_prefix="OTHER_").config.UP
Sanic("both", config=Config(), env_prefix="OTHER_")
Config().LOCAL_CERT_CREATOR
setattr(config, "LOCAL_CERT_CREATOR", "mkcert")
config.LOCAL_CERT_CREATOR
setattr(config, "LOCAL_CERT_CREATOR", "zz")
isinstance(Config().TOUCHUP, Default), isinstance(_default, Default), repr(_default)
isinstance(config, dict), config == dict(config)
bool(Default()), str(Default()), repr(Default())
config.pop("A"), "A" in config
Config().load_environment_vars("NOPE_")
