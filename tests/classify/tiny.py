"""A sentence encoder small enough to be made in a test: seeded weights, a few hundred words, the real file formats."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

WIDTH = 32
GROUPS = (
    ("renew", "extend", "prolong", "longer"),
    ("photographs", "pictures", "images", "snapshots"),
    ("loan", "book", "item", "novel"),
    ("flood", "river", "water", "levee"),
)
"""Words that mean the same to it, which no lexical model can know."""


def make_encoder(folder: Path) -> Path:
    """Writes an encoder whose vector of a text is the mean of its words', words of a group being nearly the same."""
    words = [word for group in GROUPS for word in group]
    vocabulary = {"[UNK]": 0, "[PAD]": 1, "[CLS]": 2, "[SEP]": 3, **{word: i + 4 for i, word in enumerate(words)}}
    chance = np.random.default_rng(5)
    table = chance.normal(0, 0.01, (len(vocabulary), WIDTH)).astype(np.float32)
    for group in GROUPS:
        meaning = chance.normal(0, 1, WIDTH)
        for word in group:
            table[vocabulary[word]] = meaning + chance.normal(0, 0.05, WIDTH)
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(_graph(table), str(folder / "model.onnx"))
    _tokenizer(vocabulary).save(str(folder / "tokenizer.json"))
    tables = {
        "config.json": {"hidden_size": WIDTH, "pad_token_id": 1},
        "tokenizer_config.json": {"model_max_length": 64, "pad_token": "[PAD]"},
        "special_tokens_map.json": {"pad_token": "[PAD]", "unk_token": "[UNK]"},
    }
    for name, content in tables.items():
        (folder / name).write_text(json.dumps(content))
    return folder


def _graph(table: np.ndarray) -> onnx.ModelProto:
    """Token ids to hidden states: each token's own row."""
    names: Sequence[str] = ("input_ids", "attention_mask", "token_type_ids")
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"]) for name in names]
    output = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "length", WIDTH])
    gather = helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])
    graph = helper.make_graph([gather], "tiny", inputs, [output], [numpy_helper.from_array(table, "table")])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def _tokenizer(vocabulary: dict[str, int]) -> Tokenizer:
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return tokenizer
