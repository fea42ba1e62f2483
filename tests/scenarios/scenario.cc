#include "tests/scenarios/scenario.h"

#include <algorithm>
#include <cctype>
#include <thread>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "server/config/yaml_proto.h"
#include "tests/e2e/story_world.h"

namespace omzien::scenarios {
namespace {

std::string LastSegment(absl::string_view name) {
  return std::string(name.substr(name.rfind('/') + 1));
}

// Whom every row is about, until it says otherwise: see the README.
Person Somebody(const std::string& parent, const std::string& village) {
  Person person;
  person.signalled_by = "jumbo-hans-kok";
  person.draft.mutable_reach()->set_phone("0570 12 34 56");
  person.draft.set_own_words("Komt elke dag even praten.");
  person.draft.mutable_place()->set_district(absl::StrCat(parent, "/districts/", village));
  return person;
}

// "today" and "today-3" as the days they are.
std::string WithDays(const std::string& text, absl::CivilDay today) {
  const std::string kToday = "today";
  std::string out;
  size_t from = 0;
  for (size_t at = text.find(kToday); at != std::string::npos; at = text.find(kToday, from)) {
    out += text.substr(from, at - from);
    from = at + kToday.size();
    size_t end = from;
    if (end < text.size() && (text[end] == '+' || text[end] == '-')) {
      do ++end;
      while (end < text.size() && absl::ascii_isdigit(static_cast<unsigned char>(text[end])));
    }
    int days = 0;
    if (!absl::SimpleAtoi(text.substr(from, end - from), &days)) end = from;
    out += absl::FormatCivilTime(today + days);
    from = end;
  }
  return out + text.substr(from);
}

}  // namespace

Scenario::Scenario(World* world, int number)
    : world_(*world),
      digits_(DigitsOf(number)),
      parent_(absl::StrCat("municipalities/GM", digits_)),
      catalogue_(DeventersCatalogue(digits_)) {}

std::string Scenario::Local(absl::string_view text) const {
  return absl::StrReplaceAll(text, {{"GM" + from_, "GM" + digits_},
                                    {"WK" + from_, "WK" + digits_},
                                    {"BU" + from_, "BU" + digits_}});
}

std::string Scenario::Id(absl::string_view name) const {
  return absl::StrReplaceAll(LastSegment(name),
                             {{"WK" + digits_, "WK" + from_}, {"BU" + digits_, "BU" + from_}});
}

std::string Scenario::Name(absl::string_view collection, absl::string_view id) const {
  return absl::StrCat(parent_, "/", collection, "/", Local(id));
}

void Scenario::UseVoorbeeldstad() {
  from_ = "9001";
  catalogue_ = VoorbeeldstadsCatalogue(digits_);
  persons_.clear();
}

v1::Catalog& Scenario::catalogue() {
  to_import_ = true;
  return catalogue_;
}

void Scenario::ReadYaml(const std::string& yaml, google::protobuf::Message* message) const {
  std::string text = WithDays(Local(yaml), world_.Today());
  if (!absl::StartsWith(text, "{")) text = absl::StrCat("{", text, "}");
  std::vector<config::YamlError> errors;
  if (config::ParseYaml(text, message, nullptr, &errors)) return;
  throw StepFailed(absl::StrCat(text, ": ", errors[0].path, " ", errors[0].message));
}

Person& Scenario::person() {
  const auto found = persons_.find(turned_to_);
  if (found != persons_.end()) return found->second;
  const bool voorbeeldstad = from_ == "9001";
  Person person = Somebody(parent_, Local(voorbeeldstad ? "WK900101" : "WK015015"));
  if (voorbeeldstad) person.signalled_by = "kruidenier-de-hoek";
  return persons_[turned_to_] = std::move(person);
}

void Scenario::Import() {
  if (!to_import_) return;
  to_import_ = false;
  Do([this] {
    v1::ImportCatalogRequest request = import_;
    request.set_parent(parent_);
    *request.mutable_catalog() = catalogue_;
    return world_.As("steward").ImportCatalog(request).status();
  });
}

void Scenario::Do(const Deed& deed) {
  MustHaveGoneWell();
  looked_ = false;
  last_ = deed();
}

void Scenario::DoBoth(const Deed& one, const Deed& other, std::vector<absl::Status>* came_of_it) {
  MustHaveGoneWell();
  came_of_it->assign(2, absl::OkStatus());
  std::thread beside([&] { (*came_of_it)[0] = one(); });
  (*came_of_it)[1] = other();
  beside.join();
}

const absl::Status& Scenario::Looked() {
  looked_ = true;
  return last_;
}

void Scenario::MustHaveGoneWell() const {
  if (!looked_ && !last_.ok()) {
    throw StepFailed(absl::StrCat("what was done before was refused: ", last_.ToString()));
  }
}

std::string Scenario::SignalName() {
  const Person& whom = person();
  if (!whom.answer.has_value()) throw StepFailed("there is no signal about this person");
  return whom.answer->signal().name();
}

v1::Signal Scenario::Signal() {
  return Got(Coordinator().GetSignal(e2e::Of<v1::GetSignalRequest>(SignalName())));
}

v1::Referral Scenario::Referral(uint32_t number) {
  return Got(Coordinator().GetReferral(
      e2e::Of<v1::GetReferralRequest>(e2e::ReferralName(SignalName(), static_cast<int>(number)))));
}

v1::Referral Scenario::ReferralOf(const std::string& organisation) {
  const v1::Signal signal = Signal();
  v1::Referral last;
  v1::Referral last_own;
  for (const std::string& name : signal.referrals()) {
    last = Got(Coordinator().GetReferral(e2e::Of<v1::GetReferralRequest>(name)));
    if (Id(last.organisation()) != organisation) continue;
    const bool live = !last.has_end_time();
    if (live || last_own.name().empty() || last_own.has_end_time()) last_own = last;
  }
  if (last.name().empty()) throw StepFailed("nobody has the signal");
  return last_own.name().empty() ? last : last_own;
}

client::Client& Scenario::ActorOn(const v1::Referral& referral, const std::string& organisation) {
  const bool first_contact = referral.purpose() == v1::REFERRAL_PURPOSE_FIRST_CONTACT;
  return world_.As(organisation, first_contact ? "first_contact" : "receiver");
}

client::Client& Scenario::Signaller() { return world_.As(person().signalled_by, "signaller"); }

}  // namespace omzien::scenarios
