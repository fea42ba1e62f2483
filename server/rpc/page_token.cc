#include "server/rpc/page_token.h"

#include <memory>

#include "absl/strings/escaping.h"
#include "google/protobuf/descriptor.h"
#include "omzien/v1/error_reason.pb.h"
#include "server/domain/errors.h"

namespace omzien::rpc {
namespace {

constexpr size_t kMacBytes = 16;

std::string Mac(const crypto::KeyedHash& hash, std::string_view query, std::string_view position) {
  return hash.Of("page token", {query, position}).substr(0, kMacBytes);
}

}  // namespace

std::string QueryOf(std::string_view method, const google::protobuf::Message& request) {
  std::unique_ptr<google::protobuf::Message> query(request.New());
  query->CopyFrom(request);
  for (const char* paging : {"page_size", "page_token"}) {
    const auto* field = query->GetDescriptor()->FindFieldByName(paging);
    if (field != nullptr) query->GetReflection()->ClearField(query.get(), field);
  }
  return std::string(method) + "?" + query->SerializeAsString();
}

std::string MakePageToken(const crypto::KeyedHash& hash, std::string_view query,
                          std::string_view position) {
  return absl::WebSafeBase64Escape(Mac(hash, query, position) + std::string(position));
}

absl::StatusOr<std::string> ReadPageToken(const crypto::KeyedHash& hash, std::string_view query,
                                          std::string_view token) {
  if (token.empty()) return std::string();
  std::string bytes;
  if (absl::WebSafeBase64Unescape(std::string(token), &bytes) && bytes.size() > kMacBytes) {
    std::string position = bytes.substr(kMacBytes);
    if (crypto::SameBytes(bytes.substr(0, kMacBytes), Mac(hash, query, position))) return position;
  }
  return domain::InvalidFields(
      {{"page_token", "isn't a token that this list gave for the same query"}},
      v1::ERROR_REASON_INVALID_PAGE_TOKEN);
}

}  // namespace omzien::rpc
