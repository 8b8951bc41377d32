"""Holds a tokenizer against the prompt contract: its golden prompts, completions and their ids."""

import json

from kit_io import REQUIRED, UserError, main, require, write_atomic
from kit_model import load_tokenizer
from kit_rows import token_id

KEYS = {"contract": REQUIRED, "tokenizer": REQUIRED, "fill": False}
SCHEMA = "vachak.contract/1"


def run(job):
    require("tokenizers")
    path = job.file(job.s["contract"])
    folder = job.file(job.s["tokenizer"])
    tokenizer = load_tokenizer(folder)
    try:
        contract = json.loads(path.read_bytes())
        golden, end_text = contract["golden"], contract["end_of_turn"]
        if contract["schema"] != SCHEMA:
            raise UserError(f"{path} is of the schema {contract['schema']}, not {SCHEMA}", "make it again")
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"{path} is no contract: {error!r}", "make it again") from None
    if contract.get("add_bos"):
        raise UserError(f"{path} asks for a beginning-of-text token", "prompts of this house have none")
    end = token_id(tokenizer, end_text, str(folder))
    for number, one in enumerate(golden, 1):
        name = f"golden prompt {number} of {path}"
        fill(tokenizer, one, "prompt", one["prompt"], name, job.s["fill"])
        # With the end of turn written out, as the runtime meets it; its id has to be one and the last.
        ids = fill(tokenizer, one, "completion", one["completion"] + end_text, name, job.s["fill"])
        if ids[-1] != end or ids.count(end) != 1:
            raise UserError(f"{name}: its completion does not end with the one id of {end_text}", "see the completion")
    if job.s["fill"]:
        write_atomic(path, json.dumps(contract, ensure_ascii=False, indent=1) + "\n")
    return {"contract": path}, {"golden": len(golden)}


def fill(tokenizer, one, key, text, name, write):
    """The text's ids, after they have stood the checks; written into the contract, or held against it."""
    ids = tokenizer.encode(text, add_special_tokens=False).ids
    if tokenizer.encode(text).ids != ids:
        raise UserError(f"{name}: the tokenizer adds tokens of its own to the {key}", "no BOS may be added: mend it")
    if tokenizer.decode(ids, skip_special_tokens=False) != text:
        raise UserError(f"{name}: the ids of the {key} do not give its text back", "the tokenizer changes text: mend it")
    before = one.get(f"{key}_ids")
    if write:
        one[f"{key}_ids"] = ids
    elif before != ids:
        raise UserError(f"{name}: {difference(tokenizer, before or [], ids, key)}", "train and serve with one tokenizer")
    return ids


def difference(tokenizer, before, ids, key):
    """The first place where the ids differ, with the text before it."""
    at = next((i for i, (a, b) in enumerate(zip(before, ids)) if a != b), min(len(before), len(ids)))
    told = [repr(tokenizer.id_to_token(x[at])) if at < len(x) else "nothing" for x in (before, ids)]
    text = tokenizer.decode(ids[max(0, at - 12):at], skip_special_tokens=False)
    return f"{key} id {at} is {told[1]} here, {told[0]} in the contract, after {text!r}"


if __name__ == "__main__":
    main("contract", KEYS, run)
