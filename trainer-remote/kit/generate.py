"""Greedy completions of a model, with or without an adapter, for given prompts."""

import json
import os

from kit_io import REQUIRED, UserError, main, require
from kit_model import be_quiet, device, load_model, load_tokenizer, model_folder, pad_id
from kit_rows import read_rows, token_id

KEYS = {
    "model": REQUIRED, "adapter": None, "prompts": REQUIRED, "end_of_turn": REQUIRED, "max_tokens": 64, "batch": 16,
    "limit": None,
}


def run(job):
    s = job.s
    require("torch", "transformers", "tokenizers", *(["peft"] if s["adapter"] else []))
    import torch
    be_quiet()
    prompts_file = job.file(s["prompts"])
    source = model_folder(job, s["model"])
    tokenizer = load_tokenizer(source)
    end = token_id(tokenizer, s["end_of_turn"], str(source))
    pad = pad_id(tokenizer, end)
    place = device()
    # Weights that are kept in bfloat16 are computed with in float32, so that two ways to the same weights agree.
    model = load_model(source, torch.float32)
    if s["adapter"]:
        from peft import PeftModel
        model = PeftModel.from_pretrained(model, job.file(s["adapter"]))
    model.to(place).eval()
    # A model's own generation settings (temperature, penalties) must not take part.
    model.generation_config = type(model.generation_config)(eos_token_id=end, pad_token_id=pad, do_sample=False)

    prompts = [prompt for _, prompt in read_rows(prompts_file, ("prompt",))][: s["limit"]]
    if not prompts:
        raise UserError(f"{prompts_file} has no prompts", "one object with a prompt a line")
    ids = [tokenizer.encode(prompt, add_special_tokens=False).ids for prompt in prompts]
    completions, stopped = [None] * len(prompts), 0
    order = sorted(range(len(prompts)), key=lambda i: len(ids[i]))
    for start in range(0, len(order), s["batch"]):
        rows = order[start:start + s["batch"]]
        width = max(len(ids[i]) for i in rows)
        given = torch.tensor([[pad] * (width - len(ids[i])) + ids[i] for i in rows], device=place)
        mask = torch.tensor([[0] * (width - len(ids[i])) + [1] * len(ids[i]) for i in rows], device=place)
        with torch.inference_mode():
            made = model.generate(input_ids=given, attention_mask=mask, max_new_tokens=s["max_tokens"])
        for i, row in zip(rows, made[:, width:].tolist()):
            if end in row:
                stopped += 1
                row = row[: row.index(end)]
            # Slots are not special and stay; special tokens inside a line shall be seen.
            completions[i] = tokenizer.decode(row, skip_special_tokens=False)
        job.events.write("progress", step=start + len(rows), of=len(order))
    partial, final = job.out / "outputs.jsonl.partial", job.out / "outputs.jsonl"
    with open(partial, "w", encoding="utf-8") as file:
        for prompt, completion in zip(prompts, completions):
            file.write(json.dumps({"prompt": prompt, "completion": completion}, ensure_ascii=False) + "\n")
    os.replace(partial, final)
    return {"outputs": final}, {"prompts": len(prompts), "ended": stopped}


if __name__ == "__main__":
    main("generate", KEYS, run)
