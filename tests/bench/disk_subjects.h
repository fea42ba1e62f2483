// Ceilings: what the disk, and RocksDB on it, do without a server.

#ifndef OMZIEN_TESTS_BENCH_DISK_SUBJECTS_H_
#define OMZIEN_TESTS_BENCH_DISK_SUBJECTS_H_

#include <memory>
#include <string>
#include <vector>

#include "storage/engine.h"
#include "tests/bench/sample.h"

namespace omzien::bench {

// What one submitted signal leaves in the store: the writes and the change of its commit.
struct SignalRows {
  std::vector<storage::Write> writes;
  std::string change;
};

// Of the last signal in a store that a server has closed. Throws when there is none.
SignalRows RowsOfLastSignal(const std::string& data_dir);

// 4 KiB appended and synced with fdatasync, one after the other. `directory` exists.
Subject Fdatasync(const std::string& directory);

// RocksDB, opened as our engine opens it, in a directory of its own: so many threads that each
// write a batch and wait for its sync, which RocksDB groups. A batch is a signal's very rows, under
// keys of their own, or so many plain ones (16 bytes -> 100 bytes).
Subject GroupCommitOfSignals(const std::string& directory, int threads, SignalRows rows);
Subject GroupCommitOfPlainRows(const std::string& directory, int threads, int rows);

// The same plain rows by one thread, `signals` times as many in a batch: the least that RocksDB
// itself costs. Operations are signals.
Subject LargeCommitOfPlainRows(const std::string& directory, int signals, int rows);

}  // namespace omzien::bench

#endif  // OMZIEN_TESTS_BENCH_DISK_SUBJECTS_H_
