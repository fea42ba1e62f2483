#include "server/domain/references.h"

#include "server/domain/names.h"

namespace omzien::domain {
namespace {

constexpr char kProfessionalsOnly[] = "is stated by professionals or the person themselves only";

std::string Item(const std::string& path, int i) { return path + "[" + std::to_string(i) + "]"; }

// Each of `names` must be an entry, as `find` knows them, and one that may be stated.
template <class Names, class Find>
void CheckStated(const Names& names, const Find& find, const std::string& path, const char* what,
                 bool may_state_sensitive, std::vector<FieldViolation>* violations) {
  for (int i = 0; i < names.size(); ++i) {
    const auto* entry = find(LastSegment(names[i]));
    if (entry == nullptr) {
      violations->push_back(
          {Item(path, i), std::string("isn't ") + what + " of this municipality"});
    } else if (entry->professionals_only() && !may_state_sensitive) {
      violations->push_back({Item(path, i), kProfessionalsOnly});
    }
  }
}

// Of a message that has both; its fields stand under `path`.
template <class Message>
void CheckGroupsAndEvents(const Catalogue& catalogue, const Message& message,
                          const std::string& path, bool may_state_sensitive,
                          std::vector<FieldViolation>* violations) {
  CheckStated(
      message.target_groups(), [&](std::string_view id) { return catalogue.target_group(id); },
      path + "target_groups", "a target group", may_state_sensitive, violations);
  CheckStated(
      message.life_events(), [&](std::string_view id) { return catalogue.life_event(id); },
      path + "life_events", "a life event", may_state_sensitive, violations);
}

void CheckFunding(const Catalogue& catalogue, const v1::Circumstances& circumstances,
                  const std::string& path, std::vector<FieldViolation>* violations) {
  for (int i = 0; i < circumstances.funding_size(); ++i) {
    if (catalogue.funding(circumstances.funding(i)) != nullptr) continue;
    violations->push_back({Item(path + ".funding", i), "isn't a funding of this municipality"});
  }
}

// That someone doesn't get around says something of health; what someone can pay, of income.
void CheckNotSensitive(const v1::Circumstances& circumstances, const std::string& path,
                       std::vector<FieldViolation>* violations) {
  if (circumstances.mobility() == v1::MOBILITY_NEEDS_TRANSPORT ||
      circumstances.mobility() == v1::MOBILITY_HOUSEBOUND) {
    violations->push_back({path + ".mobility", kProfessionalsOnly});
  }
  if (circumstances.budget() != v1::BUDGET_UNSPECIFIED) {
    violations->push_back({path + ".budget", kProfessionalsOnly});
  }
  if (!circumstances.funding().empty()) {
    violations->push_back({path + ".funding", kProfessionalsOnly});
  }
}

}  // namespace

bool MayStateSensitive(v1::SignallerKind kind) {
  switch (kind) {
    case v1::SIGNALLER_KIND_SOCIAL_TEAM:
    case v1::SIGNALLER_KIND_GP:
    case v1::SIGNALLER_KIND_CARE_PROVIDER:
    case v1::SIGNALLER_KIND_WELFARE_ORGANISATION:
    case v1::SIGNALLER_KIND_SELF:
      return true;
    default:
      return false;
  }
}

void CheckSignalReferences(const Catalogue& catalogue, const v1::Signal& signal,
                           v1::SignallerKind kind, std::vector<FieldViolation>* violations) {
  const bool sensitive = MayStateSensitive(kind);
  CheckGroupsAndEvents(catalogue, signal, "signal.", sensitive, violations);
  const v1::Circumstances& circumstances = signal.circumstances();
  CheckFunding(catalogue, circumstances, "signal.circumstances", violations);
  if (!sensitive) CheckNotSensitive(circumstances, "signal.circumstances", violations);
  const std::string& support = signal.current_support().organisation();
  if (!support.empty() && catalogue.organisation(LastSegment(support)) == nullptr) {
    violations->push_back(
        {"signal.current_support.organisation", "isn't an organisation of this municipality"});
  }
  CheckConsentReferences(catalogue, signal.consent(), "signal.consent", violations);
}

void CheckAttemptReferences(const Catalogue& catalogue, const v1::ContactAttempt& attempt,
                            const std::string& path, std::vector<FieldViolation>* violations) {
  CheckStated(
      attempt.target_groups_learnt(),
      [&](std::string_view id) { return catalogue.target_group(id); },
      path + ".target_groups_learnt", "a target group", true, violations);
  CheckStated(
      attempt.life_events_learnt(), [&](std::string_view id) { return catalogue.life_event(id); },
      path + ".life_events_learnt", "a life event", true, violations);
  CheckFunding(catalogue, attempt.circumstances_learnt(), path + ".circumstances_learnt",
               violations);
  if (!attempt.district_learnt().empty() &&
      catalogue.DistrictsFor(LastSegment(attempt.district_learnt())).empty()) {
    violations->push_back({path + ".district_learnt", "isn't a district of this municipality"});
  }
}

void CheckConsentReferences(const Catalogue& catalogue, const v1::Consent& consent,
                            const std::string& path, std::vector<FieldViolation>* violations) {
  for (int i = 0; i < consent.to_whom_size(); ++i) {
    if (catalogue.organisation(LastSegment(consent.to_whom(i))) != nullptr) continue;
    violations->push_back(
        {Item(path + ".to_whom", i), "isn't an organisation of this municipality"});
  }
}

void CheckFindReferences(const Catalogue& catalogue, const v1::FindOffersRequest& request,
                         std::vector<FieldViolation>* violations) {
  CheckGroupsAndEvents(catalogue, request, "", true, violations);
  CheckFunding(catalogue, request.circumstances(), "circumstances", violations);
}

void CheckOfferReferences(const Catalogue& catalogue, const v1::PlaceReferralRequest& request,
                          std::vector<FieldViolation>* violations) {
  for (int i = 0; i < request.offers_size(); ++i) {
    if (catalogue.offer(LastSegment(request.offers(i))) != nullptr) continue;
    violations->push_back({Item("offers", i), "isn't an offer of this municipality"});
  }
}

void CheckHandOverReferences(const Catalogue& catalogue, const v1::HandOverReferralRequest& request,
                             std::vector<FieldViolation>* violations) {
  if (!request.organisation().empty() &&
      catalogue.organisation(LastSegment(request.organisation())) == nullptr) {
    violations->push_back({"organisation", "isn't an organisation of this municipality"});
  }
  if (!request.offer().empty() && catalogue.offer(LastSegment(request.offer())) == nullptr) {
    violations->push_back({"offer", "isn't an offer of this municipality"});
  }
}

}  // namespace omzien::domain
