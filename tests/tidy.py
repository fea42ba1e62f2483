"""clang-tidy over every source of storage, server and client, with what .clang-tidy says.

What costs time is the libraries' headers, so a folder's sources are read together, as one file that
includes them all. Where two of them give different things one name, the later one is read apart.

A folder that was clean is not read again until something of ours in it, how it is compiled or
.clang-tidy changes: build/tidy remembers. The last line counts the files.
"""

import argparse
import concurrent.futures
import hashlib
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
FOLDERS = ("storage/", "server/", "client/")
INCLUDE = re.compile(rb'^\s*#\s*include\s*[<"]([^">]+)[">]', re.MULTILINE)
FINDING = re.compile(rf"^(?:In file included from )?{re.escape(str(REPOSITORY))}/([^:]+):\d+:\d+: "
                     r"(?:fatal )?(?:error|warning):", re.MULTILINE)


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


def key_of(files, flags, build):
    digest = hashlib.sha256()
    seen = set()
    texts = [text for name in files
             for text in read_with_includes(REPOSITORY / name, (REPOSITORY, build / "proto/gen"),
                                            seen)]
    for text in ((REPOSITORY / ".clang-tidy").read_bytes(), Path(__file__).read_bytes(),
                 repr(flags).encode(), *texts):
        digest.update(hashlib.sha256(text).digest())
    return digest.hexdigest()


def flags_of(command):
    """How a file is compiled, without what and where to."""
    words = shlex.split(command)
    keep = []
    skip = False
    for word in words[1:]:
        if skip or word in ("-c", "-o"):
            skip = word == "-o"
        elif not word.endswith((".cc", ".gch")) and "ccache" not in word and "/c++" not in word:
            keep.append(word)
    return keep


def run(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def together(files, flags, unit):
    """Writes `unit`, which includes as many of `files` as go together; returns those."""
    while True:
        unit.write_text("".join(f'#include "{name}"\n' for name in files), encoding="utf-8")
        if len(files) == 1:
            return files
        status, said = run(["clang++-19", "-fsyntax-only", "-w", "-ferror-limit=0", *flags,
                            str(unit)])
        if status == 0:
            return files
        clashing = set(FINDING.findall(said))
        kept = [name for name in files if name not in clashing]
        # Errors in no file of ours, or in all: each alone says it best.
        files = kept if kept and len(kept) < len(files) else files[:1]


def tidy(folder, files, flags, build):
    """(the folder's files, those with findings, what was said)."""
    clean = build / "tidy" / key_of(files, flags, build)
    if clean.exists():
        return files, set(), ""
    left, number, bad, said = list(files), 0, set(), ""
    while left:
        unit = build / "tidy" / f"{folder.replace('/', '_')}_{number}.cc"
        group = together(left, flags, unit)
        left = [name for name in left if name not in group]
        number += 1
        status, output = run(["clang-tidy-19", "--quiet", f"--config-file={REPOSITORY}/.clang-tidy",
                              str(unit), "--", *flags])
        if status != 0:
            said += output
            # A finding in a header counts for the folder's first file.
            bad |= {name if name in files else files[0] for name in FINDING.findall(output)} or {
                files[0]}
    if not bad:
        clean.touch()
    return files, bad, said


def folders(build):
    """{folder: (its sources, how they are compiled)}."""
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = Path(entry["file"])
        if REPOSITORY in path.parents:
            name = str(path.relative_to(REPOSITORY))
            if name.startswith(FOLDERS):
                files, _ = found.setdefault(str(Path(name).parent), ([], flags_of(entry["command"])))
                if name not in files:
                    files.append(name)
    return {folder: (sorted(files), flags) for folder, (files, flags) in found.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, type=Path)
    parser.add_argument("--jobs", default=2, type=int)
    options = parser.parse_args()
    build = options.build.resolve()
    (build / "tidy").mkdir(exist_ok=True)
    clean = failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        runs = {pool.submit(tidy, folder, files, flags, build): folder
                # The largest first, so that none is left to one thread at the end.
                for folder, (files, flags) in sorted(folders(build).items(),
                                                     key=lambda item: -len(item[1][0]))}
        for finished in concurrent.futures.as_completed(runs):
            files, bad, said = finished.result()
            if bad:
                print(said)
            clean += len(files) - len(bad)
            failed += len(bad)
            print(f"tidy: {runs[finished]}: {len(files) - len(bad)} of {len(files)} files clean",
                  flush=True)
    print(f"tidy: {clean} clean, {failed} with findings")
    return 0 if failed == 0 and clean > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
