#include "tests/e2e/story_world.h"

#include <fstream>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace omzien::e2e {
namespace {

void AddFields(const google::protobuf::Message& message, const std::string& prefix,
               std::vector<std::string>* paths) {
  using Field = google::protobuf::FieldDescriptor;
  std::vector<const Field*> set;
  message.GetReflection()->ListFields(message, &set);
  for (const Field* field : set) {
    const bool nested = field->cpp_type() == Field::CPPTYPE_MESSAGE && !field->is_repeated() &&
                        absl::StartsWith(field->message_type()->full_name(), "omzien.");
    if (nested) {
      AddFields(message.GetReflection()->GetMessage(message, field), prefix + field->name() + ".",
                paths);
    } else {
      paths->push_back(prefix + field->name());
    }
  }
}

}  // namespace

void StoryWorld::Start(const std::vector<std::string>& environment) {
  clients_.clear();
  const absl::Status started =
      server_.Start({"--config", installation_.config_file()}, environment);
  if (!started.ok()) throw std::runtime_error(started.ToString());
}

void StoryWorld::Restart() { Start(); }

void StoryWorld::ImportCatalogues() {
  v1::ImportCatalogRequest request;
  request.set_parent(kDeventer);
  request.set_yaml(CatalogueText("deventer"));
  Must(As("steward").ImportCatalog(request));
  request.set_parent(kVoorbeeldstad);
  request.set_yaml(CatalogueText("voorbeeldstad"));
  Must(As("v-steward").ImportCatalog(request));
}

client::Options StoryWorld::OptionsFor(const std::string& caller) const {
  client::Options options;
  options.target = server_.address();
  options.token = installation_.token(caller);
  // Longer than a busy machine needs; no test rests on it.
  options.call_timeout = absl::Seconds(60);
  return options;
}

client::Client& StoryWorld::As(const std::string& caller) {
  std::unique_ptr<client::Client>& client = clients_[caller];
  if (client == nullptr) client = Must(client::Client::Create(OptionsFor(caller)));
  return *client;
}

std::string CatalogueText(const std::string& municipality) {
  std::ifstream file(absl::StrCat(OMZIEN_DEPLOY, "/", municipality, "/catalog.yaml"));
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (text.empty()) throw std::runtime_error("no catalogue of " + municipality);
  return text;
}

v1::SubmitSignalRequest Submission(const std::string& parent, const std::string& signal) {
  v1::SubmitSignalRequest request;
  request.set_parent(parent);
  *request.mutable_signal() = Proto<v1::Signal>(signal);
  return request;
}

v1::RecordContactAttemptRequest Attempt(const std::string& referral, const std::string& attempt,
                                        const std::string& consent) {
  v1::RecordContactAttemptRequest request;
  request.set_name(referral);
  *request.mutable_attempt() = Proto<v1::ContactAttempt>(attempt);
  if (!consent.empty()) *request.mutable_consent() = Proto<v1::Consent>(consent);
  return request;
}

v1::PlaceReferralRequest Placement(const std::string& referral,
                                   const std::vector<std::string>& offers,
                                   const std::string& departure_reason) {
  v1::PlaceReferralRequest request;
  request.set_name(referral);
  for (const std::string& offer : offers) request.add_offers(OfferName(offer));
  request.set_departure_reason(departure_reason);
  return request;
}

v1::FindOffersRequest Find(const std::string& parent, const std::string& request) {
  auto find = Proto<v1::FindOffersRequest>(request);
  find.set_parent(parent);
  return find;
}

std::string OfferName(const std::string& id) { return absl::StrCat(kDeventer, "/offers/", id); }

std::string ReferralName(const std::string& signal, int number) {
  return absl::StrCat(absl::StrReplaceAll(signal, {{"/signals/", "/referrals/"}}), "-", number);
}

std::vector<v1::Signal> AllSignals(client::Client& client, const std::string& parent) {
  std::vector<v1::Signal> all;
  auto request = Of<v1::ListSignalsRequest>(parent);
  request.set_page_size(200);
  do {
    const auto page = Must(client.ListSignals(request));
    all.insert(all.end(), page.signals().begin(), page.signals().end());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return all;
}

std::vector<v1::Referral> AllReferrals(client::Client& client, const std::string& parent,
                                       bool ended) {
  std::vector<v1::Referral> all;
  auto request = Of<v1::ListReferralsRequest>(parent);
  request.set_page_size(200);
  request.set_ended(ended);
  do {
    const auto page = Must(client.ListReferrals(request));
    all.insert(all.end(), page.referrals().begin(), page.referrals().end());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return all;
}

std::vector<std::string> FieldsOf(const google::protobuf::Message& message) {
  std::vector<std::string> paths;
  AddFields(message, "", &paths);
  return paths;
}

std::vector<std::string> OfferIds(
    const google::protobuf::RepeatedPtrField<v1::Proposal>& proposals) {
  std::vector<std::string> ids;
  for (const v1::Proposal& proposal : proposals) {
    ids.push_back(proposal.offer().substr(proposal.offer().rfind('/') + 1));
  }
  return ids;
}

}  // namespace omzien::e2e
