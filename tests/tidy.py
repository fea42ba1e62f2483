"""clang-tidy over storage, server and client, with what .clang-tidy says.

What costs time is the libraries' headers, so it reads what the build compiles: a folder's sources
together. What was clean is not read again until something of ours in it, how it is compiled or
.clang-tidy changes: build/tidy remembers. The last line counts the sources.
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
# As CMakeLists.txt has them for clang: what stands on gRPC is compiled by no other clang.
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wnon-virtual-dtor", "-Woverloaded-virtual",
            "-Wthread-safety"]
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


def key_of(unit, flags, build):
    """Changes whenever clang-tidy could say something else of `unit`."""
    digest = hashlib.sha256()
    for text in ((REPOSITORY / ".clang-tidy").read_bytes(), Path(__file__).read_bytes(),
                 repr(flags).encode(),
                 *read_with_includes(unit, (REPOSITORY, build / "proto/gen"), set())):
        digest.update(hashlib.sha256(text).digest())
    return digest.hexdigest()


def flags_of(command):
    """How a source is compiled, without the compiler, what and where to."""
    words = shlex.split(command)
    return [word for word in words if word.startswith(("-I", "-D", "-std"))] + [
        word for at, name in enumerate(words) if name == "-isystem"
        for word in (name, words[at + 1])] + WARNINGS


def units(build):
    """(unit, its flags, the sources of ours it consists of), of all that the build compiles."""
    for entry in json.loads((build / "compile_commands.json").read_text()):
        unit = Path(entry["file"])
        if "Unity" in unit.parts:
            sources = [Path(name.decode()) for name in INCLUDE.findall(unit.read_bytes())]
            names = [str(source.relative_to(REPOSITORY)) for source in sources
                     if source.is_relative_to(REPOSITORY)]
            if names and names[0].startswith(FOLDERS):
                yield unit, flags_of(entry["command"]), names


def tidy(unit, flags, names, build):
    """(those of `names` with findings, what was said)."""
    clean = build / "tidy" / key_of(unit, flags, build)
    if clean.exists():
        return set(), ""
    done = subprocess.run(["clang-tidy-19", "--quiet", f"--config-file={REPOSITORY}/.clang-tidy",
                           str(unit), "--", *flags], capture_output=True, text=True, check=False)
    if done.returncode == 0:
        clean.touch()
        return set(), ""
    said = done.stdout + done.stderr
    # A finding in a header counts for the unit's first source.
    return {name if name in names else names[0] for name in FINDING.findall(said)} or {
        names[0]}, said


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, type=Path)
    parser.add_argument("--jobs", default=2, type=int)
    options = parser.parse_args()
    build = options.build.resolve()
    (build / "tidy").mkdir(exist_ok=True)
    total = failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        runs = {pool.submit(tidy, unit, flags, names, build): names
                # The largest first, so that none is left to one thread at the end.
                for unit, flags, names in sorted(units(build), key=lambda each: -len(each[2]))}
        for finished in concurrent.futures.as_completed(runs):
            names = runs[finished]
            bad, said = finished.result()
            if bad:
                print(said)
            total += len(names)
            failed += len(bad)
            folders = ", ".join(sorted({str(Path(name).parent) for name in names}))
            print(f"tidy: {folders}: {len(names) - len(bad)} of {len(names)} files clean", flush=True)
    print(f"tidy: {total - failed} clean, {failed} with findings")
    return 0 if failed == 0 and total > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
