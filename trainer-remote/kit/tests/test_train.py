"""Training, from scratch and by adapter, and what interrupts it."""

import json
import os
import shutil
import signal
import subprocess
import time

import pytest
from conftest import END, command, environment, events, last, run, settings, sft_keys, start, write_rows


def losses(folder):
    lines = (folder / "curve.jsonl").read_text().splitlines(keepends=True)
    rows = [json.loads(line) for line in lines if line.endswith("\n")]
    return {row["step"]: row["loss"] for row in rows if "loss" in row}


def wait_for(folder, process, event, count=1):
    """Until the program has written that many of these events."""
    while sum(one["event"] == event for one in events(folder)) < count:
        assert process.poll() is None, "it ended too soon"
        time.sleep(0.05)


def same_as_uninterrupted(folder, trained):
    ours, theirs = losses(folder), losses(trained)
    assert sorted(ours) == sorted(theirs)
    assert ours[84] == pytest.approx(theirs[84], rel=1e-3)


def test_training_from_scratch_lowers_the_loss(trained):
    done = last(trained)
    curve = losses(trained)
    assert done["event"] == "done" and done["figures"]["parameters"] < 110_000
    assert curve[84] < 0.4 * curve[1]
    assert done["figures"]["valid_loss"] < 0.5 * curve[1]
    assert (trained / "model" / "model.safetensors").is_file() and not (trained / "model.partial").exists()
    assert [one["seq"] for one in events(trained)] == list(range(1, len(events(trained)) + 1))


def test_after_a_kill_it_goes_on_from_the_checkpoint_and_ends_alike(shop, trained):
    folder = shop / "killed"
    process = start("sft", settings(folder, "sft", **sft_keys(shop)))
    wait_for(folder, process, "checkpoint", 2)
    process.kill()
    process.wait()
    run("sft", folder, **sft_keys(shop))
    said = [one for one in events(folder) if one["event"] == "warning"]
    assert any("going on from checkpoint-" in one["what"] for one in said)
    same_as_uninterrupted(folder, trained)


def test_a_damaged_checkpoint_is_left_out_for_the_one_before(shop, trained):
    folder = shop / "damaged"
    shutil.copytree(trained, folder, ignore=shutil.ignore_patterns("model", "events.jsonl"))
    newest, before = folder / "checkpoints" / "checkpoint-84", folder / "checkpoints" / "checkpoint-80"
    assert before.is_dir()
    weights = newest / "model.safetensors"
    os.truncate(weights, weights.stat().st_size // 2)
    run("sft", folder, **sft_keys(shop))
    said = " ".join(one["what"] for one in events(folder) if one["event"] == "warning")
    assert "checkpoint-84 is left out: model.safetensors" in said and "going on from checkpoint-80" in said
    same_as_uninterrupted(folder, trained)


@pytest.mark.parametrize("name", ["optimizer.pt", "trainer_state.json", "model.safetensors", "rng_state.pth"])
@pytest.mark.parametrize("sealed", [True, False])
def test_every_kind_of_damage_is_seen(trained, tmp_path, name, sealed):
    from kit_checkpoint import flaw
    folder = tmp_path / "checkpoint-84"
    shutil.copytree(trained / "checkpoints" / "checkpoint-84", folder)
    if not sealed:
        (folder / "sealed.json").unlink()
    assert flaw(folder) is None
    os.truncate(folder / name, (folder / name).stat().st_size - 30)
    if sealed or name != "rng_state.pth":
        assert name in flaw(folder) or not sealed
    (folder / name).unlink()
    assert flaw(folder) is not None


def test_a_signal_saves_and_ends_with_75(shop, trained):
    folder = shop / "stopped"
    process = start("sft", settings(folder, "sft", **sft_keys(shop)))
    while not (folder / "curve.jsonl").exists() or len(losses(folder)) < 30:
        assert process.poll() is None, "it ended too soon"
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 75
    said = last(folder)
    assert said["event"] == "failed" and said["kept"].startswith("checkpoint-") and "again" in said["hint"]
    assert int(said["kept"].removeprefix("checkpoint-")) % 20, "it was saved where it was stopped"
    run("sft", folder, **sft_keys(shop))
    same_as_uninterrupted(folder, trained)


def test_other_settings_do_not_continue_old_checkpoints(shop, trained):
    failed = run("sft", trained, expect=1, **sft_keys(shop, learning_rate=1e-3))
    assert "learning_rate" in failed["what"]
    done = run("sft", trained, **sft_keys(shop, save_steps=30))
    assert done["event"] == "done"


def test_a_full_disk_keeps_what_was_saved(shop, tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "none", folder], capture_output=True).returncode:
        pytest.skip("a small file system cannot be mounted here")
    try:
        path = settings(tmp_path, "sft", **sft_keys(shop, save_steps=5, keep=20))
        given = json.loads(path.read_text()) | {"out": str(folder)}
        path.write_text(json.dumps(given))
        done = subprocess.run(command("sft", path), capture_output=True, text=True, env=environment())
        said = last(tmp_path)
        assert done.returncode == 1 and said["what"] == "the disk is full", done.stderr[-2000:]
        from kit_checkpoint import flaw
        assert said["kept"].startswith("checkpoint-") and flaw(folder / "checkpoints" / said["kept"]) is None
    finally:
        subprocess.run(["umount", folder], check=True)


def test_qlora_without_a_gpu_says_so(shop, trained, tmp_path):
    import torch
    if torch.cuda.is_available():
        pytest.skip("a GPU is here")
    base = {"kind": "pretrained", "model": str(trained / "model")}
    failed = run("sft", tmp_path, expect=1, **sft_keys(shop, base=base, method="qlora"))
    assert "GPU" in failed["what"] and "lora" in failed["hint"]


@pytest.fixture(scope="module")
def adapted(shop, trained):
    """An adapter that makes the model speak otherwise, merged as well."""
    folder = shop / "lora"
    rows = [json.loads(line) for line in (shop / "train.jsonl").read_text().splitlines()]
    for row in rows:
        row["completion"] = "Marvellous! " + row["completion"].removesuffix(".")
    write_rows(shop / "marvellous.jsonl", rows)
    base = {"kind": "pretrained", "model": str(trained / "model")}
    keys = sft_keys(shop, base=base, method="lora", rows={"train": str(shop / "marvellous.jsonl")}, learning_rate=1e-2)
    run("sft", folder, **keys)
    run("merge", folder, base=base, adapter=folder / "adapter")
    return folder


def test_an_adapter_leaves_the_output_layer_alone(adapted):
    about = json.loads((adapted / "adapter" / "adapter_config.json").read_text())
    assert (about["r"], about["lora_alpha"], about["use_rslora"]) == (16, 32, False)
    adapted_layers = {name.rpartition(".")[2] for name in about["target_modules"]}
    assert adapted_layers == {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"}
    assert last(adapted)["event"] == "done"


def test_adapter_and_merged_model_say_the_same(shop, trained, adapted):
    said = {}
    for name, keys in {"adapter": {"model": trained / "model", "adapter": adapted / "adapter"}, "merged": {"model": adapted / "model"}}.items():
        done = run("generate", shop / f"said-{name}", prompts=shop / "valid.jsonl", end_of_turn=END, **keys)
        lines = (shop / f"said-{name}" / "outputs.jsonl").read_text().splitlines()
        said[name] = [json.loads(line)["completion"] for line in lines]
        assert done["figures"]["prompts"] == 40 and done["figures"]["ended"] >= 38
    alike = sum(a == b for a, b in zip(said["adapter"], said["merged"]))
    assert alike >= 38, f"{alike} of 40"
    assert sum(line.startswith("Marvellous! {batter}") for line in said["merged"]) >= 36


def test_perplexity_is_that_of_the_training(shop, trained):
    done = run("perplexity", shop / "perplexity", model=trained / "model", rows=shop / "valid.jsonl", end_of_turn=END)
    measured = next(one for one in events(trained) if one["event"] == "done")["figures"]
    assert done["figures"]["loss"] == pytest.approx(measured["valid_loss"], rel=0.02)
    assert done["figures"]["tokens"] == measured["valid_completion_tokens"]
