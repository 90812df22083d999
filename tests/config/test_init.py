"""The blank configuration of `mailbot init`: it loads, shows every key, and is never written over another."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mailbot.errors import ConfigError
from mailbot.init import write_starter
from mailbot.settings import load
from tests.config.known import known_keys

_COMMENTED = re.compile(r'^# (?=[a-z_]+ = |\[|    "|\])')


def _uncommented(text: str) -> str:
    return "\n".join(_COMMENTED.sub("", line) for line in text.splitlines())


def test_the_blank_configuration_loads_as_it_is(tmp_path: Path) -> None:
    written = write_starter(tmp_path / "new" / "config")
    assert [path.name for path in written] == ["mailbot.toml", "departments.toml"]
    settings = load(tmp_path / "new" / "config", {})
    assert settings.library.triage.key == "reference"


def test_every_line_that_is_commented_out_is_right_once_it_is_not(tmp_path: Path) -> None:
    for path in write_starter(tmp_path):
        text = _uncommented(path.read_text(encoding="utf-8"))
        text = re.sub(r"^(url_env|ca_file) = .*$", "", text, flags=re.MULTILINE)  # beside url; a file of one's own
        path.write_text(text, encoding="utf-8")
    settings = load(tmp_path, {})
    assert settings.library.open_on == ("Columbus Day",)
    assert settings.library.triage.examples
    assert settings.library.triage.asks[0].caution


def test_every_key_is_shown(tmp_path: Path) -> None:
    known = known_keys(tmp_path)
    assert len(known) > 60
    (tmp_path / "blank").mkdir()
    shown = {
        key
        for path in write_starter(tmp_path / "blank")
        for key in re.findall(r"^(?:#\s+)?\[*([a-z_.]+)(?:\]| = )", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    missing = {f"{table}.{key}".lstrip(".") for table, key in known if not {key, f"{table}.{key}".lstrip(".")} & shown}
    assert missing == set()


@pytest.mark.parametrize("there", ["mailbot.toml", "departments.toml"])
def test_nothing_is_ever_written_over(tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("mine")
    with pytest.raises(ConfigError, match="is there already"):
        write_starter(tmp_path)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(there, "mine")]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be written"):
        write_starter(tmp_path / "file" / "config")
