// Page tokens: where a list goes on. A token holds the key it stopped at, not a snapshot; it
// survives restarts, carries no authority, and fits only the query that it came from.

#ifndef OMZIEN_SERVER_RPC_PAGE_TOKEN_H_
#define OMZIEN_SERVER_RPC_PAGE_TOKEN_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "server/crypto/keyed_hash.h"

namespace omzien::rpc {

// What a token is bound to: the method and the request, but for page_size and page_token.
std::string QueryOf(std::string_view method, const google::protobuf::Message& request);

std::string MakePageToken(const crypto::KeyedHash& hash, std::string_view query,
                          std::string_view position);

// The position. Empty for an empty token. INVALID_ARGUMENT, INVALID_PAGE_TOKEN for one that isn't
// ours or is another query's.
absl::StatusOr<std::string> ReadPageToken(const crypto::KeyedHash& hash, std::string_view query,
                                          std::string_view token);

}  // namespace omzien::rpc

#endif  // OMZIEN_SERVER_RPC_PAGE_TOKEN_H_
