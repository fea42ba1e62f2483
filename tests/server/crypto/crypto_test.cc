// Sealing: what goes in comes out, and only there.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "server/crypto/envelope.h"
#include "server/crypto/keyed_hash.h"
#include "server/crypto/master_key.h"
#include "server/crypto/secret.h"
#include "server/crypto/signal_code.h"

namespace omzien::crypto {
namespace {

TEST(SignalCode, IsOfOneIdInOneMunicipalityUnderOneKey) {
  const KeyedHash hash(Secret::Random());
  const KeyedHash other_key(Secret::Random());
  std::set<std::string> codes;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = hash.CaseId("jumbo", std::to_string(i));
    const std::string code = SignalCode(hash, "GM0150", id);
    EXPECT_TRUE(codes.insert(code).second);
    EXPECT_EQ(code.size(), 19u);
    EXPECT_EQ(CaseIdOfCode(hash, "GM0150", code), id);
    EXPECT_NE(CaseIdOfCode(hash, "GM9001", code), id);
    EXPECT_NE(CaseIdOfCode(other_key, "GM0150", code), id);
  }
}

TEST(SignalCode, IsReadAsPeopleWriteIt) {
  const KeyedHash hash(Secret::Random());
  const auto id = CaseIdOfCode(hash, "GM0150", "K7Q1-M4XP-0T3V-9HZB");
  ASSERT_TRUE(id.has_value());
  EXPECT_EQ(SignalCode(hash, "GM0150", *id), "K7Q1-M4XP-0T3V-9HZB");
  for (const char* written : {"k7q1m4xp0t3v9hzb", " K7QI M4XP OT3V 9HZB ", "k7ql-m4xp-ot3v-9hzb"}) {
    EXPECT_EQ(CaseIdOfCode(hash, "GM0150", written), id) << written;
  }
  for (const char* none : {"", "K7Q1-M4XP-0T3V-9HZ", "K7Q1-M4XP-0T3V-9HZB0", "K7Q1-M4XP-0T3V-9HZU",
                           "K7Q1_M4XP_0T3V_9HZB"}) {
    EXPECT_EQ(CaseIdOfCode(hash, "GM0150", none), std::nullopt) << none;
  }
  EXPECT_EQ(SignalCode(hash, "GM0150", "short"), "");
}

TEST(SignalCode, ChangesAsAWholeWithOneDigit) {
  const KeyedHash hash(Secret::Random());
  const std::string code = SignalCode(hash, "GM0150", "0000000000000000");
  const std::string next = SignalCode(hash, "GM0150", "0000000000000001");
  int same = 0;
  for (size_t i = 0; i < code.size(); ++i) same += code[i] == next[i] && code[i] != '-' ? 1 : 0;
  EXPECT_LT(same, 8);
}

TEST(Envelope, OpensWithItsKeyInItsContext) {
  const Secret key = Secret::Random();
  for (const std::string& text :
       {std::string(), std::string("Mevrouw Verzonnen"), std::string(10000, '\0')}) {
    const auto envelope = Seal(key, 7, 1, "a case", text);
    const auto opened = Open(key, "a case", envelope);
    ASSERT_TRUE(opened.ok());
    EXPECT_EQ(*opened, text);
  }
}

TEST(Envelope, HidesTheText) {
  const auto envelope = Seal(Secret::Random(), 7, 1, "a case", "a canary in the coal mine");
  EXPECT_EQ(envelope.SerializeAsString().find("canary"), std::string::npos);
}

TEST(Envelope, OpensNowhereElse) {
  const Secret key = Secret::Random();
  const auto sealed = Seal(key, 7, 1, "case 1, entry 0", "text");

  struct Row {
    const char* what;
    std::function<void(storage::v1::Envelope*)> damage;
  };
  const Row rows[] = {
      {"another key id", [](auto* e) { e->set_key_id(8); }},
      {"another epoch", [](auto* e) { e->set_epoch(2); }},
      {"a flipped bit", [](auto* e) { (*e->mutable_ciphertext())[0] ^= 1; }},
      {"a flipped bit in the nonce", [](auto* e) { (*e->mutable_nonce())[0] ^= 1; }},
      {"cut short", [](auto* e) { e->mutable_ciphertext()->resize(3); }},
      {"no nonce", [](auto* e) { e->clear_nonce(); }},
  };
  for (const Row& row : rows) {
    auto damaged = sealed;
    row.damage(&damaged);
    EXPECT_EQ(Open(key, "case 1, entry 0", damaged).status().code(), absl::StatusCode::kDataLoss)
        << row.what;
  }
  EXPECT_FALSE(Open(key, "case 1, entry 1", sealed).ok()) << "moved to another place";
  EXPECT_FALSE(Open(Secret::Random(), "case 1, entry 0", sealed).ok()) << "another key";
}

TEST(Context, PartsDontRunIntoEachOther) {
  EXPECT_NE(Context({"ab", "c"}), Context({"a", "bc"}));
  EXPECT_NE(Context({"a", ""}), Context({"a"}));
}

TEST(KeyedHash, TellsCallersPurposesAndKeysApart) {
  const KeyedHash hash(Secret::Random());
  const KeyedHash other(Secret::Random());
  EXPECT_EQ(hash.CaseId("till", "id-1"), hash.CaseId("till", "id-1"));
  const std::set<std::string> ids = {hash.CaseId("till", "id-1"), hash.CaseId("till", "id-2"),
                                     hash.CaseId("gp", "id-1"), other.CaseId("till", "id-1")};
  EXPECT_EQ(ids.size(), 4u);
  for (const std::string& id : ids) {
    EXPECT_EQ(id.size(), 16u);
    EXPECT_EQ(id.find_first_not_of("0123456789abcdefghjkmnpqrstvwxyz"), std::string::npos);
  }
  EXPECT_NE(hash.Of("one purpose", {"x"}), hash.Of("another", {"x"}));
}

class MasterKeyFile : public testing::Test {
 protected:
  std::string Write(const std::string& text, mode_t mode) {
    const std::string path = testing::TempDir() + "/master.key";
    std::filesystem::remove(path);
    std::ofstream(path) << text;
    chmod(path.c_str(), mode);
    return path;
  }
};

TEST_F(MasterKeyFile, TakesOnlyAnOwnersFileOf64HexDigits) {
  const std::string hex(64, 'a');
  struct Row {
    const char* what;
    std::string text;
    mode_t mode;
    const char* says;  // nullptr: taken
  };
  const Row rows[] = {
      {"good", hex + "\n", 0600, nullptr},
      {"read-only", hex, 0400, nullptr},
      {"group may read", hex, 0640, "chmod 600"},
      {"others may read", hex, 0604, "chmod 600"},
      {"too short", hex.substr(1), 0600, "64 hexadecimal"},
      {"too long", hex + "a", 0600, "64 hexadecimal"},
      {"not hexadecimal", std::string(64, 'z'), 0600, "64 hexadecimal"},
      {"empty", "", 0600, "64 hexadecimal"},
  };
  for (const Row& row : rows) {
    const auto key = MasterKey::FromFile(Write(row.text, row.mode));
    EXPECT_EQ(key.ok(), row.says == nullptr) << row.what;
    if (row.says != nullptr) {
      EXPECT_NE(std::string(key.status().message()).find(row.says), std::string::npos) << row.what;
    }
  }
  EXPECT_FALSE(MasterKey::FromFile(testing::TempDir() + "/no-such-file").ok());
  EXPECT_FALSE(MasterKey::FromFile(testing::TempDir()).ok());
}

TEST(MasterKey, UnwrapsOnlyItsOwn) {
  const MasterKey master = MasterKey::Random();
  const auto wrapped = master.Wrap("case", 3, Secret::Random());
  EXPECT_TRUE(master.Unwrap("case", 3, wrapped).ok());
  EXPECT_FALSE(master.Unwrap("case", 4, wrapped).ok());
  EXPECT_FALSE(master.Unwrap("hash", 3, wrapped).ok());
  EXPECT_FALSE(MasterKey::Random().Unwrap("case", 3, wrapped).ok());
}

}  // namespace
}  // namespace omzien::crypto
