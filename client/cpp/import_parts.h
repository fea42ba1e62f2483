// Importing a catalogue whose offers don't fit into a message: they go in parts over one stream.
#pragma once

#include <functional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/cpp/client.h"
#include "omzien/v1/catalog_service.pb.h"

namespace omzien::client {

// Fills the next part, with at most 1,000 offers; without any, there are no more. An error ends the
// import, and nothing is changed.
using NextPart = std::function<absl::Status(v1::OfferPart* part)>;
// What the server says meanwhile; on a thread of its own, in order.
using OnProgress = std::function<void(const v1::ImportCatalogPartsResponse& progress)>;

// Sends `begin` (a random request_id where it has none), the parts and the end, and waits for the
// answer, `timeout` at most. Blocks. It isn't tried again by itself: with the same request_id that
// is safe, whatever became of it. Errors: the service's own.
absl::StatusOr<v1::ImportCatalogResponse> ImportCatalogParts(const Client& client,
                                                             v1::ImportCatalogRequest begin,
                                                             const NextPart& next,
                                                             const OnProgress& on_progress,
                                                             absl::Duration timeout);

}  // namespace omzien::client
