#include "server/rpc/listen_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <limits>
#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace omzien::rpc {
namespace {

struct SocketAddress {
  sockaddr_storage storage = {};
  socklen_t size = 0;
  bool loopback = false;
};

std::optional<SocketAddress> ToSocketAddress(const ListenAddress& address) {
  SocketAddress result;
  sockaddr_in v4 = {};
  sockaddr_in6 v6 = {};
  const bool bracketed = address.host.size() > 2 && address.host.front() == '[';
  if (!bracketed && inet_pton(AF_INET, address.host.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(address.port);
    result.loopback = (ntohl(v4.sin_addr.s_addr) >> 24) == 127;
    result.size = sizeof v4;
    std::memcpy(&result.storage, &v4, sizeof v4);
    return result;
  }
  if (bracketed && inet_pton(AF_INET6, address.host.substr(1, address.host.size() - 2).c_str(),
                             &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(address.port);
    result.loopback = IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
    result.size = sizeof v6;
    std::memcpy(&result.storage, &v6, sizeof v6);
    return result;
  }
  return std::nullopt;
}

absl::Status NotAnAddress(std::string_view text) {
  return absl::InvalidArgumentError(
      absl::StrCat("cannot listen on \"", std::string(text),
                   "\": an address is written 127.0.0.1:7070, [::1]:7070 or localhost:7070"));
}

}  // namespace

std::string ListenAddress::ToString() const { return absl::StrCat(host, ":", port); }

absl::StatusOr<ListenAddress> ParseListenAddress(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return NotAnAddress(text);
  ListenAddress address;
  address.host = std::string(text.substr(0, colon));
  if (address.host == "localhost") address.host = "127.0.0.1";
  const std::string digits(text.substr(colon + 1));
  uint32_t port = 0;
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string::npos ||
      !absl::SimpleAtoi(digits, &port) || port > std::numeric_limits<uint16_t>::max()) {
    return NotAnAddress(text);
  }
  address.port = static_cast<uint16_t>(port);
  const std::optional<SocketAddress> socket_address = ToSocketAddress(address);
  if (!socket_address.has_value()) return NotAnAddress(text);
  if (!socket_address->loopback) {
    return absl::InvalidArgumentError(absl::StrCat(
        "will not listen on ", std::string(text),
        ": other machines could reach it, and without TLS, which this server does not have yet, "
        "tokens and personal data would cross the network readable. Listen on 127.0.0.1 or [::1], "
        "and let a proxy on this machine that speaks TLS pass calls on"));
  }
  return address;
}

absl::Status WhyNotListening(const ListenAddress& address) {
  const std::optional<SocketAddress> socket_address = ToSocketAddress(address);
  int error = 0;
  if (socket_address.has_value()) {
    // Tried once more by ourselves: gRPC doesn't say why it failed.
    const int fd = socket(socket_address->storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    // As gRPC does: connections that are only waiting to time out don't count.
    const int yes = 1;
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        bind(fd, reinterpret_cast<const sockaddr*>(&socket_address->storage),
             socket_address->size) != 0) {
      error = errno;
    }
    if (fd >= 0) close(fd);
  }
  const std::string where = absl::StrCat("cannot listen on ", address.ToString(), ": ");
  if (error == 0) {
    return absl::UnavailableError(
        absl::StrCat(where, "it was refused, but would be possible now. Start the server again"));
  }
  if (error == EADDRINUSE) {
    return absl::AlreadyExistsError(
        absl::StrCat(where,
                     "another process uses this port. Stop it (`ss -ltnp` shows which), or choose "
                     "another port with --listen; port 0 takes any free one"));
  }
  return absl::ErrnoToStatus(error, absl::StrCat(where, "the system refuses it"));
}

}  // namespace omzien::rpc
