"""Merges an adapter into its base, reloaded in bfloat16 and never in 4 bits."""

import os
import shutil

from kit_io import REQUIRED, UserError, main, require
from kit_model import be_quiet, check_base, copy_tokenizer, load_model, model_folder

KEYS = {"base": REQUIRED, "adapter": REQUIRED}


def run(job):
    require("torch", "transformers", "peft", "safetensors")
    import torch
    from peft import PeftModel
    be_quiet()
    base = check_base(job.s["base"])
    if base["kind"] != "pretrained":
        raise UserError("base.kind is 'scratch'", "name the pretrained model that the adapter was trained on")
    adapter = job.file(job.s["adapter"])
    if not (adapter / "adapter_config.json").is_file():
        raise UserError(f"{adapter} holds no adapter", "name the adapter folder that training made")
    source = model_folder(job, base["model"], base["revision"])
    try:
        model = PeftModel.from_pretrained(load_model(source, torch.bfloat16), adapter)
    except (RuntimeError, ValueError) as error:
        what = str(error).strip().splitlines()[0]
        raise UserError(f"{adapter} does not fit {source}: {what}", "take the base that it was trained on") from None
    merged = model.merge_and_unload(safe_merge=True)
    partial, final = job.out / "model.partial", job.out / "model"
    shutil.rmtree(partial, ignore_errors=True)
    merged.save_pretrained(partial)
    copy_tokenizer(source, partial)
    shutil.rmtree(final, ignore_errors=True)
    os.replace(partial, final)
    return {"model": final}, {"parameters": sum(p.numel() for p in merged.parameters())}


if __name__ == "__main__":
    main("merge", KEYS, run)
