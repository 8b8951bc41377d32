"""Makes a GGUF file of a model with llama.cpp's converter, which is left as it is."""

import importlib
import os
import sys
from pathlib import Path

from kit_io import REQUIRED, UserError, main, require
from kit_model import be_quiet

KEYS = {"model": REQUIRED, "type": "f16", "metadata": {}, "pre_tokenizer": None, "converter": None}
TYPES = ("f16", "f32", "bf16")


def converter_folder(given):
    """Where setup.sh has put the converter: beside the environment of this Python, unless told otherwise."""
    folder = Path(given or os.environ.get("VACHAK_CONVERTER") or Path(sys.prefix).parent / "converter")
    if not (folder / "convert_hf_to_gguf.py").is_file():
        raise UserError(f"llama.cpp's converter is not in {folder}", "run the kit's setup.sh, or set VACHAK_CONVERTER")
    return folder


def run(job):
    s = job.s
    if s["type"] not in TYPES:
        raise UserError(f"type is {s['type']!r}", f"one of {', '.join(TYPES)}")
    for key, value in s["metadata"].items():
        if not isinstance(value, str):
            raise UserError(f"metadata {key!r} is not text", "write it as a string")
    model = job.file(s["model"])
    folder = converter_folder(s["converter"])
    require("torch", "transformers", "numpy", "safetensors", "sentencepiece")
    be_quiet()
    final = job.out / f"model-{s['type']}.gguf"
    partial = job.out / f"model-{s['type']}.partial.gguf"
    convert(folder, model, s, partial)
    os.replace(partial, final)
    return {"gguf": final}, {"bytes": final.stat().st_size}


def convert(folder, model, s, to):
    """Runs the converter's `main` in this process, with the pre-tokenizer's name and our metadata added by subclassing."""
    sys.path[:0] = [str(folder / "gguf-py"), str(folder)]
    program = importlib.import_module("convert_hf_to_gguf")
    choose = program.get_model_class

    def chosen(*arguments, **more):
        found = choose(*arguments, **more)

        class Named(found):
            model_arch = found.model_arch

            def get_vocab_base_pre(self, tokenizer):
                # The converter knows tokenizers by a hash of their ids, so a new vocabulary is unknown to it; what
                # llama.cpp needs is the name of the regex, and that we know.
                return s["pre_tokenizer"] or super().get_vocab_base_pre(tokenizer)

            def prepare_metadata(self, *arguments, **more):
                super().prepare_metadata(*arguments, **more)
                for key, value in s["metadata"].items():
                    # The converter may have set the key itself; ours is the word that counts.
                    for shard in self.gguf_writer.kv_data:
                        shard.pop(key, None)
                    self.gguf_writer.add_string(key, value)

        Named.__name__ = found.__name__
        return Named

    # `get_model_class` is how the converter picks what it converts with, so replacing it in the program's own
    # namespace changes no file of llama.cpp.
    program.get_model_class = chosen
    before, sys.argv = sys.argv, ["convert_hf_to_gguf.py", str(model), "--outtype", s["type"], "--outfile", str(to)]
    try:
        program.main()
    except SystemExit as error:
        if error.code:
            raise UserError(f"the converter refuses {model}", "its reason is in the log") from None
    finally:
        sys.argv = before


if __name__ == "__main__":
    main("to_gguf", KEYS, run)
