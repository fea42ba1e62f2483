#include "server/rpc/listen_address.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

namespace omzien::rpc {
namespace {

struct Listen {
  const char* text;
  const char* parsed;  // nullptr: refused
  const char* why;
};

TEST(ListenAddress, LoopbackOnly) {
  const Listen cases[] = {
      {"127.0.0.1:7070", "127.0.0.1:7070", ""},
      {"127.1.2.3:0", "127.1.2.3:0", ""},
      {"localhost:7070", "127.0.0.1:7070", ""},
      {"[::1]:65535", "[::1]:65535", ""},
      {"0.0.0.0:7070", nullptr, "without TLS"},
      {"[::]:7070", nullptr, "without TLS"},
      {"192.168.1.10:7070", nullptr, "without TLS"},
      {"[fe80::1]:7070", nullptr, "without TLS"},
      {"[::ffff:10.0.0.1]:7070", nullptr, "without TLS"},
      {"example.org:7070", nullptr, "is written"},
      {"::1:7070", nullptr, "is written"},
      {"127.0.0.1", nullptr, "is written"},
      {":7070", nullptr, "is written"},
      {"127.0.0.1:", nullptr, "is written"},
      {"127.0.0.1:65536", nullptr, "is written"},
      {"127.0.0.1:-1", nullptr, "is written"},
      {"127.0.0.1:70 70", nullptr, "is written"},
      {"[]:7070", nullptr, "is written"},
      {"", nullptr, "is written"},
  };
  for (const Listen& c : cases) {
    SCOPED_TRACE(c.text);
    auto address = ParseListenAddress(c.text);
    ASSERT_EQ(address.ok(), c.parsed != nullptr) << address.status();
    if (address.ok()) {
      EXPECT_EQ(address->ToString(), c.parsed);
    } else {
      EXPECT_EQ(address.status().code(), absl::StatusCode::kInvalidArgument);
      EXPECT_THAT(std::string(address.status().message()), ::testing::HasSubstr(c.why));
    }
  }
}

TEST(ListenAddress, WhyTellsATakenPortFromAFreeOne) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in any_port = {};
  any_port.sin_family = AF_INET;
  any_port.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof any_port;
  ASSERT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&any_port), size), 0);
  ASSERT_EQ(listen(fd, 1), 0);
  ASSERT_EQ(getsockname(fd, reinterpret_cast<sockaddr*>(&any_port), &size), 0);
  const ListenAddress address = {"127.0.0.1", ntohs(any_port.sin_port)};

  const absl::Status taken = WhyNotListening(address);
  EXPECT_EQ(taken.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(std::string(taken.message()),
              ::testing::HasSubstr("cannot listen on " + address.ToString()));
  close(fd);
  EXPECT_EQ(WhyNotListening(address).code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace omzien::rpc
