// What every command on a signal as a whole has in common: find it, may the caller, the rule, the
// rows, and an answer.

#ifndef OMZIEN_SERVER_COMMIT_SIGNAL_EDIT_H_
#define OMZIEN_SERVER_COMMIT_SIGNAL_EDIT_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "server/commit/case_edit.h"
#include "server/commit/commands.h"
#include "server/commit/mutation.h"
#include "server/commit/no_contact.h"
#include "server/domain/case_rules.h"
#include "server/domain/disclosure.h"
#include "server/domain/names.h"
#include "storage/keys.h"

namespace omzien::commit {

// A signal on its way, with all that a rule may need.
struct SignalEdit {
  CaseEdit* edit;
  const domain::Catalogue* catalogue;
  const domain::Caller* caller;

  storage::v1::Case* record() const { return edit->record(); }
  absl::Time now() const { return edit->now(); }
};

// As the caller may see it now.
inline std::string AnswerFor(const SignalEdit& edit) {
  const domain::Relations relations = domain::RelationsTo(*edit.record(), *edit.caller);
  return domain::SignalFor(*edit.record(), relations, nullptr, edit.now()).SerializeAsString();
}

// Of one kind of command.
template <class Request>
struct SignalStep {
  // For who may not, the signal doesn't exist.
  bool (*may)(const storage::v1::Case&, const domain::Relations&);
  // Gives the answer. It looks at the etag itself: a signaller isn't shown one.
  absl::StatusOr<std::string> (*rule)(const Request&, SignalEdit&);
};

template <class Request>
absl::StatusOr<Decision> ApplyToSignal(const Request& request, const domain::NameParts& name,
                                       const domain::Caller& caller,
                                       const SignalStep<Request>& step, Reading& reading) {
  const auto catalogue = reading.catalogue(name.municipality);
  if (catalogue == nullptr) return SignalNotFound();
  absl::StatusOr<CaseEdit> edit = CaseEdit::Load(&reading, name.municipality, name.id);
  if (!edit.ok()) return absl::IsNotFound(edit.status()) ? SignalNotFound() : edit.status();
  ForgetEndedNoes(*edit);
  if (!step.may(*edit->record(), domain::RelationsTo(*edit->record(), caller))) {
    return SignalNotFound();
  }
  SignalEdit on{&*edit, catalogue.get(), &caller};
  absl::StatusOr<std::string> answer = step.rule(request, on);
  if (!answer.ok()) return answer.status();
  return (*std::move(edit)).Finish(*std::move(answer));
}

// On the signal of that name.
template <class Request>
std::unique_ptr<Command> OnSignalOf(Ask ask, const Request& request, domain::NameParts name,
                                    SignalStep<Request> step) {
  auto shared = std::make_shared<const Request>(request);
  const domain::Caller caller = ask.caller;
  std::vector<std::string> keys = {storage::keys::Case(name.municipality, name.id)};
  return std::make_unique<Mutation>(
      std::move(ask), std::move(keys), nullptr,
      [shared, name = std::move(name), caller, step](Reading& reading) {
        return ApplyToSignal(*shared, name, caller, step, reading);
      },
      /*exclusive=*/false);
}

// On the one that the request names.
template <class Request>
std::unique_ptr<Command> OnSignal(Ask ask, const Request& request, SignalStep<Request> step) {
  return OnSignalOf(std::move(ask), request,
                    domain::ParseSignalName(request.name()).value_or(domain::NameParts{}), step);
}

// The one that submitted it.
inline bool IsSignaller(const storage::v1::Case& /*record*/, const domain::Relations& relations) {
  return relations.Has(domain::Relation::kSignaller);
}

}  // namespace omzien::commit

#endif  // OMZIEN_SERVER_COMMIT_SIGNAL_EDIT_H_
