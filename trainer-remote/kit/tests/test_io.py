"""Settings, events, endings."""

import errno
import gzip
import json
import os

import pytest
from conftest import invented, run, settings, sft_keys, write_rows

import kit_io
import kit_rows


def test_an_unknown_key_is_named(tmp_path):
    path = settings(tmp_path, "contract", contract="c.json", tokenizer="t", colour="red")
    with pytest.raises(kit_io.UserError, match="unknown key 'colour'"):
        kit_io.read_settings("contract", {"contract": None, "tokenizer": None, "fill": False}, [str(path)])


def test_an_unknown_key_ends_the_program_with_1_and_so_does_one_inside(shop, tmp_path):
    run_settings = sft_keys(shop, base={"kind": "pretrained", "model": "x", "colour": "red"})
    failed = run("sft", tmp_path, expect=1, **run_settings)
    assert failed["event"] == "failed" and "'colour'" in failed["what"] and "model" in failed["hint"]


def test_settings_of_another_program_are_refused(tmp_path):
    path = settings(tmp_path, "sft")
    with pytest.raises(kit_io.UserError, match="vachak.kit/1/sft, not vachak.kit/1/merge"):
        kit_io.read_settings("merge", {}, [str(path)])


def test_the_sequence_goes_on_after_a_line_that_was_cut(tmp_path):
    log = kit_io.Events(tmp_path / "events.jsonl", "sft")
    log.write("started")
    log.write("progress", step=1)
    with open(tmp_path / "events.jsonl", "a") as file:
        file.write('{"seq": 3, "ts"')
    kit_io.Events(tmp_path / "events.jsonl", "sft").write("started")
    lines = (tmp_path / "events.jsonl").read_text().splitlines()
    assert json.loads(lines[-1])["seq"] == 3 and len(lines) == 4
    assert json.loads((tmp_path / "status.json").read_text())["event"] == "started"


def test_a_missing_package_is_named_with_the_way_to_get_it():
    with pytest.raises(kit_io.UserError, match="no_such_package other_absent") as caught:
        kit_io.require("json", "no_such_package", "other_absent")
    assert "setup.sh" in caught.value.hint and "pip install no_such_package other_absent" in caught.value.hint


def test_a_second_run_in_one_folder_is_refused(tmp_path):
    first = kit_io.Job({"out": "."}, tmp_path, None)
    first.lock()
    with pytest.raises(kit_io.UserError, match="another run is working"):
        kit_io.Job({"out": "."}, tmp_path, None).lock()


def test_a_full_disk_is_recognised_behind_other_errors():
    try:
        try:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            raise RuntimeError("writing failed") from error
    except RuntimeError as error:
        assert kit_io.disk_is_full(error)
    assert kit_io.disk_is_full(Exception("I/O error: No space left on device (os error 28)"))
    assert not kit_io.disk_is_full(OSError(errno.ENOENT, "No such file"))


@pytest.mark.parametrize(
    ("line", "words"),
    [("{oops", "is not a JSON object"), ('["a"]', "is not a JSON object"), ('{"prompt":"a"}', "lacks 'completion'"),
     ('{"prompt":"a","completion":3}', "'completion' is not text")],
)
def test_a_bad_row_is_named_by_file_and_line(tmp_path, line, words):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"prompt":"a","completion":"b"}\n\n' + line + "\n")
    with pytest.raises(kit_io.UserError) as caught:
        list(kit_rows.read_rows(path))
    assert f"{path}, line 3" in caught.value.what and words in caught.value.what


def test_packed_rows_are_read_and_damaged_ones_named(tmp_path):
    rows = list(invented(300, 5))
    plain = write_rows(tmp_path / "rows.jsonl", rows).read_bytes()
    packed = tmp_path / "rows.jsonl.gz"
    packed.write_bytes(gzip.compress(plain))
    assert list(kit_rows.read_rows(packed)) == list(kit_rows.read_rows(tmp_path / "rows.jsonl"))
    zstandard = pytest.importorskip("zstandard")
    (tmp_path / "rows.jsonl.zst").write_bytes(zstandard.ZstdCompressor().compress(plain))
    assert len(list(kit_rows.read_rows(tmp_path / "rows.jsonl.zst"))) == 300
    packed.write_bytes(packed.read_bytes()[:-2000])
    with pytest.raises(kit_io.UserError, match="damaged|ended") as caught:
        list(kit_rows.read_rows(packed))
    assert str(packed) in caught.value.what


def test_a_bad_row_fails_the_training_with_its_place(shop, tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"prompt":"a","completion":"b"}\nnot json\n')
    failed = run("sft", tmp_path, expect=1, **sft_keys(shop, rows={"train": str(path)}))
    assert f"{path}, line 2" in failed["what"]
    assert failed["event"] == "failed"
