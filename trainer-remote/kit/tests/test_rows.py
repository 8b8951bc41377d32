"""Rows as tokens and labels."""

import pytest
from conftest import END, invented, write_rows
from tokenizers import Tokenizer

import kit_io
from kit_rows import IGNORED, tokenize


@pytest.fixture(scope="module")
def tokenizer(shop):
    return Tokenizer.from_file(str(shop / "tokenizer" / "tokenizer.json"))


def test_every_row_ends_with_the_end_of_turn_and_only_completions_carry_loss(shop, tokenizer, tmp_path):
    made = tokenize(shop / "train.jsonl", tokenizer, END, 256, tmp_path)
    end, pad = tokenizer.token_to_id(END), tokenizer.token_to_id("<|endoftext|>")
    assert len(made) == 200
    rows = list(range(200))
    ids, labels = made.batch(rows, pad)
    for number, row in enumerate(invented(200, 1)):
        prompt = tokenizer.encode(row["prompt"], add_special_tokens=False).ids
        completion = tokenizer.encode(row["completion"], add_special_tokens=False).ids
        whole = prompt + completion + [end]
        rest = ids.shape[1] - len(whole)
        assert ids[number].tolist() == whole + [pad] * rest
        assert labels[number].tolist() == [IGNORED] * len(prompt) + completion + [end] + [IGNORED] * rest


def test_rows_that_are_too_long_are_left_out_whole_and_counted(tokenizer, tmp_path):
    rows = list(invented(10, 3))
    rows[4]["completion"] *= 30
    path = write_rows(tmp_path / "rows.jsonl", rows)
    made = tokenize(path, tokenizer, END, 120, tmp_path)
    assert (len(made), made.figures["too_long"]) == (9, 1) and made.figures["longest"] > 120
    assert (made.flat[made.starts[1:] - 1] == tokenizer.token_to_id(END)).all()
    with pytest.raises(kit_io.UserError, match="no row that can be used: 10 read, 10 longer"):
        tokenize(path, tokenizer, END, 5, tmp_path)


def test_an_end_of_turn_inside_a_completion_is_refused(tokenizer, tmp_path):
    path = write_rows(tmp_path / "rows.jsonl", [{"prompt": "a", "completion": "b"}, {"prompt": "a", "completion": f"b{END}c"}])
    with pytest.raises(kit_io.UserError, match="line 2: the completion contains"):
        tokenize(path, tokenizer, END, 50, tmp_path)


def test_changed_rows_are_not_taken_from_the_cache(tokenizer, tmp_path):
    path = write_rows(tmp_path / "rows.jsonl", invented(10, 3))
    first = tokenize(path, tokenizer, END, 200, tmp_path / "cache")
    write_rows(path, invented(11, 3))
    assert (len(first), len(tokenize(path, tokenizer, END, 200, tmp_path / "cache"))) == (10, 11)
