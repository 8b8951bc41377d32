"""The tokenizer: its ids are what llama.cpp makes of the same text."""

import random

import pytest
from conftest import END, SLOTS, events, run
from tokenizers import Tokenizer

TEXTS = [
    "{batter}drives", "x{batter}y", " {batter} ", "{batter}{bowler}", "({batter})'s 50*", "{batter}'s", "{batte r}",
    "4{batter}4", "\n{bowler}\n\n", "{batter} का चौका", "क{batter}ा", "शानदार छक्का! क़ ड़", "12345 १२३", "I've DON'T we'LL",
    "  two  spaces\t\ttab\r\n", "🏏 é é", f"a{END}\n<|im_start|>assistant\n{{batter}} goes", "{{batter}}",
]


@pytest.fixture(scope="module")
def tokenizer(shop):
    return Tokenizer.from_file(str(shop / "tokenizer" / "tokenizer.json"))


def ids(tokenizer, text):
    return tokenizer.encode(text, add_special_tokens=False).ids


def as_llama_cpp(tokenizer, text):
    """llama.cpp cuts the added tokens out of the raw text, the longest first, and encodes what is between them."""
    parts = [text]
    for token in sorted(["<|im_start|>", "<|im_end|>", "<|endoftext|>", *SLOTS], key=len, reverse=True):
        cut = []
        for part in parts:
            if isinstance(part, int):
                cut.append(part)
                continue
            pieces = part.split(token)
            for place, piece in enumerate(pieces):
                if place:
                    cut.append(tokenizer.token_to_id(token))
                if piece:
                    cut.append(piece)
        parts = cut
    return [one for part in parts for one in ([part] if isinstance(part, int) else ids(tokenizer, part))]


@pytest.mark.parametrize("text", TEXTS)
def test_text_comes_back_byte_for_byte_and_ids_are_llama_cpps(tokenizer, text):
    made = ids(tokenizer, text)
    assert tokenizer.decode(made, skip_special_tokens=False) == text
    assert made == as_llama_cpp(tokenizer, text)


def test_any_mixture_comes_back_too(tokenizer):
    draw = random.Random(3)
    parts = [*SLOTS, END, " ", "\n", "a", "क", "ि", "7", "{", "}", "'s", "é", "🏏", "batter", "<|im_"]
    for _ in range(500):
        text = "".join(draw.choices(parts, k=12))
        made = ids(tokenizer, text)
        assert tokenizer.decode(made, skip_special_tokens=False) == text
        assert made == as_llama_cpp(tokenizer, text), text


def test_a_slot_is_one_token_that_prints_and_digits_stand_alone(tokenizer):
    for slot in SLOTS:
        assert len(ids(tokenizer, slot)) == 1
        assert tokenizer.decode(ids(tokenizer, f"a {slot}{END}")) == f"a {slot}"
    assert len(ids(tokenizer, "148")) == 3


def test_the_model_library_reads_the_same_ids_and_adds_no_bos(shop, tokenizer, trained):
    from transformers import AutoTokenizer
    for folder in (shop / "tokenizer", trained / "model"):
        seen = AutoTokenizer.from_pretrained(folder)
        for text in TEXTS:
            assert seen(text)["input_ids"] == ids(tokenizer, text)
        assert seen.eos_token == END and seen.bos_token is None


def test_the_same_rows_give_the_same_tokenizer(shop, tmp_path):
    run("tokenizer", tmp_path, rows=shop / "train.jsonl", vocab=400, slots=SLOTS, pre_tokenizer="qwen35")
    assert (tmp_path / "tokenizer.json").read_bytes() == (shop / "tokenizer" / "tokenizer.json").read_bytes()
    assert events(tmp_path)[-1]["figures"]["vocab"] <= 400


@pytest.mark.parametrize(
    ("more", "words"),
    [({"slots": ["ab", "bc"]}, "overlap"), ({"slots": ["{a}", "{a}"]}, "cannot be"), ({"slots": ["<|x|>"]}, "control"),
     ({"vocab": 200}, "no room"), ({"pre_tokenizer": "gpt9"}, "no pre-tokenizer"), ({"special": ["<s>"]}, "not among")],
)
def test_what_llama_cpp_could_read_otherwise_is_refused(shop, tmp_path, more, words):
    failed = run("tokenizer", tmp_path, expect=1, **{"rows": shop / "train.jsonl", **more})
    assert words in failed["what"]
