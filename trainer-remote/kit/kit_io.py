"""What every program of the kit shares: its settings, its events, its ending.

A program is a function `run(job)`. `main` reads the settings file, hands over a
`Job`, and turns whatever happens into an event and an exit code.
"""

import errno
import fcntl
import importlib.util
import json
import os
import signal
import sys
import traceback
from datetime import datetime, timezone
from pathlib import Path

# Threads that wait shall sleep, not spin: where other work shares the cores, training is several times as fast. Read
# when torch is loaded, so it has to stand before.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

SCHEMA = "vachak.kit/1"
DONE, USER, OURS, STOPPED = 0, 1, 2, 75
REQUIRED = object()
"""The default of a key that has to be given."""


FULL = ("No space left on device", "Disk quota exceeded", "PytorchStreamWriter failed", "inline_container.cc")
"""How libraries say that the disk is full when they hide the system's own error."""


class UserError(Exception):
    """What the user can mend: what happened and where, and what to do."""

    def __init__(self, what, hint, kept=None):
        super().__init__(what)
        self.what, self.hint, self.kept = what, hint, kept


class Stopped(Exception):
    """A signal asked us to end; `kept` says what was saved."""

    def __init__(self, kept=None):
        super().__init__("stopped by a signal")
        self.kept = kept


def check_keys(given, allowed, where):
    """The object with its defaults filled in; a key that is unknown or lacking is an error that names it."""
    if not isinstance(given, dict):
        raise UserError(f"{where} is not an object", "give an object with named values")
    for key in given:
        if key not in allowed:
            raise UserError(f"{where} has an unknown key {key!r}", f"known keys: {', '.join(sorted(allowed))}")
    for key, default in allowed.items():
        if default is REQUIRED and key not in given:
            raise UserError(f"{where} lacks the key {key!r}", "add it; the README of the kit shows every key")
    return {key: given.get(key, default) for key, default in allowed.items()}


def require(*packages):
    """Names every package that is missing, and how to get it."""
    missing = [name for name in packages if importlib.util.find_spec(name) is None]
    if missing:
        names = " ".join(missing)
        raise UserError(
            f"Python packages are missing: {names}",
            f"run the kit's setup.sh and use the Python it made, or: {sys.executable} -m pip install {names}",
        )


def write_atomic(path, text, lasting=True):
    """Writes the file under another name first, so that a reader meets the old or the new one, never half of it.

    `lasting` waits for the disk, so that this holds through a power cut as well.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    with open(partial, "w", encoding="utf-8") as file:
        file.write(text)
        if lasting:
            file.flush()
            os.fsync(file.fileno())
    os.replace(partial, path)


def disk_is_full(error):
    """Whether the failure, or one that it came from, is a disk or quota at its end."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if any(words in str(error) for words in FULL):
            return True
        error = error.__cause__ or error.__context__
    return False


class Events:
    """The events file (appended) and status.json beside it (the last event)."""

    def __init__(self, path, task):
        self.path, self.task, self.seq = Path(path), task, 0
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if self.path.exists():
            lines = self.path.read_bytes().split(b"\n")
            for line in lines:
                try:
                    self.seq = max(self.seq, int(json.loads(line)["seq"]))
                except (ValueError, KeyError, TypeError):
                    continue  # a line that a crash cut short
            if lines[-1]:
                with open(self.path, "a", encoding="utf-8") as file:
                    file.write("\n")

    def write(self, event, **more):
        """Appends one event."""
        self.seq += 1
        now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = json.dumps({"seq": self.seq, "ts": now, "task": self.task, "event": event, **more}, ensure_ascii=False)
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(line + "\n")
        write_atomic(self.path.with_name("status.json"), line + "\n", lasting=False)


class Job:
    """One run of a program: settings `s`, output folder `out`, events."""

    def __init__(self, settings, folder, events):
        self.s, self.folder, self.events = settings, folder, events
        self.out = self.path(settings["out"])
        self.finish_step = False
        """While true, a signal only sets `stop`; else it ends the program at once."""
        self.stop = False

    def path(self, given):
        """A path of the settings file, which is absolute or relative to that file."""
        return Path(os.path.normpath(self.folder / given))

    def file(self, given):
        """Like `path`, and the file has to be there."""
        path = self.path(given)
        if not path.exists():
            raise UserError(f"{path} does not exist", "check the path in the settings")
        return path

    def warn(self, what, **more):
        """Something that the user should know and that ends nothing."""
        self.events.write("warning", what=what, **more)
        print(f"warning: {what}", file=sys.stderr)

    def lock(self):
        """Holds the output folder until the program ends: two runs in it would destroy each other's work."""
        self.out.mkdir(parents=True, exist_ok=True)
        self.held = open(self.out / ".lock", "w", encoding="utf-8")
        try:
            fcntl.flock(self.held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UserError(f"another run is working in {self.out}", "wait for it, or choose another out") from None

    def on_signal(self, number, _frame):
        self.stop = True
        if not self.finish_step:
            raise Stopped


def main(task, keys, run):
    """Runs the program on the settings file named on the command line, and exits."""
    sys.exit(attempt(task, keys, run, sys.argv[1:]))


def attempt(task, keys, run, arguments):
    """`main` without the exit: returns the code."""
    events = None
    try:
        settings, folder = read_settings(task, keys, arguments)
        events = Events(folder / settings["events"], task)
        job = Job(settings, folder, events)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, job.on_signal)
        job.lock()
        events.write("started", pid=os.getpid())
        artefacts, figures = run(job)
        events.write("done", artefacts={name: str(path) for name, path in artefacts.items()}, figures=figures)
        return DONE
    except UserError as error:
        return end(events, USER, error.what, error.kept, error.hint)
    except Stopped as error:
        return end(events, STOPPED, str(error), error.kept, "run the same command again to go on")
    except Exception as error:  # noqa: BLE001 - the rim: whatever it is, it becomes an event
        if disk_is_full(error):
            return end(events, USER, "the disk is full", None, "free space and run the same command")
        traceback.print_exc()
        what = f"{type(error).__name__}: {error}"
        return end(events, OURS, what, None, "this is a fault of the kit; its log holds the details")


def read_settings(task, keys, arguments):
    """The settings, checked, and the folder that their relative paths start from."""
    if len(arguments) != 1:
        raise UserError(f"{task}.py takes one settings file", f"python {task}.py settings.json")
    path = Path(arguments[0]).absolute()
    try:
        given = json.loads(path.read_bytes())
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}", "check the path") from None
    except ValueError as error:
        raise UserError(f"{path} is not JSON: {error}", "mend the file") from None
    common = {"schema": REQUIRED, "task": REQUIRED, "out": REQUIRED, "events": REQUIRED}
    settings = check_keys(given, {**common, **keys}, str(path))
    if settings["schema"] != SCHEMA or settings["task"] != task:
        raise UserError(
            f"{path} is for {settings['schema']}/{settings['task']}, not {SCHEMA}/{task}",
            "use the program that the settings were written for, of the same version",
        )
    return settings, path.parent


def end(events, code, what, kept, hint):
    """Says on stderr and in the events why the program ends."""
    print(f"error: {what}\nhint: {hint}", file=sys.stderr)
    if events is not None:
        try:
            events.write("failed", what=what, kept=kept, hint=hint)
        except OSError as error:
            print(f"warning: {events.path} cannot be written: {error}", file=sys.stderr)
    return code
