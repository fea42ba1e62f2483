"""Checks who includes whom, against the table below (DESIGN, section 3).

`check(root)` returns findings, one a line; none means that the tree keeps to it. The table names
every folder: a new one is a finding until it stands here.
"""

import re
from pathlib import Path

# What an include of something that isn't ours is called in the table: first match counts.
EXTERNAL = [
    (r"rocksdb/", "rocksdb"),
    (r"(grpcpp|grpc\+\+)/", "grpc"),
    (r"grpc/health/", "grpc"),
    (r"grpc/support/log\.h$", "grpc-log"),
    (r"grpc/", "grpc"),
    (r".*\.grpc\.pb\.h$", "grpc"),
    (r"omzien/config/", "config-proto"),
    (r"omzien/storage/", "storage-proto"),
    (r"(omzien|google/(rpc|type|api))/", "proto"),
    (r"google/protobuf/", "protobuf"),
    (r"absl/", "absl"),
    (r"sodium\.h$", "sodium"),
    (r"libical/", "libical"),
    (r"unicode/", "icu"),
    (r"phonenumbers/", "libphonenumber"),
    (r"yaml-cpp/", "yaml-cpp"),
    (r"spdlog/", "spdlog"),
    (r"CLI/", "cli11"),
    (r"csv\.h$", "csv"),
    (r"(fstream|iostream|filesystem|cstdio|chrono|thread|random)$", "outside-world"),
    (r"[a-z_0-9]+$", "std"),
    (r"((sys|netinet|arpa|net)/)?[a-z_0-9]+\.h$", "posix"),
]

# The contract of storage/: what those above it may see.
CONTRACT = {f"storage/{name}.h" for name in ("engine", "keys", "key_encoding", "blocking")}

MESSAGES = {"std", "absl", "protobuf", "proto"}
PROCESS = {"outside-world", "posix"}

# Folder -> what it may include: folders (each with itself), headers, externals.
TABLE = {
    "storage": MESSAGES | PROCESS | {"storage-proto"},
    "storage/memory": MESSAGES | PROCESS | {"storage"},
    "storage/rocksdb": MESSAGES | PROCESS | {"storage", "rocksdb"},
    # No clock, no I/O, no gRPC, no storage: only what is stored, as messages.
    "server/domain": MESSAGES | {"storage-proto", "libical", "icu", "libphonenumber"},
    "server/crypto": MESSAGES | PROCESS | {"storage-proto", "sodium"},
    "server/commit": MESSAGES | PROCESS | CONTRACT
    | {"storage-proto", "server/domain", "server/crypto"},
    "server/figures": MESSAGES | PROCESS | CONTRACT
    | {"storage-proto", "server/domain", "server/crypto", "server/commit"},
    "server/jobs": MESSAGES | PROCESS | CONTRACT
    | {"storage-proto", "server/domain", "server/crypto", "server/commit"},
    "server/config": MESSAGES | PROCESS | {"config-proto", "yaml-cpp", "server/domain"},
    "server/auth": MESSAGES | {"sodium", "server/domain", "server/crypto"},
    "server/observe": MESSAGES | PROCESS | {"spdlog", "grpc-log"},
    "server/rpc": MESSAGES | PROCESS | CONTRACT
    | {"storage-proto", "grpc", "grpc-log", "server/domain", "server/crypto", "server/commit",
       "server/figures", "server/jobs", "server/auth", "server/observe", "server/config/yaml_proto.h"},
    "client/cpp": MESSAGES | PROCESS | {"grpc", "sodium"},
    "client/cli": MESSAGES | PROCESS | {"grpc", "sodium", "cli11", "csv", "yaml-cpp", "client/cpp"},
}

# storage/store.* makes a whole store of the engines, so it stands above them.
# Besides its tests: what gives RocksDB a disk that fails, and what measures it by itself.
ROCKSDB_TESTS = ("tests/storage/rocksdb/", "tests/simulation/", "tests/bench/disk_subjects.")
ASSEMBLY = {"storage/store.cc": {"storage/memory", "storage/rocksdb"}}

# main.cc alone sees all; so it stays short.
MAIN = "server/main.cc"
MAIN_LINES_MAX = 150

TOP_LEVEL = {"CMakeLists.txt", "README.md", "proto", "server", "client", "storage", "tests",
             "deploy"}
# What only a build or an editor leaves behind is no part of the tree.
IGNORED = re.compile(r"build.*|node_modules|\..*")

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^">]+)[">]', re.MULTILINE)
IMPORT = re.compile(r'^\s*import\s+(?:public\s+|weak\s+)?"([^"]+)"', re.MULTILINE)
OURS = ("storage/", "server/", "client/", "tests/")


def _external(include):
    for pattern, name in EXTERNAL:
        if re.match(pattern, include):
            return name
    return "unknown"


def _folder(path):
    return path.rpartition("/")[0]


def _sources(root, top):
    return sorted(p for p in (root / top).rglob("*") if p.suffix in (".h", ".cc"))


def _includes(root):
    """{path from the root: [what it includes]} of the program's sources and of the tests."""
    return {str(path.relative_to(root)): INCLUDE.findall(path.read_text(encoding="utf-8"))
            for top in ("storage", "server", "client", "tests") for path in _sources(root, top)}


def _may(path, include):
    folder = _folder(path)
    allowed = TABLE[folder] | ASSEMBLY.get(path, set())
    if include.startswith(OURS):
        return _folder(include) == folder or include in allowed or _folder(include) in allowed
    return _external(include) in allowed


def check_includes(includes):
    for path, included in includes.items():
        if path == MAIN:
            continue
        for include in included:
            if path.startswith("tests/"):
                if include.startswith("rocksdb/") and not path.startswith(ROCKSDB_TESTS):
                    yield f"{path}: <{include}> only under storage/rocksdb and its tests"
            elif _folder(path) not in TABLE:
                yield f"{path}: the folder {_folder(path)} is not in the table of tests/layering"
                break
            elif not _may(path, include):
                yield f"{path}: may not include {include}"


def check_cycles(includes):
    """A header that reaches itself, and folders that include each other."""
    graphs = {"header": {}, "folder": {}}
    for path, included in includes.items():
        for include in included:
            if not include.startswith(OURS):
                continue
            if path.endswith(".h"):
                graphs["header"].setdefault(path, set()).add(include)
            if path not in ASSEMBLY and _folder(path) != _folder(include):
                graphs["folder"].setdefault(_folder(path), set()).add(_folder(include))
    for what, graph in graphs.items():
        cycle = _cycle(graph)
        if cycle:
            yield f"{what}s in a circle: {' -> '.join(cycle)}"


def _cycle(graph):
    done, trail = set(), []

    def visit(node):
        if node in trail:
            return trail[trail.index(node):] + [node]
        if node in done:
            return None
        trail.append(node)
        for following in sorted(graph.get(node, ())):
            found = visit(following)
            if found:
                return found
        trail.pop()
        done.add(node)
        return None

    for node in sorted(graph):
        found = visit(node)
        if found:
            return found
    return None


def check_proto(root):
    """The contract rests on nothing of ours, and what is served never on what is stored."""
    for path in sorted((root / "proto").rglob("*.proto")):
        name = str(path.relative_to(root / "proto"))
        for imported in IMPORT.findall(path.read_text(encoding="utf-8")):
            if not imported.startswith(("omzien/", "google/")):
                yield f"proto/{name}: may not import {imported}"
            elif name.startswith("omzien/v1/") and imported.startswith(("omzien/storage/",
                                                                        "omzien/config/")):
                yield f"proto/{name}: the public API may not import {imported}"


def check_tree(root):
    for entry in sorted(p.name for p in root.iterdir()):
        if entry not in TOP_LEVEL and not IGNORED.fullmatch(entry):
            yield f"{entry}: no entry of the top level; those are {', '.join(sorted(TOP_LEVEL))}"
    main = root / MAIN
    if main.exists():
        lines = len(main.read_text(encoding="utf-8").splitlines())
        if lines >= MAIN_LINES_MAX:
            yield f"{MAIN}: {lines} lines; it stays under {MAIN_LINES_MAX}"


def _lists(text, name):
    if re.search(rf"(?<![\w/]){re.escape(name)}\b", text):
        return True
    # foreach(test client retry): ${test}_test.cc
    stem = name.removesuffix("_test.cc")
    return "}_test.cc" in text and re.search(rf"(?<![\w/]){re.escape(stem)}\b", text) is not None


def check_listed(root):
    """Every source stands in its folder's CMakeLists.txt: one that doesn't is never built."""
    for top in ("storage", "server", "client", "tests"):
        for path in _sources(root, top):
            name = str(path.relative_to(root))
            build = path.parent / "CMakeLists.txt"
            text = build.read_text(encoding="utf-8") if build.exists() else ""
            if path.suffix == ".cc" and not _lists(text, path.name):
                yield f"{name}: not listed in {_folder(name)}/CMakeLists.txt"
        for build in sorted((root / top).rglob("CMakeLists.txt")):
            if re.search(r"file\s*\(\s*GLOB", build.read_text(encoding="utf-8"), re.IGNORECASE):
                yield f"{build.relative_to(root)}: sources are listed, not globbed"


def check(root):
    root = Path(root)
    includes = _includes(root)
    return [*check_tree(root), *check_listed(root), *check_proto(root), *check_includes(includes),
            *check_cycles(includes)]
