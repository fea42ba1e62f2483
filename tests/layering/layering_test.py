"""The tree keeps to the table, and each kind of breach is found when one is planted."""

import tempfile
import unittest
from pathlib import Path

import layering

REPOSITORY = Path(__file__).resolve().parents[2]

# A planted file, its text, and what the finding must say; None: it is allowed.
PLANTS = [
    ("server/domain/x.h", "#include <string>\n", None),
    ("server/domain/x.h", '#include "absl/time/time.h"\n#include "omzien/v1/common.pb.h"\n', None),
    ("server/domain/x.h", "#include <grpcpp/grpcpp.h>\n", "may not include grpcpp/grpcpp.h"),
    ("server/domain/x.h", '#include "storage/engine.h"\n', "may not include storage/engine.h"),
    ("server/domain/x.h", "#include <chrono>\n", "may not include chrono"),
    ("server/domain/x.h", "#include <unistd.h>\n", "may not include unistd.h"),
    ("server/domain/x.h", "#  include <boost/any.hpp>\n", "may not include boost/any.hpp"),
    ("server/domain/x.h", '#include "server/commit/y.h"\n', "may not include server/commit/y.h"),
    ("server/commit/x.h", '#include "storage/engine.h"\n', None),
    ("server/commit/x.h", '#include "storage/store.h"\n', "may not include storage/store.h"),
    ("server/commit/x.h", '#include "storage/memory/memory_engine.h"\n', "may not include"),
    ("server/commit/x.h", "#include <grpcpp/grpcpp.h>\n", "may not include grpcpp/grpcpp.h"),
    ("server/commit/x.h", '#include "omzien/v1/a.grpc.pb.h"\n', "may not include omzien/v1/a"),
    ("server/figures/x.h", '#include "server/rpc/server.h"\n', "may not include server/rpc"),
    ("server/rpc/x.h", "#include <grpcpp/grpcpp.h>\n", None),
    ("server/rpc/x.h", '#include "server/config/yaml_proto.h"\n', None),
    ("server/rpc/x.h", '#include "server/config/config.h"\n', "may not include server/config"),
    ("server/observe/x.h", '#include "server/domain/names.h"\n', "may not include server/domain"),
    ("storage/rocksdb/x.h", "#include <rocksdb/db.h>\n", None),
    ("storage/x.h", "#include <rocksdb/db.h>\n", "may not include rocksdb/db.h"),
    ("storage/x.h", '#include "storage/memory/memory_engine.h"\n', "may not include"),
    ("storage/memory/x.h", '#include "storage/rocksdb/database.h"\n', "may not include"),
    ("storage/x.h", '#include "server/domain/names.h"\n', "may not include server/domain"),
    ("client/cpp/x.h", '#include "server/domain/names.h"\n', "may not include server/domain"),
    ("client/cpp/x.h", '#include "client/cli/cli.h"\n', "may not include client/cli/cli.h"),
    ("client/cli/x.h", '#include "storage/keys.h"\n', "may not include storage/keys.h"),
    ("client/cli/x.h", '#include "omzien/storage/v1/records.pb.h"\n', "may not include omzien/"),
    ("server/domain/x.h", '#include "tests/storage/generators.h"\n', "may not include tests/"),
    ("tests/storage/rocksdb/x.h", "#include <rocksdb/db.h>\n", None),
    ("tests/storage/x.h", "#include <rocksdb/db.h>\n", "only under storage/rocksdb"),
    ("server/novel/x.h", "#include <string>\n", "the folder server/novel is not in the table"),
    ("server/main.cc", '#include "storage/store.h"\n' * 149, None),
    ("server/main.cc", "\n" * 150, "stays under 150"),
    ("proto/omzien/v1/x.proto", 'import "google/type/date.proto";\n', None),
    ("proto/omzien/v1/x.proto", 'import "omzien/storage/v1/records.proto";\n', "may not import"),
    ("proto/omzien/v1/x.proto", 'import "third/party.proto";\n', "may not import third/party"),
    ("docs/page.md", "text\n", "docs: no entry of the top level"),
    ("server/domain/unlisted.cc", "", "not listed in server/domain/CMakeLists.txt"),
    ("server/domain/CMakeLists.txt", "file(GLOB sources *.cc)\n", "not globbed"),
]


def plant(root, files):
    for name, text in files:
        path = Path(root) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (Path(root) / "server").mkdir(exist_ok=True)
    if not (Path(root) / "server/CMakeLists.txt").exists():
        (Path(root) / "server/CMakeLists.txt").write_text("main.cc\n", encoding="utf-8")


def findings_with(*files):
    with tempfile.TemporaryDirectory() as root:
        plant(root, files)
        return layering.check(root)


class Layering(unittest.TestCase):

    def test_the_repository_keeps_to_the_table(self):
        findings = layering.check(REPOSITORY)
        self.assertEqual([], findings, "\n".join(["", *findings]))

    def test_every_folder_of_the_table_is_there(self):
        for folder in layering.TABLE:
            self.assertTrue(any((REPOSITORY / folder).glob("*.h")), folder)

    def test_planted_files(self):
        for name, text, expected in PLANTS:
            with self.subTest(name=name, text=text[:60]):
                findings = findings_with((name, text))
                if expected is None:
                    self.assertEqual([], findings)
                else:
                    self.assertEqual(1, len(findings), findings)
                    self.assertIn(expected, findings[0])

    def test_headers_in_a_circle(self):
        findings = findings_with(("server/domain/a.h", '#include "server/domain/b.h"\n'),
                                 ("server/domain/b.h", '#include "server/domain/a.h"\n'))
        self.assertEqual(
            ["headers in a circle: server/domain/a.h -> server/domain/b.h -> server/domain/a.h"],
            findings)

    def test_folders_in_a_circle(self):
        # No such pair stands in the table; two breaches at once must not hide it.
        findings = findings_with(("server/commit/a.h", '#include "server/figures/b.h"\n'),
                                 ("server/figures/c.h", '#include "server/commit/d.h"\n'))
        self.assertIn("folders in a circle: server/commit -> server/figures -> server/commit",
                      findings)

    def test_the_table_has_no_circle(self):
        graph = {folder: {layering._folder(entry) if entry.endswith(".h") else entry
                          for entry in allowed if entry.startswith(layering.OURS)
                          or entry in layering.TABLE} - {folder}
                 for folder, allowed in layering.TABLE.items()}
        self.assertIsNone(layering._cycle(graph))


if __name__ == "__main__":
    unittest.main()
