"""The trainer of the trl library with our own batches, order and events."""

import json
import math
import time
from pathlib import Path

from kit_checkpoint import seal
from kit_io import UserError

LEAN = ("llama", "qwen2", "qwen3", "mistral")
"""Models whose logits are the output layer's, unscaled, so that they need computing only where there is loss."""
SCHEDULES = {"cosine": "cosine", "linear": "linear", "constant": "constant_with_warmup"}


def make_trainer(job, model, tokens, source, pad, bf16):
    """A trainer for this model; `tokens` holds the rows of `train` and perhaps `valid`, `source` the tokenizer."""
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
                lengths = torch.from_numpy(tokens[name].lengths[[row["row"] for row in rows]])
                made["attention_mask"] = (torch.arange(ids.shape[1]) < lengths[:, None]).long()
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
            if not math.isfinite(logs.get("loss", 0.0)):
                raise UserError(f"the loss is {logs['loss']} at step {state.global_step}", "lower learning_rate")
            row = {"step": state.global_step}
            row |= {key: logs[key] for key in ("loss", "eval_loss", "learning_rate") if key in logs}
            if len(row) == 1:
                return
            with open(job.out / "curve.jsonl", "a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
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
