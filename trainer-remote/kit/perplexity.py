"""How well a model foresees rows: perplexity over completions and their end of turn."""

import math

from kit_io import REQUIRED, main, require
from kit_model import be_quiet, device, load_model, load_tokenizer, model_folder, pad_id
from kit_rows import token_id, tokenize

KEYS = {
    "model": REQUIRED, "adapter": None, "rows": REQUIRED, "end_of_turn": REQUIRED, "limit": None, "max_length": 512,
    "batch": 32,
}


def run(job):
    s = job.s
    require("torch", "transformers", "tokenizers", "numpy", *(["peft"] if s["adapter"] else []))
    import torch
    from torch.nn.functional import cross_entropy
    be_quiet()
    rows = job.file(s["rows"])
    source = model_folder(job, s["model"])
    tokenizer = load_tokenizer(source)
    end = token_id(tokenizer, s["end_of_turn"], str(source))
    tokens = tokenize(rows, tokenizer, s["end_of_turn"], s["max_length"], job.out / "cache", s["limit"])
    place, pad = device(), pad_id(tokenizer, end)
    model = load_model(source, torch.bfloat16 if place.type == "cuda" else torch.float32)
    if s["adapter"]:
        from peft import PeftModel
        model = PeftModel.from_pretrained(model, job.file(s["adapter"]))
    model.to(place).eval()
    order = tokens.lengths.argsort(kind="stable")
    total, count = 0.0, 0
    with torch.inference_mode():
        for start in range(0, len(order), s["batch"]):
            ids, labels = (torch.from_numpy(made).to(place) for made in tokens.batch(order[start:start + s["batch"]], pad))
            logits = model(input_ids=ids).logits[:, :-1]
            wanted = labels[:, 1:]
            kept = wanted >= 0
            total += cross_entropy(logits[kept].float(), wanted[kept], reduction="sum").item()
            count += int(kept.sum())
            job.events.write("progress", step=min(start + s["batch"], len(order)), of=len(order))
    loss = total / count
    return {}, {"perplexity": math.exp(min(loss, 100)), "loss": loss, "tokens": count, **tokens.figures | {"tokens": count}}


if __name__ == "__main__":
    main("perplexity", KEYS, run)
