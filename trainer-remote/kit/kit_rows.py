"""Rows: files of prompts and completions, and their tokens.

A row's tokens are the prompt's, then the completion's, then end of turn. Both
texts are encoded apart, because that is how they meet at inference: the prompt
is given whole, and the completion grows after it.
"""

import gzip
import hashlib
import io
import json

import numpy as np

from kit_io import UserError, require, write_atomic

IGNORED = -100
"""The label of a token that carries no loss."""
BATCH = 4096


def open_text(path):
    """The file as text, unpacked if its name says that it is packed."""
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    if path.suffix == ".zst":
        try:
            from compression import zstd  # Python 3.14
            return zstd.open(path, "rt", encoding="utf-8")
        except ImportError:
            require("zstandard")
            import zstandard
            packed = zstandard.ZstdDecompressor().stream_reader(open(path, "rb"))
            return io.TextIOWrapper(packed, encoding="utf-8")
    return open(path, encoding="utf-8")


def read_rows(path, keys=("prompt", "completion")):
    """The rows one after another, as (line number, value of each key); empty lines are passed over."""
    number = 0
    try:
        with open_text(path) as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                try:
                    row = json.loads(line)
                    values = [row[key] for key in keys]
                except (ValueError, KeyError, TypeError) as error:
                    why = f"lacks {error}" if isinstance(error, KeyError) else "is not a JSON object"
                    raise UserError(f"{path}, line {number}, {why}", "one JSON object a line") from None
                for key, value in zip(keys, values):
                    if not isinstance(value, str):
                        raise UserError(f"{path}, line {number}: {key!r} is not text", "write it as a string")
                yield number, *values
    except (UnicodeDecodeError, EOFError, gzip.BadGzipFile) as error:
        raise UserError(f"{path}, after line {number}: {error}", "the file is damaged; make it again") from None


def token_id(tokenizer, text, where):
    """The one id of a token such as end of turn."""
    found = tokenizer.token_to_id(text)
    if found is None:
        raise UserError(f"{where} has no token {text!r}", "name a token of this tokenizer, or train one with it")
    return found


class Tokens:
    """All rows of a file as token ids, memory-mapped.

    `flat` holds the ids of all rows; row i is `flat[starts[i]:starts[i + 1]]`, of which the first `prompts[i]` are
    the prompt's.
    """

    def __init__(self, folder):
        self.flat = np.load(folder / "tokens.npy", mmap_mode="r")
        self.starts = np.load(folder / "starts.npy")
        self.prompts = np.load(folder / "prompts.npy")
        self.lengths = np.diff(self.starts)
        self.figures = json.loads((folder / "figures.json").read_text())

    def __len__(self):
        return len(self.lengths)

    def batch(self, rows, pad, multiple=8):
        """(ids, labels) of these rows, padded on the right; labels are set on completions and end of turn alone."""
        rows = np.asarray(rows)
        lengths = self.lengths[rows]
        width = -(-int(lengths.max()) // multiple) * multiple
        places = np.arange(width)
        inside = places < lengths[:, None]
        where = np.minimum(self.starts[rows][:, None] + places, len(self.flat) - 1)
        ids = np.where(inside, self.flat[where], pad).astype(np.int64)
        labels = np.where(inside & (places >= self.prompts[rows][:, None]), ids, IGNORED)
        return ids, labels


def file_hash(path):
    """SHA-256 of the file, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def tokenize(path, tokenizer, end_of_turn, max_length, cache, limit=None):
    """The file's `Tokens`, made once and kept in a folder of `cache` that is named after all that goes in."""
    said = json.dumps([2, file_hash(path), tokenizer.to_str(), end_of_turn, max_length, limit])
    folder = cache / hashlib.sha256(said.encode()).hexdigest()[:16]
    if not (folder / "figures.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        encode_file(path, tokenizer, end_of_turn, max_length, folder, limit)
    return Tokens(folder)


def encode_file(path, tokenizer, end_of_turn, max_length, folder, limit):
    """Encodes the rows; those that are too long are left out and counted, as a cut row would have no end of turn."""
    stop = token_id(tokenizer, end_of_turn, "the tokenizer")
    kind = np.uint16 if tokenizer.get_vocab_size() <= 1 << 16 else np.uint32
    pieces, lengths, prompts, longest, dropped, read = [], [], [], 0, 0, 0

    def encode(batch):
        nonlocal longest, dropped
        asked = tokenizer.encode_batch_fast([row[1] for row in batch], add_special_tokens=False)
        said = tokenizer.encode_batch_fast([row[2] for row in batch], add_special_tokens=False)
        for (line, *_), prompt, completion in zip(batch, asked, said):
            prompt, completion = prompt.ids, completion.ids
            if stop in completion:
                raise UserError(f"{path}, line {line}: the completion contains {end_of_turn}", "leave it out")
            if not prompt:
                raise UserError(f"{path}, line {line}: the prompt is empty", "leave the row out")
            length = len(prompt) + len(completion) + 1
            longest = max(longest, length)
            if length > max_length:
                dropped += 1
                continue
            pieces.append(np.array(prompt + completion + [stop], dtype=kind))
            lengths.append(length)
            prompts.append(len(prompt))

    batch = []
    for row in read_rows(path):
        batch.append(row)
        read += 1
        if len(batch) == BATCH or read == limit:
            encode(batch)
            batch = []
        if read == limit:
            break
    if batch:
        encode(batch)
    if not pieces:
        raise UserError(
            f"{path} has no row that can be used: {read} read, {dropped} longer than {max_length} tokens",
            "give rows, or raise max_length",
        )
    np.save(folder / "tokens.npy", np.concatenate(pieces))
    np.save(folder / "starts.npy", np.concatenate([[0], np.cumsum(lengths)]))
    np.save(folder / "prompts.npy", np.array(prompts))
    figures = {"rows": len(lengths), "too_long": dropped, "longest": longest, "tokens": int(sum(lengths))}
    figures["completion_tokens"] = figures["tokens"] - int(sum(prompts))
    write_atomic(folder / "figures.json", json.dumps(figures))
