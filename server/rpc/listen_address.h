// Where the server may listen.

#ifndef OMZIEN_SERVER_RPC_LISTEN_ADDRESS_H_
#define OMZIEN_SERVER_RPC_LISTEN_ADDRESS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace omzien::rpc {

struct ListenAddress {
  std::string host;  // "127.0.0.1", "[::1]"
  uint16_t port = 0;

  std::string ToString() const;
};

// "127.0.0.1:7070", "[::1]:7070", "localhost:7070" (which is 127.0.0.1); port 0: any free one.
// INVALID_ARGUMENT with a sentence for the operator for anything else, and for every address that
// another machine could reach: without TLS tokens and personal data would cross the network in the
// clear.
absl::StatusOr<ListenAddress> ParseListenAddress(std::string_view text);

// Why listening there failed, in a sentence for the operator that names the address and the remedy:
// the port is taken (ALREADY_EXISTS), was taken a moment ago (UNAVAILABLE), or the system's reason.
absl::Status WhyNotListening(const ListenAddress& address);

}  // namespace omzien::rpc

#endif  // OMZIEN_SERVER_RPC_LISTEN_ADDRESS_H_
