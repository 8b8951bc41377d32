"""What this machine offers for training, as one JSON object on stdout. Takes no settings."""

import importlib.metadata
import json
import os
import platform
import shutil
import sys

PACKAGES = (
    "torch", "transformers", "trl", "peft", "datasets", "accelerate", "bitsandbytes", "tokenizers", "safetensors",
    "numpy", "gguf", "sentencepiece", "zstandard",
)


def version(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def gpus():
    """Each GPU with its memory in bytes; empty without torch or without a GPU."""
    try:
        import torch
    except Exception as error:  # noqa: BLE001 - a broken installation is a finding
        return [], f"torch cannot be loaded: {error}"
    found = []
    for number in range(torch.cuda.device_count()):
        about = torch.cuda.get_device_properties(number)
        found.append({"name": about.name, "memory": about.total_memory, "bf16": torch.cuda.is_bf16_supported()})
    return found, None


def main():
    packages = {name: version(name) for name in PACKAGES}
    found, problem = gpus() if packages["torch"] else ([], None)
    print(json.dumps({
        "schema": "vachak.kit/1",
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "disk_free": shutil.disk_usage(".").free,
        "packages": packages,
        "missing": [name for name, found in packages.items() if found is None],
        "gpus": found,
        "problem": problem,
    }))
    return 0 if sys.version_info >= (3, 11) else 1


if __name__ == "__main__":
    sys.exit(main())
