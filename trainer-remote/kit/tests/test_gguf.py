"""The GGUF file and the prompt contract."""

import json

import pytest
from conftest import END, SLOTS, run, sft_keys
from gguf import GGUFReader, TokenType
from tokenizers import Tokenizer

CONTRACT = {
    "schema": "vachak.contract/1", "prompt_version": 2, "layout": "slots", "end_of_turn": END, "stop": [END],
    "add_bos": False,
    "golden": [{"prompt": f"<|im_start|>user\nruns: 4{END}\n<|im_start|>assistant\n", "completion": "{batter} का चौका",
                "prompt_ids": None, "completion_ids": None}],
}


@pytest.mark.parametrize("architecture", ["llama", "qwen2"])
def test_the_file_holds_metadata_token_types_and_no_bos(shop, trained, architecture):
    model = trained / "model"
    if architecture == "qwen2":
        keys = sft_keys(shop, max_steps=2)
        keys["base"]["architecture"] = "qwen2"
        run("sft", shop / "qwen2", **keys)
        model = shop / "qwen2" / "model"
    told = {"general.name": "Try", "vachak.data": "abc", "vachak.नाम": "वाचक"}
    done = run("to_gguf", shop / f"gguf-{architecture}", model=model, type="f16", metadata=told, pre_tokenizer="qwen35")
    fields = GGUFReader(done["artefacts"]["gguf"]).fields
    held = {name: field.contents() for name, field in fields.items()}
    assert {key: held[key] for key in told} == told
    assert held["general.architecture"] == architecture and held["tokenizer.ggml.pre"] == "qwen35"
    assert held["tokenizer.ggml.add_bos_token"] is False
    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    names, kinds = held["tokenizer.ggml.tokens"], held["tokenizer.ggml.token_type"]
    assert names == [tokenizer.id_to_token(i) for i in range(tokenizer.get_vocab_size())]
    expected = {name: TokenType.USER_DEFINED for name in SLOTS}
    expected |= {name: TokenType.CONTROL for name in ("<|im_start|>", END, "<|endoftext|>")}
    assert kinds == [expected.get(name, TokenType.NORMAL) for name in names]
    assert names[held["tokenizer.ggml.eos_token_id"]] == END
    merges = json.loads((model / "tokenizer.json").read_text())["model"]["merges"]
    assert held["tokenizer.ggml.merges"] == [" ".join(pair) for pair in merges]


def test_without_a_converter_it_says_how_to_get_one(trained, tmp_path):
    failed = run("to_gguf", tmp_path, expect=1, model=trained / "model", converter=str(tmp_path))
    assert "setup.sh" in failed["hint"]


def test_a_contract_is_filled_and_then_holds(shop, tmp_path):
    path = tmp_path / "contract.json"
    path.write_text(json.dumps(CONTRACT))
    keys = {"contract": path, "tokenizer": shop / "tokenizer"}
    run("contract", tmp_path, fill=True, **keys)
    filled = json.loads(path.read_text())
    tokenizer = Tokenizer.from_file(str(shop / "tokenizer" / "tokenizer.json"))
    one = filled["golden"][0]
    assert one["completion_ids"][-1] == tokenizer.token_to_id(END)
    assert tokenizer.decode(one["prompt_ids"], skip_special_tokens=False) == one["prompt"]
    run("contract", tmp_path, fill=False, **keys)
    one["prompt_ids"][3] += 1
    path.write_text(json.dumps(filled))
    failed = run("contract", tmp_path, expect=1, fill=False, **keys)
    assert "prompt id 3 is" in failed["what"] and "golden prompt 1" in failed["what"]


def test_a_tokenizer_that_adds_a_beginning_is_refused(shop, tmp_path):
    from tokenizers.processors import TemplateProcessing
    tokenizer = Tokenizer.from_file(str(shop / "tokenizer" / "tokenizer.json"))
    start = "<|im_start|>"
    tokenizer.post_processor = TemplateProcessing(single=f"{start} $A", special_tokens=[(start, tokenizer.token_to_id(start))])
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    (tmp_path / "contract.json").write_text(json.dumps(CONTRACT))
    failed = run("contract", tmp_path, expect=1, fill=True, contract=tmp_path / "contract.json", tokenizer=tmp_path)
    assert "adds tokens of its own" in failed["what"]
