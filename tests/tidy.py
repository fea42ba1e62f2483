"""clang-tidy over every source of storage, server and client, with what .clang-tidy says.

A file that was clean is not read again until it, a header of ours that it includes, how it is
compiled or .clang-tidy changes: build/tidy remembers. Prints "tidy: ok FILE" or "tidy: FAILED FILE"
for each.
"""

import argparse
import concurrent.futures
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
FOLDERS = ("storage/", "server/", "client/")
INCLUDE = re.compile(rb'^\s*#\s*include\s*[<"]([^">]+)[">]', re.MULTILINE)


def read_with_includes(path, roots, seen):
    """All text of ours that `path` is made of; what can't be found under `roots` is a library's."""
    if path in seen:
        return
    seen.add(path)
    text = path.read_bytes()
    yield text
    for name in INCLUDE.findall(text):
        for root in roots:
            included = root / name.decode()
            if included.is_file():
                yield from read_with_includes(included, roots, seen)
                break


def key_of(path, command, build):
    digest = hashlib.sha256()
    for text in ((REPOSITORY / ".clang-tidy").read_bytes(), command.encode(),
                 *read_with_includes(path, (REPOSITORY, build / "proto/gen"), set())):
        digest.update(hashlib.sha256(text).digest())
    return digest.hexdigest()


def tidy(path, command, build):
    """(file, whether it is clean, what was said)."""
    name = str(path.relative_to(REPOSITORY))
    clean = build / "tidy" / key_of(path, command, build)
    if clean.exists():
        return name, True, ""
    run = subprocess.run(["clang-tidy-19", "--quiet", "-p", str(build), str(path)],
                         capture_output=True, text=True, check=False)
    if run.returncode == 0:
        clean.touch()
        return name, True, ""
    return name, False, run.stdout + run.stderr


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, type=Path)
    parser.add_argument("--jobs", default=2, type=int)
    options = parser.parse_args()
    build = options.build.resolve()
    (build / "tidy").mkdir(exist_ok=True)
    commands = {Path(entry["file"]): entry["command"]
                for entry in json.loads((build / "compile_commands.json").read_text())
                if entry["file"].startswith(tuple(f"{REPOSITORY}/{top}" for top in FOLDERS))}
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        runs = [pool.submit(tidy, path, command, build)
                for path, command in sorted(commands.items())]
        for run in concurrent.futures.as_completed(runs):
            name, is_clean, said = run.result()
            if not is_clean:
                failed += 1
                print(said)
            print(f"tidy: {'ok' if is_clean else 'FAILED'} {name}", flush=True)
    print(f"{len(commands) - failed} of {len(commands)} files are clean")
    return 0 if failed == 0 and commands else 1


if __name__ == "__main__":
    sys.exit(main())
