"""The blank configuration that ``mailbot init`` writes: two commented files to fill in.

Owns the files beside this one, nothing else; what may stand in them is ``settings``' and ``directory``'s business.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from mailbot.errors import ConfigError

NAMES = ("mailbot.toml", "departments.toml")


def write_starter(folder: Path) -> tuple[Path, ...]:
    """Writes the blank configuration into ``folder``, made where it is missing, and returns the files written.

    Raises ConfigError, having written nothing, where one of the files is there already or the folder can't be used.
    """
    paths = tuple(folder / name for name in NAMES)
    for path in paths:
        if path.exists():
            raise ConfigError(f"{path} is there already and was left as it is; name another folder, or move it away")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in paths:
            with path.open("x", encoding="utf-8") as file:
                file.write(files(__name__).joinpath(path.name).read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{error.filename or folder} cannot be written: {error.strerror}") from error
    return paths
