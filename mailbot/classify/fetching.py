"""Fetching a sentence encoder, when an admin says so: the one place that lets a library go to a model hub.

Owns which encoders can be had by name and how one is put into a folder that needs nobody else.
"""

from __future__ import annotations

import json
import os
import shutil
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mailbot.classify.encoder import place_of
from mailbot.errors import ConfigError, MailbotError, Unreachable


def known_encoders() -> tuple[tuple[str, str], ...]:
    """The names of encoders that can be fetched, each with its description, in alphabetical order."""
    _needs_library()
    from fastembed import TextEmbedding

    listed = TextEmbedding.list_supported_models()
    return tuple(sorted((str(one["model"]), " ".join(str(one["description"]).split())) for one in listed))


def fetch(name: str, models: Path) -> Path:
    """Fetches an encoder into the models folder and returns its place. Raises ConfigError where there is none of that
    name, Unreachable where it can't be had.
    """
    names = [known for known, _ in known_encoders()]
    if name not in names:
        near = get_close_matches(name, names, 1)
        hint = f"; did you mean {near[0]}?" if near else "; `mailbot encoder list` shows the names"
        raise ConfigError(f"there is no encoder {name!r}{hint}")
    place = place_of(name, models)
    draft = place.with_name(f".{place.name}.{os.getpid()}.tmp")
    try:
        draft.mkdir(parents=True)
        _download(name, draft)
        (draft / "encoder").rename(place)
    except MailbotError:
        raise
    except Exception as error:
        raise Unreachable(f"the encoder {name} could not be fetched: {error}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return place


def _download(name: str, draft: Path) -> None:
    from fastembed import TextEmbedding

    model: Any = TextEmbedding(name, cache_dir=str(draft / "cache"), threads=1).model
    shutil.copytree(model._model_dir, draft / "encoder")  # noqa: SLF001 - nothing public says where it lies
    pooling = draft / "encoder" / "1_Pooling"
    pooling.mkdir(exist_ok=True)
    means = type(model).__name__.startswith("Pooled")
    (pooling / "config.json").write_text(json.dumps({"pooling_mode_cls_token": not means}), "utf-8")


def _needs_library() -> None:
    if find_spec("fastembed") is None:
        raise ConfigError("encoders need an extra that is not installed; run `pip install 'mailbot[encoder]'`")
