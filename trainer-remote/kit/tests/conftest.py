"""Invented rows, and the kit's programs run as the trainer runs them: as processes, on a settings file."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

KIT = Path(__file__).parent.parent
sys.path.insert(0, str(KIT))
END = "<|im_end|>"
SLOTS = ["{batter}", "{bowler}"]
BASE = {
    "kind": "scratch", "architecture": "llama", "hidden": 64, "layers": 2, "heads": 4, "kv_heads": 2,
    "feed_forward": 128, "context": 256, "tied": True,
}


def invented(count, seed):
    """Rows whose completions follow from their prompts, some of them in Devanagari."""
    draw = random.Random(seed)
    for _ in range(count):
        runs, total = draw.choice([0, 1, 2, 4, 6]), draw.randint(100, 250)
        prompt = (
            f"<|im_start|>user\nscore: {total}/{draw.randint(0, 9)}\nbatter: {{batter}} {draw.randint(0, 99)}\n"
            f"bowler: {{bowler}}\nruns: {runs}{END}\n<|im_start|>assistant\n"
        )
        hindi = runs == 4 and draw.random() < 0.5
        place = draw.choice(["cover", "point", "mid-on", "fine leg"])
        line = "{batter} का शानदार चौका, क्या क्लास है!" if hindi else f"{{batter}} to {place} for {runs}, {total} on the board."
        yield {"prompt": prompt, "completion": line}


def write_rows(path, rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def settings(folder, task, **keys):
    """A settings file of that task, with its output in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    given = {"schema": "vachak.kit/1", "task": task, "out": str(folder), "events": str(folder / "events.jsonl"), **keys}
    path = folder / f"{task}.settings.json"
    path.write_text(json.dumps(given, default=str))
    return path


def command(task, path):
    return [sys.executable, str(KIT / f"{task}.py"), str(path)]


def start(task, path):
    return subprocess.Popen(command(task, path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment())


def environment():
    return {**os.environ, "HF_HUB_OFFLINE": "1"}


def run(task, folder, expect=0, **keys):
    """Runs the program to its end and gives its last event."""
    done = subprocess.run(command(task, settings(folder, task, **keys)), capture_output=True, text=True, env=environment())
    assert done.returncode == expect, done.stderr[-3000:]
    return last(folder) | {"stderr": done.stderr}


def events(folder):
    """The events so far, without a line that is still being written."""
    path = folder / "events.jsonl"
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines(keepends=True) if line.endswith("\n")]


def last(folder):
    return events(folder)[-1]


@pytest.fixture(scope="session")
def shop(tmp_path_factory):
    """A folder with rows and a tokenizer."""
    folder = tmp_path_factory.mktemp("shop")
    write_rows(folder / "train.jsonl", invented(200, 1))
    write_rows(folder / "valid.jsonl", invented(40, 2))
    run("tokenizer", folder / "tokenizer", rows=folder / "train.jsonl", vocab=400, slots=SLOTS, pre_tokenizer="qwen35")
    return folder


def sft_keys(shop, **more):
    """Settings of a short training from scratch."""
    return {
        "rows": {"train": str(shop / "train.jsonl"), "valid": str(shop / "valid.jsonl")}, "end_of_turn": END,
        "base": {**BASE, "tokenizer": str(shop / "tokenizer")}, "method": "full", "learning_rate": 5e-3, "epochs": 12,
        "batch": 32, "max_length": 256, "save_steps": 20, "threads": 2, **more,
    }


@pytest.fixture(scope="session")
def trained(shop):
    """A finished training from scratch, 84 steps without interruption."""
    run("sft", shop / "full", **sft_keys(shop))
    return shop / "full"
