"""Models and tokenizers: from a folder or the hub, or new with random weights."""

import os
import shutil
import warnings
from pathlib import Path

from kit_io import REQUIRED, UserError, check_keys

SCRATCH = {
    "kind": REQUIRED, "architecture": "llama", "hidden": REQUIRED, "layers": REQUIRED, "heads": REQUIRED,
    "kv_heads": None, "feed_forward": REQUIRED, "context": 512, "tied": True, "tokenizer": REQUIRED,
}
PRETRAINED = {"kind": REQUIRED, "model": REQUIRED, "revision": None}
TOKENIZER_FILES = (
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json",
    "merges.txt", "chat_template.jinja",
)


def check_base(base, where="base"):
    """The base with its defaults."""
    kind = base.get("kind") if isinstance(base, dict) else None
    if kind not in ("scratch", "pretrained"):
        raise UserError(f"{where}.kind is {kind!r}", "scratch or pretrained")
    return check_keys(base, SCRATCH if kind == "scratch" else PRETRAINED, where)


def model_folder(job, name, revision=None):
    """The folder of a model: the one that is named, or the hub's, fetched."""
    path = job.path(name)
    if path.is_dir():
        return path
    if name.startswith((".", "/")) or name.count("/") > 1:
        raise UserError(f"{path} does not exist", "check the path of the model")
    from huggingface_hub import snapshot_download
    try:
        wanted = ["*.json", "*.safetensors", "*.txt", "*.model", "*.jinja"]
        return Path(snapshot_download(name, revision=revision, allow_patterns=wanted))
    except Exception as error:  # noqa: BLE001 - network, name, revision, licence: all the user's to mend
        what = str(error).strip().splitlines()[0]
        raise UserError(f"the model {name} cannot be had: {what}", "check name, revision and network") from None


def load_tokenizer(folder):
    """The folder's tokenizer, as the `tokenizers` library sees it: what is in tokenizer.json, and nothing more."""
    from tokenizers import Tokenizer
    path = folder / "tokenizer.json"
    if not path.is_file():
        raise UserError(f"{path} does not exist", "name a folder with a tokenizer in it")
    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:  # noqa: BLE001 - the library raises Exception itself
        raise UserError(f"{path} is no tokenizer: {error}", "make it again") from None


def copy_tokenizer(folder, to):
    """The tokenizer's files, byte for byte."""
    for name in TOKENIZER_FILES:
        if (folder / name).is_file():
            shutil.copyfile(folder / name, to / name)


def new_model(base, tokenizer, end, pad):
    """A model with random weights, float32."""
    import torch
    from transformers import AutoModelForCausalLM, LlamaConfig, Qwen2Config
    kinds = {"llama": LlamaConfig, "qwen2": Qwen2Config}
    if base["architecture"] not in kinds:
        raise UserError(f"base.architecture is {base['architecture']!r}", f"known: {', '.join(kinds)}")
    heads, kv_heads = base["heads"], base["kv_heads"] or base["heads"]
    if base["hidden"] % heads or heads % kv_heads or base["hidden"] // heads % 2:
        raise UserError(
            f"base: hidden {base['hidden']}, heads {heads} and kv_heads {kv_heads} do not fit together",
            "hidden must be an even multiple of heads, and heads a multiple of kv_heads",
        )
    config = kinds[base["architecture"]](
        vocab_size=tokenizer.get_vocab_size(), hidden_size=base["hidden"], num_hidden_layers=base["layers"],
        num_attention_heads=heads, num_key_value_heads=kv_heads, intermediate_size=base["feed_forward"],
        max_position_embeddings=base["context"], tie_word_embeddings=base["tied"], rms_norm_eps=1e-6,
        # Never put before a text; without it llama.cpp would take token 11 for the beginning.
        bos_token_id=pad, eos_token_id=end, pad_token_id=pad,
    )
    return AutoModelForCausalLM.from_config(config, dtype=torch.float32)


def load_model(folder, dtype, **more):
    """A model of a folder, in this dtype."""
    from transformers import AutoModelForCausalLM
    try:
        return AutoModelForCausalLM.from_pretrained(folder, dtype=dtype, **more)
    except (OSError, ValueError) as error:
        what = str(error).strip().splitlines()[0]
        raise UserError(f"{folder} is no model that can be loaded: {what}", "check the folder") from None


def device():
    """Where to compute: the GPU if there is one."""
    import torch
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def pad_id(tokenizer, fallback):
    """A token to fill rows with; no loss ever rests on it."""
    for text in ("<|endoftext|>", "<pad>", "<|pad|>"):
        if (found := tokenizer.token_to_id(text)) is not None:
            return found
    return fallback


def be_quiet():
    """No bars and no talk from the libraries: events are the talk; and no reaching for the network while working."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TRL_EXPERIMENTAL_SILENCE", "1")
    warnings.filterwarnings("ignore", category=FutureWarning)  # names that newer versions of the libraries will drop
    import transformers
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
