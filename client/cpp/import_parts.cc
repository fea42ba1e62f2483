#include "client/cpp/import_parts.h"

#include <thread>
#include <utility>

#include "client/cpp/channel.h"
#include "client/cpp/errors.h"
#include "client/cpp/request_id.h"

namespace omzien::client {
namespace {

using PartsStream =
    grpc::ClientReaderWriter<v1::ImportCatalogPartsRequest, v1::ImportCatalogPartsResponse>;

// OK also where the server has ended the stream: its status says why.
absl::Status Send(PartsStream& stream, v1::ImportCatalogRequest begin, const NextPart& next) {
  v1::ImportCatalogPartsRequest request;
  *request.mutable_begin() = std::move(begin);
  if (!stream.Write(request)) return absl::OkStatus();
  int sent = 0;
  for (;;) {
    v1::OfferPart* part = request.mutable_offers();
    part->Clear();
    if (absl::Status status = next(part); !status.ok()) return status;
    if (part->offers().empty()) break;
    sent += part->offers_size();
    if (!stream.Write(request)) return absl::OkStatus();
  }
  request.mutable_end()->set_offers(sent);
  stream.WriteLast(request, grpc::WriteOptions());
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::ImportCatalogResponse> ImportCatalogParts(const Client& client,
                                                             v1::ImportCatalogRequest begin,
                                                             const NextPart& next,
                                                             const OnProgress& on_progress,
                                                             absl::Duration timeout) {
  if (begin.request_id().empty()) begin.set_request_id(NewRequestId());
  grpc::ClientContext context;
  client.channel()->Prepare(context, timeout);
  const std::unique_ptr<PartsStream> stream =
      client.channel()->catalog().ImportCatalogParts(&context);
  v1::ImportCatalogPartsResponse last;
  std::thread reader([&] {
    while (stream->Read(&last)) on_progress(last);
  });
  const absl::Status sent = Send(*stream, std::move(begin), next);
  if (!sent.ok()) context.TryCancel();
  reader.join();
  const grpc::Status status = stream->Finish();
  if (!sent.ok()) return sent;
  if (!status.ok()) return FromGrpc(status);
  if (!last.has_imported()) return absl::UnknownError("the server's answer says nothing");
  return std::move(*last.mutable_imported());
}

}  // namespace omzien::client
