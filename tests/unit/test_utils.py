"""Loading configuration modules; reading truth values."""

from pathlib import Path

import pytest

from sanic_fast.exceptions import LoadFileException, PyFileError
from sanic_fast.utils import load_module_from_file_location, str_to_bool


@pytest.mark.parametrize("word", "y yes yep yup t true on enable enabled 1 TRUE Yes".split())
def test_true_words(word):
    assert str_to_bool(word) is True


@pytest.mark.parametrize("word", "n no f nope false off disable disabled 0 OFF".split())
def test_false_words(word):
    assert str_to_bool(word) is False


@pytest.mark.parametrize("word", ["", "x", " yes", "2", "none"])
def test_other_words(word):
    with pytest.raises(ValueError, match=f"Invalid truth value {word}"):
        str_to_bool(word)


@pytest.fixture
def settings(tmp_path, monkeypatch):
    (tmp_path / "s.py").write_text("A = 1\nb = 2\n")
    (tmp_path / "s.txt").write_text("A = 3\n")
    (tmp_path / "bad.py").write_text("raise ValueError(3)\n")
    (tmp_path / "bad.txt").write_text("raise ValueError(3)\n")
    monkeypatch.setenv("SETTINGS_DIR", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    "make",
    [
        lambda d: str(d / "s.py"),
        lambda d: d / "s.py",
        lambda d: str(d / "s.py").encode(),
        lambda d: "${SETTINGS_DIR}/s.py",
    ],
)
def test_python_file_is_imported(settings, make):
    module = load_module_from_file_location(make(settings))
    assert (module.A, module.b, module.__name__) == (1, 2, "s")
    assert module.__file__ == str(settings / "s.py")


def test_other_file_is_executed(settings):
    module = load_module_from_file_location(settings / "s.txt")
    assert (module.A, module.__name__) == (3, "config")


def test_failure_inside_the_file(settings):
    with pytest.raises(ValueError):
        load_module_from_file_location(settings / "bad.py")
    with pytest.raises(PyFileError, match="could not execute config file .*bad.txt") as info:
        load_module_from_file_location(settings / "bad.txt")
    assert isinstance(info.value.__cause__, ValueError)


def test_missing_environment_variables_are_named():
    with pytest.raises(LoadFileException) as info:
        load_module_from_file_location("/${NOPE_1}/${NOPE_2}/${NOPE_1}")
    message = "The following environment variables are not set: NOPE_1, NOPE_2"
    assert str(info.value) == message


@pytest.mark.parametrize("location", ["$HOME_X/s.py", "/x/${}/s.py", "/x/${open/s.py"])
def test_dollar_that_is_no_variable_stays(location):
    with pytest.raises(FileNotFoundError):
        load_module_from_file_location(location)


def test_unreadable_file_says_so():
    with pytest.raises(FileNotFoundError) as info:
        load_module_from_file_location("./no/such/file")
    assert info.value.strerror.startswith("Unable to load configuration file (")
    with pytest.raises(FileNotFoundError):
        load_module_from_file_location("./no/such/file.py")
    with pytest.raises(OSError, match="Unable to load configuration"):
        load_module_from_file_location(Path("dir.py/file"))


def test_dotted_path():
    import sanic_fast.utils

    assert load_module_from_file_location("sanic_fast.utils") is sanic_fast.utils
    assert type(load_module_from_file_location("builtins.dict")) is dict
    with pytest.raises(OSError, match="Unable to load configuration nodot"):
        load_module_from_file_location("nodot")
    with pytest.raises(AttributeError):
        load_module_from_file_location("os.path.nope")
