"""Supervised training on prompts and completions, with the loss on the completions alone."""

import hashlib
import json
import math
import os
import shutil
import time
from pathlib import Path

from kit_checkpoint import checkpoints, newest_sound, seal, step_of
from kit_io import REQUIRED, Stopped, UserError, check_keys, disk_is_full, main, require, write_atomic
from kit_model import (
    be_quiet, check_base, copy_tokenizer, device, load_model, load_tokenizer, model_folder, new_model, pad_id,
)
from kit_rows import file_hash, token_id, tokenize

KEYS = {
    "rows": REQUIRED, "end_of_turn": REQUIRED, "base": REQUIRED, "method": REQUIRED, "lora": {},
    "learning_rate": REQUIRED, "schedule": "cosine", "warmup": 0.03, "epochs": 1.0, "max_steps": None,
    "batch": 32, "accumulate": 1, "weight_decay": 0.0, "max_length": 512, "seed": 1, "precision": "auto",
    "save_steps": 500, "keep": 2, "eval_steps": None, "threads": None, "compile": False,
}
FREE = ("out", "events", "save_steps", "keep", "eval_steps", "threads", "compile")
"""Keys that may change between a run and its continuation."""
LEAN = ("llama", "qwen2", "qwen3", "mistral")
"""Models whose logits are the output layer's, unscaled, so that they need computing only where there is loss."""
SCHEDULES = {"cosine": "cosine", "linear": "linear", "constant": "constant_with_warmup"}


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
    packages = ["torch", "transformers", "trl", "datasets", "accelerate", "tokenizers", "safetensors", "numpy"]
    require(*packages, *(["peft"] if s["method"] != "full" else []), *(["bitsandbytes"] if s["method"] == "qlora" else []))
    rows = {name: job.file(path) for name, path in s["rows"].items() if path}
    import torch
    be_quiet()
    if s["threads"]:
        torch.set_num_threads(s["threads"])
    if s["method"] == "qlora" and not torch.cuda.is_available():
        raise UserError("qlora needs a GPU, and none is here", 'set "method": "lora"')
    bf16 = s["precision"] == "bfloat16" or (
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
    trainer = make_trainer(job, model, tokens, source, end, pad, bf16)
    figures = train(job, trainer)
    if "valid" in tokens:
        loss = trainer.evaluate()["eval_loss"]
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


def make_trainer(job, model, tokens, source, end, pad, bf16):
    """The trainer of the trl library, fed by our own batches."""
    import numpy as np
    import torch
    from datasets import Dataset
    from torch.nn.functional import cross_entropy
    from transformers import PreTrainedTokenizerFast, TrainerCallback
    from trl import SFTConfig, SFTTrainer
    s = job.s
    lean = model.config.model_type in LEAN
    data = {name: Dataset.from_dict({"row": np.arange(len(made))}) for name, made in tokens.items()}

    def collate(name):
        def batch(rows):
            ids, labels = tokens[name].batch([row["row"] for row in rows], pad)
            made = {"input_ids": torch.from_numpy(ids), "labels": torch.from_numpy(labels)}
            if lean:
                # Padding stands on the right, so that causal attention needs no mask.
                made["places"] = (made["labels"][:, 1:] >= 0).flatten().nonzero().squeeze(1)
            else:
                made["attention_mask"] = (torch.arange(ids.shape[1]) < (made["labels"] >= 0).long().cumsum(1).argmax(1)[:, None] + 1).long()
            return made
        return batch

    class Trainer(SFTTrainer):
        def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
            if not lean:
                return super().compute_loss(model, inputs, return_outputs, num_items_in_batch)
            causal = self.accelerator.unwrap_model(model)
            causal = causal.get_base_model() if hasattr(causal, "get_base_model") else causal
            with self.accelerator.autocast():
                hidden = causal.base_model(input_ids=inputs["input_ids"], use_cache=False).last_hidden_state
                places = inputs["places"]
                hidden = hidden[:, :-1].flatten(0, 1)[places]
                logits = causal.get_output_embeddings()(hidden)
            targets = inputs["labels"][:, 1:].flatten()[places]
            loss = cross_entropy(logits.float(), targets, reduction="sum")
            return loss / (len(places) if num_items_in_batch is None else num_items_in_batch)

        def _get_train_sampler(self, train_dataset=None):
            return ByLength(tokens["train"].lengths, s["batch"], s["seed"])

        def get_eval_dataloader(self, eval_dataset=None):
            self.data_collator, kept = collate("valid"), self.data_collator
            try:
                return super().get_eval_dataloader(eval_dataset)
            finally:
                self.data_collator = kept

    class Watch(TrainerCallback):
        """Turns the trainer's steps into events and the curve, and asks it to save and stop after a signal."""

        def on_train_begin(self, args, state, control, **kwargs):
            self.began, self.first, self.told = time.monotonic(), state.global_step, 0.0
            self.tokens_per_step = tokens["train"].lengths.mean() * min(s["batch"] * s["accumulate"], len(tokens["train"]))

        def on_step_end(self, args, state, control, **kwargs):
            if job.stop:
                control.should_save = control.should_training_stop = True

        def on_save(self, args, state, control, **kwargs):
            folder = Path(args.output_dir) / f"checkpoint-{state.global_step}"
            seal(folder)
            job.events.write("checkpoint", step=state.global_step, path=str(folder))

        def on_log(self, args, state, control, logs=None, **kwargs):
            row = {"step": state.global_step}
            row |= {key: logs[key] for key in ("loss", "eval_loss", "learning_rate") if key in logs}
            if len(row) == 1:
                return
            with open(job.out / "curve.jsonl", "a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
            if not math.isfinite(logs.get("loss", 0.0)):
                raise UserError(f"the loss is {logs['loss']} at step {state.global_step}", "lower learning_rate")
            now = time.monotonic()
            if "loss" in logs and (now > self.told + 1 or state.global_step == state.max_steps):
                self.told = now
                rate = (state.global_step - self.first) / max(now - self.began, 1e-9)
                job.events.write(
                    "progress", step=state.global_step, of=state.max_steps, loss=logs["loss"],
                    learning_rate=logs.get("learning_rate"), tokens_per_second=round(rate * self.tokens_per_step),
                    seconds_left=round((state.max_steps - state.global_step) / rate),
                )

    steps = s["max_steps"] or math.ceil(len(tokens["train"]) / s["batch"] / s["accumulate"] * s["epochs"])
    gpu = torch.cuda.is_available()
    config = SFTConfig(
        output_dir=str(job.out / "checkpoints"), per_device_train_batch_size=s["batch"],
        per_device_eval_batch_size=s["batch"], gradient_accumulation_steps=s["accumulate"],
        learning_rate=s["learning_rate"], lr_scheduler_type=SCHEDULES[s["schedule"]], warmup_steps=s["warmup"],
        num_train_epochs=s["epochs"], max_steps=s["max_steps"] or -1, weight_decay=s["weight_decay"],
        adam_beta2=0.95 if s["base"]["kind"] == "scratch" else 0.999, optim="adamw_torch_fused",
        max_length=None, dataset_kwargs={"skip_prepare_dataset": True}, remove_unused_columns=False,
        bf16=bf16, use_cpu=not gpu, gradient_checkpointing=s["method"] == "qlora",
        seed=s["seed"], data_seed=s["seed"], dataloader_num_workers=0, dataloader_pin_memory=gpu,
        save_strategy="steps", save_steps=s["save_steps"], save_total_limit=s["keep"],
        eval_strategy="steps" if s["eval_steps"] and "valid" in tokens else "no", eval_steps=s["eval_steps"],
        prediction_loss_only=True, logging_steps=max(1, min(50, steps // 100)), logging_nan_inf_filter=False,
        disable_tqdm=True, report_to="none",
    )
    adapter = None
    if s["method"] != "full":
        from peft import LoraConfig
        # "all-linear" leaves the output layer out.
        adapter = LoraConfig(
            task_type="CAUSAL_LM", target_modules="all-linear", r=s["lora"]["r"], lora_alpha=s["lora"]["alpha"],
            lora_dropout=s["lora"]["dropout"], use_rslora=False,
        )
    if s["compile"] and lean:
        for layer in model.base_model.layers:
            layer.compile(dynamic=True)
    # The library wants a tokenizer for padding that we do ourselves; what it holds comes from the same file.
    shown = PreTrainedTokenizerFast(tokenizer_file=str(source / "tokenizer.json"), eos_token=s["end_of_turn"])
    trainer = Trainer(
        model=model, args=config, train_dataset=data["train"], eval_dataset=data.get("valid"),
        processing_class=shown, data_collator=collate("train"), peft_config=adapter, callbacks=[Watch()],
    )
    from transformers import PrinterCallback
    trainer.remove_callback(PrinterCallback)
    return trainer


class ByLength:
    """An order of the rows in which a batch has rows of like length; for one seed and epoch always the same."""

    def __init__(self, lengths, batch, seed):
        self.lengths, self.batch, self.seed, self.epoch = lengths, batch, seed, 0

    def set_epoch(self, epoch):
        self.epoch = epoch

    def __len__(self):
        return len(self.lengths)

    def __iter__(self):
        import numpy as np
        draw = np.random.default_rng([self.seed, self.epoch])
        order = draw.permutation(len(self.lengths))
        pool = self.batch * 50
        batches = []
        for start in range(0, len(order), pool):
            some = order[start:start + pool]
            some = some[np.argsort(self.lengths[some], kind="stable")]
            batches += [some[first:first + self.batch] for first in range(0, len(some), self.batch)]
        # A batch that is not full has to come last, else all that follow would be cut at other places.
        whole = [batch for batch in batches if len(batch) == self.batch]
        rest = [batch for batch in batches if len(batch) < self.batch]
        for place in draw.permutation(len(whole)):
            yield from whole[place].tolist()
        for batch in rest:
            yield from batch.tolist()


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
        del model
        if name == "model":
            again = load_model(partial, torch.float32)
        else:
            from peft import PeftModel
            again = PeftModel.from_pretrained(base_model(job.s, source, trainer.args.bf16), partial)
        theirs = again.to(device()).eval()(input_ids=ids, labels=labels).loss.item()
    if not math.isclose(ours, theirs, rel_tol=0.02, abs_tol=0.02):
        raise RuntimeError(f"{partial} gives a loss of {theirs:.4f} when read back, the trained model {ours:.4f}")
    shutil.rmtree(final, ignore_errors=True)
    os.replace(partial, final)


if __name__ == "__main__":
    main("sft", KEYS, run)
