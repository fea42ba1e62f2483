// That someone is about to open a person's details.

#include <memory>
#include <utility>

#include "server/commit/commands.h"
#include "server/commit/mutation.h"
#include "server/crypto/secret.h"
#include "server/domain/times.h"
#include "storage/keys.h"

namespace omzien::commit {

std::unique_ptr<Command> AppendAudit(std::string municipality, std::string case_id,
                                     storage::v1::AuditEntry entry) {
  const crypto::Secret nonce = crypto::Secret::Random();
  const std::string suffix(reinterpret_cast<const char*>(nonce.data()), 8);
  return std::make_unique<Plain>(
      std::vector<std::string>{},
      [municipality = std::move(municipality), case_id = std::move(case_id),
       entry = std::move(entry), suffix](Reading& reading) -> absl::StatusOr<Decision> {
        storage::v1::AuditEntry stamped = entry;
        *stamped.mutable_read_time() = domain::TimestampOf(reading.now());
        Decision decision;
        decision.writes.push_back(
            {storage::keys::Audit(municipality, case_id, absl::ToUnixMicros(reading.now()), suffix),
             stamped.SerializeAsString()});
        return decision;
      });
}

std::unique_ptr<Command> AppendAuditOnce(std::string municipality, std::string case_id,
                                         storage::v1::AuditEntry entry, absl::Time since) {
  const std::string key =
      storage::keys::Audit(municipality, case_id, absl::ToUnixMicros(since), std::string(8, '\0'));
  return std::make_unique<Plain>(
      std::vector<std::string>{key},
      [key, entry = std::move(entry)](Reading& reading) -> absl::StatusOr<Decision> {
        if (reading.Get(key) != nullptr) return Decision();
        storage::v1::AuditEntry stamped = entry;
        *stamped.mutable_read_time() = domain::TimestampOf(reading.now());
        Decision decision;
        decision.writes.push_back({key, stamped.SerializeAsString()});
        return decision;
      });
}

}  // namespace omzien::commit
