"""Starting, measuring and ending the processes of the bench. Whatever happens, none outlives it."""

import atexit
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

_children = []
_folders = []


class Broken(Exception):
    """A program of the bench failed: its rows are reported as failed."""


def run(command, timeout=300, stdin=None, cwd=None):
    """Runs a program to its end and returns the JSON object that it prints last, or None where it prints nothing."""
    try:
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=timeout, cwd=cwd)
    except subprocess.TimeoutExpired as error:
        raise Broken(f"{name_of(command)} took longer than {timeout} s") from error
    except OSError as error:
        raise Broken(f"{name_of(command)}: {error}") from error
    lines = done.stdout.strip().splitlines()
    answer = None
    if lines and lines[-1].startswith("{"):
        answer = json.loads(lines[-1])
    if done.returncode != 0:
        said = (answer or {}).get("first_error") or done.stderr.strip()[-400:] or f"exit code {done.returncode}"
        raise Broken(f"{name_of(command)}: {said}")
    return answer


def name_of(command):
    words = [os.path.basename(str(command[0]))]
    return " ".join(words + [str(word) for word in command[1:3] if not str(word).startswith("-")])


def start(command, log, cwd=None):
    """Starts a server whose output goes to a file."""
    with open(log, "ab") as output:
        child = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd=cwd,
                                 start_new_session=True)
    _children.append(child)
    return child


def stop(child, how=signal.SIGTERM, timeout=60):
    """Ends a server gracefully, or by force where it does not listen."""
    if child.poll() is None:
        child.send_signal(how)
        try:
            child.wait(timeout)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    if child in _children:
        _children.remove(child)


def temporary_folder(prefix):
    folder = tempfile.mkdtemp(prefix=prefix)
    _folders.append(folder)
    return folder


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def anonymous_bytes(pid):
    """Memory of a process that is its own: heap and stacks, not files it has mapped."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) * 1024
    raise Broken(f"no RssAnon of process {pid}")


def monotonic():
    return time.clock_gettime(time.CLOCK_MONOTONIC)


def _clean_up():
    for child in list(_children):
        stop(child, timeout=10)
    for folder in _folders:
        shutil.rmtree(folder, ignore_errors=True)


def _on_signal(number, _frame):
    sys.exit(128 + number)


atexit.register(_clean_up)
signal.signal(signal.SIGTERM, _on_signal)
signal.signal(signal.SIGINT, _on_signal)
signal.signal(signal.SIGHUP, _on_signal)
