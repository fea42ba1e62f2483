// Request ids: the UUID that every mutation carries, and that makes sending it again safe.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace omzien::client {

// A random UUID (RFC 9562 version 4), 36 characters in lower case. From any thread.
std::string NewRequestId();

// The UUID that belongs to this text (RFC 9562 version 8, from the SHA-256 of it): the same text
// always gives the same id. From any thread.
std::string RequestIdFor(absl::string_view text);

}  // namespace omzien::client
