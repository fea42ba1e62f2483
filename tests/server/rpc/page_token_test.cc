#include "server/rpc/page_token.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/escaping.h"
#include "omzien/v1/signal_service.pb.h"
#include "server/domain/errors.h"

namespace omzien::rpc {
namespace {

const crypto::KeyedHash& Hash() {
  static const auto& hash = *new crypto::KeyedHash(crypto::Secret::Random());
  return hash;
}

// A key as the store has them, with every kind of byte.
const std::string kPosition("GM9901\0\x01s\xff\x80\0\x01", 13);

std::string Refusal(const std::string& query, const std::string& token,
                    const crypto::KeyedHash& hash = Hash()) {
  return domain::ReasonOf(ReadPageToken(hash, query, token).status());
}

TEST(PageToken, GivesBackItsPosition) {
  const std::string token = MakePageToken(Hash(), "query", kPosition);
  EXPECT_EQ(ReadPageToken(Hash(), "query", token).value(), kPosition);
  // Of a URL, and of a shell, as it is.
  EXPECT_EQ(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                    "0123456789-_="),
            std::string::npos);
}

TEST(PageToken, IsTheBeginningWhenEmpty) {
  EXPECT_EQ(ReadPageToken(Hash(), "query", "").value(), "");
}

TEST(PageToken, IsRefusedByAnotherQueryAndAnotherStore) {
  const std::string token = MakePageToken(Hash(), "query", kPosition);
  EXPECT_EQ(Refusal("other", token), "INVALID_PAGE_TOKEN");
  EXPECT_EQ(Refusal("", token), "INVALID_PAGE_TOKEN");
  EXPECT_EQ(Refusal("query", token, crypto::KeyedHash(crypto::Secret::Random())),
            "INVALID_PAGE_TOKEN");
}

TEST(PageToken, IsRefusedWhenAnyBitOfItWasChanged) {
  const std::string token = MakePageToken(Hash(), "query", kPosition);
  std::string bytes;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(token, &bytes));
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string changed = bytes;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_EQ(Refusal("query", absl::WebSafeBase64Escape(changed)), "INVALID_PAGE_TOKEN") << bit;
  }
  for (size_t size = 1; size < bytes.size(); ++size) {
    EXPECT_EQ(Refusal("query", absl::WebSafeBase64Escape(bytes.substr(0, size))),
              "INVALID_PAGE_TOKEN")
        << size;
  }
}

TEST(PageToken, IsRefusedWhenItIsNoTokenAtAll) {
  for (const char* text : {"x", "====", "2", "<script>", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}) {
    EXPECT_EQ(Refusal("query", text), "INVALID_PAGE_TOKEN") << text;
  }
}

TEST(PageToken, IsBoundToAllOfTheRequestButItsPaging) {
  v1::ListSignalsRequest request;
  request.set_parent("municipalities/GM9901");
  const std::string query = QueryOf("ListSignals", request);
  v1::ListSignalsRequest next = request;
  next.set_page_size(7);
  next.set_page_token("token");
  EXPECT_EQ(QueryOf("ListSignals", next), query);
  EXPECT_NE(QueryOf("ListReferrals", request), query);
  v1::ListSignalsRequest filtered = request;
  filtered.add_states(v1::SIGNAL_STATE_CLOSED);
  EXPECT_NE(QueryOf("ListSignals", filtered), query);
  v1::ListSignalsRequest elsewhere = request;
  elsewhere.set_parent("municipalities/GM9902");
  EXPECT_NE(QueryOf("ListSignals", elsewhere), query);
}

}  // namespace
}  // namespace omzien::rpc
