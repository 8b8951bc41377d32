"""Supervised training on prompts and completions, with the loss on the completions alone."""

import hashlib
import json
import math
import os
import shutil
import time
from pathlib import Path

from kit_checkpoint import checkpoints, newest_sound, step_of
from kit_io import REQUIRED, Stopped, UserError, check_keys, disk_is_full, main, require, write_atomic
from kit_model import (
    be_quiet,
    check_base,
    copy_tokenizer,
    device,
    load_model,
    load_tokenizer,
    model_folder,
    new_model,
    pad_id,
)
from kit_rows import file_hash, token_id, tokenize
from kit_trainer import SCHEDULES, make_trainer

KEYS = {
    "rows": REQUIRED, "end_of_turn": REQUIRED, "base": REQUIRED, "method": REQUIRED, "lora": {},
    "learning_rate": REQUIRED, "schedule": "cosine", "warmup": 0.03, "epochs": 1.0, "max_steps": None,
    "batch": 32, "accumulate": 1, "weight_decay": 0.0, "max_length": 512, "seed": 1, "precision": "auto",
    "save_steps": 500, "keep": 2, "eval_steps": None, "threads": None, "compile": False,
}
FREE = ("out", "events", "save_steps", "keep", "eval_steps", "threads", "compile")
"""Keys that may change between a run and its continuation."""


def check(s):
    """Refuses settings that cannot work, before anything slow begins."""
    s["rows"] = check_keys(s["rows"], {"train": REQUIRED, "valid": None}, "rows")
    s["lora"] = check_keys(s["lora"], {"r": 16, "alpha": 32, "dropout": 0.0}, "lora")
    s["base"] = check_base(s["base"])
    choices = {"method": ("full", "lora", "qlora"), "schedule": tuple(SCHEDULES), "precision": ("auto", "float32", "bfloat16")}
    for key, known in choices.items():
        if s[key] not in known:
            raise UserError(f"{key} is {s[key]!r}", f"one of {', '.join(known)}")
    for key in ("batch", "accumulate", "max_length", "save_steps", "keep"):
        if not isinstance(s[key], int) or s[key] < 1:
            raise UserError(f"{key} is {s[key]!r}", "a whole number from 1")
    if s["method"] != "full" and s["base"]["kind"] == "scratch":
        raise UserError(f"{s['method']} needs a model to adapt", "take a pretrained base, or method full")
    if s["base"]["kind"] == "scratch" and s["max_length"] > s["base"]["context"]:
        raise UserError(f"max_length {s['max_length']} is more than base.context {s['base']['context']}", "lower it")


def run(job):
    s = job.s
    check(s)
    require("torch", "transformers", "trl", "datasets", "accelerate", "tokenizers", "safetensors", "numpy")
    rows = {name: job.file(path) for name, path in s["rows"].items() if path}
    import torch
    be_quiet()
    if s["threads"]:
        torch.set_num_threads(s["threads"])
    if s["method"] == "qlora" and not torch.cuda.is_available():
        raise UserError("qlora needs a GPU, and none is here", 'set "method": "lora"')
    require(*{"full": [], "lora": ["peft"], "qlora": ["peft", "bitsandbytes"]}[s["method"]])
    bf16 = s["method"] == "qlora" or s["precision"] == "bfloat16" or (
        s["precision"] == "auto" and torch.cuda.is_available() and torch.cuda.is_bf16_supported()
    )
    base = s["base"]
    if base["kind"] == "scratch":
        source = job.file(base["tokenizer"])
    else:
        source = model_folder(job, base["model"], base["revision"])
    tokenizer = load_tokenizer(source)
    same_run(job, rows, tokenizer)
    end = token_id(tokenizer, s["end_of_turn"], str(source))
    pad = pad_id(tokenizer, end)
    tokens = {
        name: tokenize(path, tokenizer, s["end_of_turn"], s["max_length"], job.out / "cache")
        for name, path in rows.items()
    }
    for name, made in tokens.items():
        if made.figures["too_long"]:
            job.warn(f"{made.figures['too_long']} rows of {rows[name]} are longer than {s['max_length']} tokens and left out")

    torch.manual_seed(s["seed"])
    if base["kind"] == "scratch":
        model = new_model(base, tokenizer, end, pad)
    else:
        model = base_model(s, source, bf16)
    trainer = make_trainer(job, model, tokens, source, pad, bf16)
    figures = train(job, trainer)
    if "valid" in tokens:
        told = trainer.state.log_history[-2:]
        told = [row["eval_loss"] for row in told if "eval_loss" in row and row["step"] == figures["steps"]]
        loss = told[0] if told else trainer.evaluate()["eval_loss"]
        figures |= {"valid_loss": round(loss, 5), "valid_perplexity": round(math.exp(min(loss, 50)), 4)}
    figures["parameters"] = sum(p.numel() for p in model.parameters())
    figures["trained_parameters"] = sum(p.numel() for p in trainer.model.parameters() if p.requires_grad)
    figures |= {f"{name}_{key}": value for name, made in tokens.items() for key, value in made.figures.items()}
    name = "model" if s["method"] == "full" else "adapter"
    export(job, trainer, name, source, tokens["train"], end, pad)
    return {name: job.out / name, "curve": job.out / "curve.jsonl"}, figures


def same_run(job, rows, tokenizer):
    """Refuses to continue checkpoints of another run. Paths may change, what they hold may not."""
    said = {key: value for key, value in job.s.items() if key not in FREE}
    said["rows"] = {name: file_hash(path) for name, path in rows.items()}
    said["tokenizer"] = hashlib.sha256(tokenizer.to_str().encode()).hexdigest()
    if said["base"]["kind"] == "scratch":
        said["base"] = {key: value for key, value in said["base"].items() if key != "tokenizer"}
    path = job.out / "checkpoints" / "run.json"
    if path.exists() and checkpoints(path.parent):
        before = json.loads(path.read_text())
        changed = [key for key in said if before.get(key) != said[key]]
        if changed:
            raise UserError(
                f"{job.out} holds checkpoints of a run with other settings: {', '.join(changed)}",
                "choose another out, or delete its checkpoints to start afresh",
            )
    write_atomic(path, json.dumps(said, indent=1))


def base_model(s, folder, bf16):
    """The pretrained model: for full training in float32, for LoRA in the precision of training, for QLoRA in nf4."""
    import torch
    if s["method"] == "full":
        return load_model(folder, torch.float32)
    if s["method"] == "lora":
        return load_model(folder, torch.bfloat16 if bf16 else torch.float32)
    from transformers import BitsAndBytesConfig
    nf4 = BitsAndBytesConfig(
        load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16,
    )
    return load_model(folder, torch.bfloat16, quantization_config=nf4, device_map={"": 0})


def train(job, trainer):
    """Trains, from the newest sound checkpoint if there is one."""
    import torch
    folder = Path(trainer.args.output_dir)
    start = newest_sound(folder, job.warn)
    trim_curve(job.out / "curve.jsonl", step_of(start) if start else 0)
    if start:
        job.warn(f"going on from {start.name}")
    began, first = time.monotonic(), step_of(start) if start else 0
    if job.stop:
        raise Stopped
    job.finish_step = True
    try:
        trainer.train(resume_from_checkpoint=str(start) if start else None)
    except torch.cuda.OutOfMemoryError:
        raise UserError("the GPU's memory is full", "halve batch and double accumulate", kept(folder)) from None
    except UserError as error:
        error.kept = kept(folder)
        raise
    except Exception as error:
        if not disk_is_full(error):
            raise
        for partial in checkpoints(folder)[:1]:
            if not (partial / "sealed.json").exists():
                shutil.rmtree(partial, ignore_errors=True)
        raise UserError("the disk is full", "free space and run the same command", kept(folder)) from error
    job.finish_step = False
    steps = trainer.state.global_step
    if job.stop:
        raise Stopped(kept(folder))
    seconds = time.monotonic() - began
    log = [row["loss"] for row in trainer.state.log_history if "loss" in row]
    return {
        "steps": steps, "loss": round(log[-1], 5) if log else None, "seconds": round(seconds, 1),
        "steps_per_second": round((steps - first) / max(seconds, 1e-9), 3), "device": str(device()),
    }


def kept(folder):
    """The name of the newest checkpoint, or None."""
    return next((path.name for path in checkpoints(folder)), None)


def trim_curve(path, step):
    """Forgets what lies behind the checkpoint that training goes on from."""
    if not path.exists():
        return
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            if json.loads(line)["step"] <= step:
                lines.append(line + "\n")
        except (ValueError, KeyError, TypeError):
            continue  # a line that a crash cut short
    write_atomic(path, "".join(lines))


def export(job, trainer, name, source, tokens, end, pad):
    """Writes model or adapter with its tokenizer under its final name once it has been read back and gives the same loss."""
    import torch
    partial, final = job.out / f"{name}.partial", job.out / name
    shutil.rmtree(partial, ignore_errors=True)
    model = trainer.accelerator.unwrap_model(trainer.model)
    model.save_pretrained(partial, safe_serialization=True)
    copy_tokenizer(source, partial)
    ids, labels = (torch.from_numpy(made).to(device()) for made in tokens.batch(range(min(4, len(tokens))), pad))
    assert all(row[row >= 0][-1] == end for row in labels)
    model.eval()
    with torch.no_grad():
        ours = model(input_ids=ids, labels=labels).loss.item()
        if name == "model":
            again = load_model(partial, torch.float32)
        else:
            from peft import PeftModel
            again = PeftModel.from_pretrained(base_model(job.s, source, trainer.args.bf16), partial)
        if job.s["method"] != "qlora":  # which is on the GPU already, and cannot be moved
            again.to(device())
        theirs = again.eval()(input_ids=ids, labels=labels).loss.item()
    if not math.isclose(ours, theirs, rel_tol=0.02, abs_tol=0.02):
        raise RuntimeError(f"{partial} gives a loss of {theirs:.4f} when read back, the trained model {ours:.4f}")
    shutil.rmtree(final, ignore_errors=True)
    os.replace(partial, final)


if __name__ == "__main__":
    main("sft", KEYS, run)
