"""Trains a byte-level BPE tokenizer whose ids llama.cpp reproduces.

Slots such as `{batter}` become added tokens that are not special: both here and
in llama.cpp they are cut out of the raw text before anything else, and print as
text. There is no normalizer, because llama.cpp has none.
"""

import json
import re
from itertools import islice

from kit_io import REQUIRED, UserError, main, require, write_atomic
from kit_rows import read_rows

# The regexes of llama.cpp's pre-tokenizers of these names. Each digit is a token of its own. qwen35 keeps vowel
# signs with their letters, which Devanagari needs; qwen2 splits them off.
CONTRACTIONS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|"
REST = r"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
PRE_TOKENIZERS = {
    "qwen2": CONTRACTIONS + r"[^\r\n\p{L}\p{N}]?\p{L}+" + REST,
    "qwen35": CONTRACTIONS + r"[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+" + REST.replace(r"^\s\p{L}", r"^\s\p{L}\p{M}"),
}
KEYS = {
    "rows": REQUIRED,
    "vocab": 4096,
    "sample_rows": None,
    "special": ["<|im_start|>", "<|im_end|>", "<|endoftext|>"],
    "slots": [],
    "pre_tokenizer": "qwen2",
    "end_of_turn": "<|im_end|>",
    "pad": "<|endoftext|>",
}


def check_added(special, slots, end_of_turn, pad):
    """Refuses added tokens on which this side and llama.cpp could differ."""
    added = special + slots
    for token in added:
        if not token or token.strip() != token or added.count(token) > 1:
            raise UserError(f"{token!r} cannot be an added token", "no spaces at its ends, and each only once")
        # llama.cpp cuts out the longest tokens first, this side goes from left to right: the same unless they overlap.
        for other in added:
            overlap = any(token[-size:] == other[:size] for size in range(1, min(len(token), len(other))))
            if overlap or (token != other and token in other):
                raise UserError(f"the added tokens {token!r} and {other!r} overlap", "put each slot in braces")
    for slot in slots:
        if slot.startswith("<"):
            raise UserError(f"the slot {slot!r} looks like a control token", "put it in braces")
    for token in (end_of_turn, pad):
        if token not in special:
            raise UserError(f"{token!r} is not among the special tokens", "add it there")


def run(job):
    s = job.s
    require("tokenizers", "numpy")
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

    if s["pre_tokenizer"] not in PRE_TOKENIZERS:
        raise UserError(f"no pre-tokenizer {s['pre_tokenizer']!r}", f"known: {', '.join(PRE_TOKENIZERS)}")
    special, slots = s["special"], s["slots"]
    check_added(special, slots, s["end_of_turn"], s["pad"])
    room = s["vocab"] - len(special) - len(slots)
    if room < 256:
        raise UserError(
            f"a vocabulary of {s['vocab']} has no room for the 256 bytes beside {len(special) + len(slots)} added tokens",
            "raise vocab",
        )
    rows = job.file(s["rows"])
    added = re.compile("|".join(re.escape(token) for token in special + slots))
    seen = 0

    def texts():
        # Added tokens never reach the BPE, so no merge may be learned across or inside them.
        nonlocal seen
        for _, prompt, completion in islice(read_rows(rows), s["sample_rows"]):
            seen += 1
            yield from filter(None, added.split(prompt))
            yield from filter(None, added.split(completion))

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(PRE_TOKENIZERS[s["pre_tokenizer"]]), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train_from_iterator(
        texts(), trainers.BpeTrainer(vocab_size=room, initial_alphabet=sorted(alphabet), show_progress=False)
    )
    if not seen:
        raise UserError(f"{rows} has no rows", "give rows to learn from")
    plain = {"normalized": False, "lstrip": False, "rstrip": False, "single_word": False}
    tokenizer.add_special_tokens([AddedToken(token, special=True, **plain) for token in special])
    tokenizer.add_tokens([AddedToken(token, special=False, **plain) for token in slots])

    write_atomic(job.out / "tokenizer.json", tokenizer.to_str(pretty=True))
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "eos_token": s["end_of_turn"],
        "pad_token": s["pad"],
        "bos_token": None,
        "add_bos_token": False,
        "add_prefix_space": False,
        "clean_up_tokenization_spaces": False,
        "model_max_length": 1_000_000,
    }
    write_atomic(job.out / "tokenizer_config.json", json.dumps(config, indent=2))
    figures = {"vocab": tokenizer.get_vocab_size(), "rows": seen, **measure(tokenizer, rows)}
    return {"tokenizer": job.out / "tokenizer.json"}, figures


def measure(tokenizer, rows, sample=1000):
    """Bytes a token on some rows, and whether decoding gives each text back."""
    size = count = 0
    for line, *texts in islice(read_rows(rows), sample):
        for text in texts:
            ids = tokenizer.encode(text, add_special_tokens=False).ids
            if tokenizer.decode(ids, skip_special_tokens=False) != text:
                raise UserError(f"{rows}, line {line}: tokens do not give the text back", "is its text valid Unicode?")
            size += len(text.encode())
            count += len(ids)
    return {"bytes_per_token": round(size / max(count, 1), 3)}


if __name__ == "__main__":
    main("tokenizer", KEYS, run)
