// What every command on a referral has in common: find it, may the caller, is it as the caller saw
// it, the rule, the rows, and the referral as the answer.

#ifndef OMZIEN_SERVER_COMMIT_REFERRAL_EDIT_H_
#define OMZIEN_SERVER_COMMIT_REFERRAL_EDIT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "omzien/v1/error_reason.pb.h"
#include "server/commit/case_edit.h"
#include "server/commit/mutation.h"
#include "server/commit/no_contact.h"
#include "server/domain/case_rules.h"
#include "server/domain/disclosure.h"
#include "server/domain/errors.h"
#include "server/domain/names.h"
#include "storage/keys.h"

namespace omzien::commit {

// A referral on its way, with all that a rule may need.
struct ReferralEdit {
  CaseEdit* edit;
  const domain::Catalogue* catalogue;
  const domain::Caller* caller;
  uint32_t number;

  storage::v1::Case* record() const { return edit->record(); }
  v1::Referral* referral() const {
    return domain::FindReferral(record(), number)->mutable_referral();
  }
  absl::Time now() const { return edit->now(); }
};

inline absl::Status ReferralNotFound() {
  return domain::Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_REFERRAL_NOT_FOUND,
                       "no such referral");
}

inline v1::Referral Show(const ReferralEdit& edit, uint32_t number) {
  const storage::v1::Case& record = *edit.record();
  return domain::ReferralFor(record, number, domain::RelationsTo(record, *edit.caller), edit.now());
}

inline std::string AnswerFor(const ReferralEdit& edit) {
  return Show(edit, edit.number).SerializeAsString();
}

template <class Request>
using Rule = absl::StatusOr<std::string> (*)(const Request&, ReferralEdit&);

// For who may not, the referral doesn't exist.
using MayDo = bool (*)(const storage::v1::Case&, const domain::Relations&, uint32_t number);

// Whose own it is.
inline bool IsHolder(const storage::v1::Case&, const domain::Relations& relations,
                     uint32_t number) {
  return domain::MayAct(relations, number);
}

// The way of every command on a referral: find it, may the caller, is it as the caller saw it, the
// rule, the rows.
template <class Request>
absl::StatusOr<Decision> Apply(const Request& request, const domain::ReferralParts& name,
                               const domain::Caller& caller, MayDo may, Rule<Request> rule,
                               Reading& reading) {
  const auto catalogue = reading.catalogue(name.municipality);
  if (catalogue == nullptr) return ReferralNotFound();
  absl::StatusOr<CaseEdit> edit = CaseEdit::Load(&reading, name.municipality, name.case_id);
  if (!edit.ok()) return absl::IsNotFound(edit.status()) ? ReferralNotFound() : edit.status();
  ForgetEndedNoes(*edit);
  const storage::v1::ReferralRecord* found = domain::FindReferral(edit->record(), name.number);
  if (found == nullptr ||
      !may(*edit->record(), domain::RelationsTo(*edit->record(), caller), name.number)) {
    return ReferralNotFound();
  }
  const bool sees =
      domain::MaySeeReferral(domain::RelationsTo(*edit->record(), caller), name.number);
  absl::Status status = sees ? domain::CheckEtag(request.etag(), found->version())
                             : domain::CheckNoEtag(request.etag());
  if (!status.ok()) return status;
  ReferralEdit on{&*edit, catalogue.get(), &caller, name.number};
  absl::StatusOr<std::string> answer = rule(request, on);
  if (!answer.ok()) return answer.status();
  return (*std::move(edit)).Finish(*std::move(answer));
}

// What the catalogue says is wrong with the request, whatever referral it is about.
template <class Request>
using CatalogueCheck = void (*)(const Request&, const domain::Catalogue&,
                                std::vector<domain::FieldViolation>*);

template <class Request>
std::unique_ptr<Command> OnReferral(Ask ask, const Request& request, Rule<Request> rule,
                                    CatalogueCheck<Request> check = nullptr,
                                    MayDo may = &IsHolder) {
  const domain::ReferralParts name =
      domain::ParseReferralName(request.name()).value_or(domain::ReferralParts{});
  std::vector<std::string> keys = {storage::keys::Case(name.municipality, name.case_id)};
  auto shared = std::make_shared<const Request>(request);
  const domain::Caller caller = ask.caller;
  Mutation::Check against_catalogue;
  if (check != nullptr) {
    against_catalogue = [shared, name, check](Reading& reading, auto* violations) {
      const auto catalogue = reading.catalogue(name.municipality);
      if (catalogue != nullptr) check(*shared, *catalogue, violations);
    };
  }
  return std::make_unique<Mutation>(
      std::move(ask), std::move(keys), std::move(against_catalogue),
      [shared, name, caller, may, rule](Reading& reading) {
        return Apply(*shared, name, caller, may, rule, reading);
      },
      /*exclusive=*/false);
}

}  // namespace omzien::commit

#endif  // OMZIEN_SERVER_COMMIT_REFERRAL_EDIT_H_
