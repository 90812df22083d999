"""A sentence encoder from a folder: texts to vectors, on onnxruntime, through fastembed (extra ``mailbot[encoder]``).

Owns loading and calling it. Nothing is ever fetched here: a folder either has everything or is refused with the reason.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import file_digest
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from mailbot.classify.features import Floats
from mailbot.errors import ConfigError

NEEDED = ("config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")
WEIGHTS = ("model.onnx", "onnx/model.onnx", "model_optimized.onnx")
ENCODERS = "encoders"
BATCH = 16
LONGEST = 2_000
"""Characters of a text that are read: encoders see a few hundred words, and time grows with the square of them."""


class Encoder(Protocol):
    """Whatever makes vectors of texts. ``name`` changes whenever its vectors do."""

    @property
    def name(self) -> str: ...

    def embed(self, texts: Sequence[str]) -> Floats:
        """One row of length 1 a text, in order."""


@dataclass(frozen=True)
class FolderEncoder:
    """The encoder of a folder as exported from sentence-transformers: ONNX weights, tokenizer, config."""

    folder: Path
    weights: str
    width: int
    first_token_only: bool

    @cached_property
    def name(self) -> str:
        """A fingerprint of the weights."""
        with (self.folder / self.weights).open("rb") as file:
            return file_digest(file, "sha256").hexdigest()[:16]

    def embed(self, texts: Sequence[str]) -> Floats:
        """One row of length 1 a text, in order; texts of like length are read together."""
        found = np.zeros((len(texts), self.width), np.float32)
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        shown = [texts[i][:LONGEST].strip() or "." for i in order]
        for i, vector in zip(order, self._model.embed(shown, batch_size=BATCH), strict=True):
            found[i] = vector
        return found

    @cached_property
    def _model(self) -> Any:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # it must be set before the import; onnxruntime asks nobody
        from fastembed import TextEmbedding
        from fastembed.common.model_description import ModelSource, PoolingType

        model = f"mailbot/{self.name}"
        if model not in {known["model"] for known in TextEmbedding.list_supported_models()}:
            TextEmbedding.add_custom_model(
                model=model,
                pooling=PoolingType.CLS if self.first_token_only else PoolingType.MEAN,
                normalization=True,
                sources=ModelSource(hf=model),
                dim=self.width,
                model_file=self.weights,
            )
        return TextEmbedding(
            model, specific_model_path=str(self.folder), cache_dir=str(self.folder), threads=1, lazy_load=False
        )


def place_of(name: str, models: Path) -> Path:
    """Where an encoder of that name is kept once it was fetched, below the folder of the models."""
    return models / ENCODERS / name.replace("/", "--")


def open_encoder(named: str, models: Path) -> FolderEncoder:
    """The encoder in the folder of that name, or the one fetched under it; not loaded yet. Raises ConfigError, which
    says what is missing.
    """
    folder = Path(named) if Path(named).is_dir() else place_of(named, models)
    if not folder.is_dir():
        cure = f"give a folder, or run `mailbot encoder get {named}` first"
        raise ConfigError(f"[classify] encoder: {named!r} is no folder and was not fetched; {cure}")
    if find_spec("fastembed") is None:
        raise ConfigError("[classify] encoder: the extra is not installed; run `pip install 'mailbot[encoder]'`")
    weights = next((name for name in WEIGHTS if (folder / name).is_file()), None)
    missing = [name for name in NEEDED if not (folder / name).is_file()]
    if weights is None or missing:
        lacking = ", ".join([*([] if weights else ["model.onnx"]), *missing])
        raise ConfigError(f"[classify] encoder: {folder} is no encoder, it lacks {lacking}")
    try:
        width = int(json.loads((folder / "config.json").read_text("utf-8"))["hidden_size"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"[classify] encoder: {folder / 'config.json'} does not say hidden_size ({error})") from error
    return FolderEncoder(folder, weights, width, _first_token_only(folder))


def _first_token_only(folder: Path) -> bool:
    """Whether the vector of a text is that of its first token; the mean of all is what most are made for."""
    try:
        pooling = json.loads((folder / "1_Pooling" / "config.json").read_text("utf-8"))
        return bool(pooling.get("pooling_mode_cls_token", False))
    except (OSError, ValueError, AttributeError):
        return False
