"""Checkpoints: which of them can be trusted after a crash."""

import hashlib
import json
import os
import shutil
from pathlib import Path

from kit_io import write_atomic

SEAL = "sealed.json"
"""Written last into a checkpoint: size and hash of each of its files."""
STATE = ("trainer_state.json", "optimizer.pt", "scheduler.pt", "rng_state.pth")


def step_of(folder):
    return int(folder.name.removeprefix("checkpoint-"))


def checkpoints(folder):
    """The checkpoints, the newest first."""
    found = [path for path in Path(folder).glob("checkpoint-*") if path.name.removeprefix("checkpoint-").isdigit()]
    return sorted(found, key=step_of, reverse=True)


def seal(folder):
    """Forces the checkpoint onto the disk and notes what it consists of."""
    files = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != SEAL:
            with open(path, "rb") as file:
                files[str(path.relative_to(folder))] = [path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()]
                os.fsync(file.fileno())
    write_atomic(folder / SEAL, json.dumps(files))


def flaw(folder):
    """Why the checkpoint cannot be used; None if it can."""
    try:
        names = {path.name for path in folder.iterdir()}
        missing = [name for name in STATE if name not in names]
        if missing:
            return f"{missing[0]} is missing"
        if SEAL in names:
            for name, (size, digest) in json.loads((folder / SEAL).read_text()).items():
                path = folder / name
                if not path.is_file() or path.stat().st_size != size:
                    return f"{name} is cut short or missing"
                with open(path, "rb") as file:
                    if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                        return f"{name} is damaged"
        return load_flaw(folder)
    except Exception as error:  # noqa: BLE001 - whatever a damaged file raises
        return f"{type(error).__name__}: {error}".splitlines()[0]


def load_flaw(folder):
    """Opens everything that a resumed run will read."""
    import torch
    from safetensors import safe_open
    state = json.loads((folder / "trainer_state.json").read_text())
    if state["global_step"] != step_of(folder):
        return "trainer_state.json is of another step"
    weights = list(folder.glob("*.safetensors"))
    if not weights:
        return "it has no weights"
    for path in weights:
        with safe_open(path, "pt") as file:
            for name in file.keys():
                file.get_slice(name)
    for name in ("optimizer.pt", "scheduler.pt"):
        torch.load(folder / name, map_location="cpu", weights_only=True, mmap=name == "optimizer.pt")
    return None


def newest_sound(folder, warn):
    """The newest checkpoint that can be used, or None. Those that cannot are said aloud and removed."""
    for path in checkpoints(folder):
        why = flaw(path)
        if why is None:
            return path
        warn(f"{path.name} is left out: {why}")
        shutil.rmtree(path, ignore_errors=True)
    return None
