// Stored answers are forgotten after 90 days, and not before.

#include "server/jobs/answer_expiry.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "omzien/storage/v1/records.pb.h"
#include "server/commit/case_keys.h"
#include "server/commit/catalogues.h"
#include "server/crypto/master_key.h"
#include "server/domain/times.h"
#include "storage/blocking.h"
#include "storage/keys.h"
#include "storage/store.h"

namespace omzien::jobs {
namespace {

const absl::Time kNow = absl::FromCivil(absl::CivilDay(2026, 11, 22), absl::UTCTimeZone());

class AnswerExpiryTest : public testing::Test {
 protected:
  void SetUp() override {
    auto keys =
        commit::CaseKeys::Open(store_.keys.get(), crypto::MasterKey::Random(), /*used_through=*/0);
    ASSERT_TRUE(keys.ok());
    case_keys_ = *std::move(keys);
    auto queue = commit::CommitQueue::Start(store_.cases.get(), case_keys_.get(), &catalogues_,
                                            [] { return kNow; }, {});
    ASSERT_TRUE(queue.ok());
    queue_ = *std::move(queue);
  }

  void Store(const std::string& hash, absl::Duration age) {
    storage::v1::StoredAnswer answer;
    *answer.mutable_answer_time() = domain::TimestampOf(kNow - age);
    storage::CommitRequest request;
    request.writes.push_back({storage::keys::StoredAnswer(hash), answer.SerializeAsString()});
    ASSERT_TRUE(storage::CommitNow(*store_.cases, std::move(request)).ok());
  }

  bool IsStored(const std::string& hash) {
    auto row =
        storage::MultiGetNow(*store_.cases->GetSnapshot(), {storage::keys::StoredAnswer(hash)});
    return row.ok() && row->front().has_value();
  }

  storage::Store store_ = storage::NewMemoryStore();
  commit::Catalogues catalogues_;
  std::unique_ptr<commit::CaseKeys> case_keys_;
  std::unique_ptr<commit::CommitQueue> queue_;
};

TEST_F(AnswerExpiryTest, ForgetsAfterNinetyDaysAndNotBefore) {
  const struct {
    const char* hash;
    absl::Duration age;
    bool kept;
  } rows[] = {
      {"just now", absl::ZeroDuration(), true},
      {"a month", absl::Hours(24 * 30), true},
      {"ninety days to the second", kAnswersKept, true},
      {"a second longer", kAnswersKept + absl::Seconds(1), false},
      {"a year", absl::Hours(24 * 365), false},
  };
  for (const auto& row : rows) Store(row.hash, row.age);
  AnswerExpiry expiry(store_.cases.get(), queue_.get(), [] { return kNow; });
  auto forgotten = expiry.Sweep();
  ASSERT_TRUE(forgotten.ok());
  EXPECT_EQ(*forgotten, 2u);
  for (const auto& row : rows) EXPECT_EQ(IsStored(row.hash), row.kept) << row.hash;
}

TEST_F(AnswerExpiryTest, WalksOverMoreThanOneStep) {
  for (int i = 0; i < 1200; ++i) {
    Store("answer " + std::to_string(i), i % 2 == 0 ? absl::Hours(24 * 91) : absl::Hours(1));
  }
  AnswerExpiry expiry(store_.cases.get(), queue_.get(), [] { return kNow; });
  EXPECT_EQ(expiry.Sweep().value_or(0), 600u);
  EXPECT_EQ(expiry.Sweep().value_or(1), 0u) << "nothing is left to forget";
}

}  // namespace
}  // namespace omzien::jobs
