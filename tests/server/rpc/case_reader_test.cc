// Lists in pages, and the details of a person, for which there is an audit entry first.

#include "server/rpc/case_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "server/domain/errors.h"
#include "server/domain/names.h"
#include "storage/blocking.h"
#include "tests/server/rpc/office.h"

namespace omzien::rpc::testing {
namespace {

using commit::testing::kGM;
using commit::testing::Receiver;
using commit::testing::Shop;
using commit::testing::Submission;
using commit::testing::Team;
using commit::testing::Village;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kListSignals[] = "SignalService/ListSignals";
constexpr char kListReferrals[] = "ReferralService/ListReferrals";
constexpr char kGetSignal[] = "SignalService/GetSignal";
constexpr char kGetReferral[] = "ReferralService/GetReferral";

// Signals for both winkel and dorpsteam.
domain::Caller TwoShops() {
  domain::Caller caller = Shop();
  caller.grants.push_back({kGM, "dorpsteam", domain::Role::kSignaller});
  return caller;
}

v1::SubmitSignalRequest For(const std::string& organisation) {
  v1::SubmitSignalRequest request = Submission();
  request.mutable_signal()->set_organisation(commit::testing::Org(organisation));
  return request;
}

v1::ListSignalsRequest ListSignals(int page_size = 0) {
  v1::ListSignalsRequest request;
  request.set_parent(domain::MunicipalityName(kGM));
  request.set_page_size(page_size);
  return request;
}

std::string NameOf(const v1::Signal& signal) { return signal.name(); }
std::string NameOf(const v1::Referral& referral) { return referral.name(); }
const auto& ItemsOf(const v1::ListSignalsResponse& page) { return page.signals(); }
const auto& ItemsOf(const v1::ListReferralsResponse& page) { return page.referrals(); }

// Names of all pages, in order; fails when a page is larger than asked for.
template <class Response, class Request>
std::vector<std::string> AllPages(Office& office, const domain::Caller& caller, const char* method,
                                  Request request) {
  std::vector<std::string> names;
  for (;;) {
    auto page = office.Ask<Response>(caller, method, request);
    EXPECT_TRUE(page.ok()) << page.status();
    if (!page.ok()) return names;
    EXPECT_LE(ItemsOf(*page).size(), request.page_size() == 0 ? 50 : request.page_size());
    EXPECT_GT(page->revision(), 0);
    for (const auto& item : ItemsOf(*page)) names.push_back(NameOf(item));
    if (page->next_page_token().empty()) return names;
    request.set_page_token(page->next_page_token());
  }
}

std::vector<std::string> Signals(Office& office, const domain::Caller& caller,
                                 const v1::ListSignalsRequest& request) {
  return AllPages<v1::ListSignalsResponse>(office, caller, kListSignals, request);
}

std::vector<std::string> Reversed(std::vector<std::string> names) {
  std::reverse(names.begin(), names.end());
  return names;
}

// Sixty of winkel and sixty of dorpsteam, by turns; oldest first.
struct Listed {
  std::vector<std::string> all, shop, village;
};

Listed SubmitMany(Office& office) {
  Listed listed;
  for (int i = 0; i < 120; ++i) {
    office.Advance(absl::Minutes(1));
    const bool shop = i % 2 == 0;
    listed.all.push_back(office.Submit(TwoShops(), For(shop ? "winkel" : "dorpsteam")));
    (shop ? listed.shop : listed.village).push_back(listed.all.back());
  }
  return listed;
}

TEST(ListSignals, HasEachOnceNewestFirstWhateverThePageSize) {
  Office office;
  const Listed listed = SubmitMany(office);
  for (const int page_size : {0, 1, 7, 60, 119, 120, 121, 200}) {
    EXPECT_EQ(Signals(office, Coordinator(), ListSignals(page_size)), Reversed(listed.all))
        << page_size;
    EXPECT_EQ(Signals(office, Shop(), ListSignals(page_size)), Reversed(listed.shop)) << page_size;
    // One organisation after the other.
    std::vector<std::string> both = Reversed(listed.village);
    for (const std::string& name : Reversed(listed.shop)) both.push_back(name);
    EXPECT_EQ(Signals(office, TwoShops(), ListSignals(page_size)), both) << page_size;
  }
}

TEST(ListSignals, GoesOnWhereItWasAfterAReopenAndAfterNewSignals) {
  Office office;
  const Listed listed = SubmitMany(office);
  auto page = office.Ask<v1::ListSignalsResponse>(Coordinator(), kListSignals, ListSignals(50));
  ASSERT_TRUE(page.ok()) << page.status();
  office.Advance(absl::Minutes(1));
  office.Submit(Shop(), Submission());
  office.Reopen();
  v1::ListSignalsRequest rest = ListSignals(200);
  rest.set_page_token(page->next_page_token());
  const std::vector<std::string> newest_first = Reversed(listed.all);
  EXPECT_EQ(Signals(office, Coordinator(), rest),
            std::vector<std::string>(newest_first.begin() + 50, newest_first.end()));
}

TEST(ListSignals, TakesNoTokenOfAnotherQueryAndGivesNobodyMoreByAToken) {
  Office office;
  SubmitMany(office);
  auto page = office.Ask<v1::ListSignalsResponse>(Coordinator(), kListSignals, ListSignals(10));
  ASSERT_TRUE(page.ok()) << page.status();
  v1::ListSignalsRequest filtered = ListSignals(10);
  filtered.add_states(v1::SIGNAL_STATE_ROUTED);
  filtered.set_page_token(page->next_page_token());
  EXPECT_EQ(
      domain::ReasonOf(
          office.Ask<v1::ListSignalsResponse>(Coordinator(), kListSignals, filtered).status()),
      "INVALID_PAGE_TOKEN");
  v1::ListReferralsRequest referrals;
  referrals.set_parent(domain::MunicipalityName(kGM));
  referrals.set_page_token(page->next_page_token());
  EXPECT_EQ(
      domain::ReasonOf(
          office.Ask<v1::ListReferralsResponse>(Coordinator(), kListReferrals, referrals).status()),
      "INVALID_PAGE_TOKEN");
  // The coordinator's token in the hands of the shop: its own signals still, and no others.
  v1::ListSignalsRequest borrowed = ListSignals(200);
  borrowed.set_page_token(page->next_page_token());
  for (const std::string& name : Signals(office, Shop(), borrowed)) {
    v1::GetSignalRequest get;
    get.set_name(name);
    EXPECT_TRUE(office.Ask<v1::Signal>(Shop(), kGetSignal, get).ok()) << name;
  }
}

TEST(ListSignals, FiltersByStateForACoordinatorOnly) {
  Office office;
  const Listed listed = SubmitMany(office);
  std::vector<std::string> withdrawn;
  for (size_t i = 0; i < listed.shop.size(); i += 3) {
    v1::WithdrawSignalRequest request;
    request.set_name(listed.shop[i]);
    ASSERT_TRUE(office.Ask<v1::Signal>(Shop(), "SignalService/WithdrawSignal", request).ok());
    withdrawn.push_back(listed.shop[i]);
  }
  v1::ListSignalsRequest request = ListSignals(7);
  request.add_states(v1::SIGNAL_STATE_WITHDRAWN);
  EXPECT_EQ(Signals(office, Coordinator(), request), Reversed(withdrawn));
  request.add_states(v1::SIGNAL_STATE_ROUTED);
  EXPECT_EQ(Signals(office, Coordinator(), request), Reversed(listed.all));
  EXPECT_EQ(
      domain::ReasonOf(office.Ask<v1::ListSignalsResponse>(Shop(), kListSignals, request).status()),
      "INVALID_FIELDS");
}

TEST(ListSignals, LooksAtAThousandRowsAPageAndSaysWhereItStopped) {
  Office office;
  const std::string oldest = office.Submit(Shop(), Submission());
  v1::WithdrawSignalRequest withdraw;
  withdraw.set_name(oldest);
  ASSERT_TRUE(office.Ask<v1::Signal>(Shop(), "SignalService/WithdrawSignal", withdraw).ok());
  office.Advance(absl::Hours(1));
  for (int i = 0; i < 1005; ++i) office.Submit(Shop(), Submission());
  v1::ListSignalsRequest request = ListSignals(10);
  request.add_states(v1::SIGNAL_STATE_WITHDRAWN);
  auto first = office.Ask<v1::ListSignalsResponse>(Coordinator(), kListSignals, request);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_THAT(first->signals(), IsEmpty());
  EXPECT_THAT(first->next_page_token(), Not(IsEmpty()));
  EXPECT_THAT(Signals(office, Coordinator(), request), ElementsAre(oldest));
}

v1::SubmitSignalRequest OfOnePhone() {
  v1::SubmitSignalRequest request = Submission();
  request.mutable_signal()->mutable_reach()->set_phone("0699000001");
  return request;
}

TEST(EarlierNo, ThatTookEndElsewhereIsShownNowhere) {
  Office office;
  v1::RecordContactAttemptRequest no;
  no.set_name(Office::FirstReferral(office.Submit(Shop(), OfOnePhone())));
  no.mutable_attempt()->set_with(v1::CONTACT_WITH_PERSON);
  no.mutable_attempt()->set_channel(v1::CONTACT_CHANNEL_PHONE);
  no.mutable_attempt()->set_result(v1::CONTACT_RESULT_REFUSED);
  no.mutable_attempt()->set_contact_wish(v1::CONTACT_WISH_NO_CONTACT);
  constexpr char kRecord[] = "ReferralService/RecordContactAttempt";
  ASSERT_TRUE(office.Ask<v1::Referral>(Team(), kRecord, no).ok());
  office.Advance(absl::Hours(1));
  const std::string noted = Office::FirstReferral(office.Submit(Shop(), OfOnePhone()));
  // How often it is shown: read by name, and in a list.
  const auto shown = [&] {
    v1::GetReferralRequest get;
    get.set_name(noted);
    int times = office.Ask<v1::Referral>(Team(), kGetReferral, get)->has_earlier_no() ? 1 : 0;
    v1::ListReferralsRequest list;
    list.set_parent(domain::MunicipalityName(kGM));
    const auto page = office.Ask<v1::ListReferralsResponse>(Team(), kListReferrals, list);
    for (const v1::Referral& referral : page->referrals()) {
      if (referral.name() == noted && referral.has_earlier_no()) ++times;
    }
    return times;
  };
  EXPECT_EQ(shown(), 2);
  no.mutable_attempt()->set_result(v1::CONTACT_RESULT_REACHED);
  no.mutable_attempt()->set_contact_wish(v1::CONTACT_WISH_CONTACT);
  ASSERT_TRUE(office.Ask<v1::Referral>(Team(), kRecord, no).ok());
  EXPECT_EQ(shown(), 0);
}

TEST(ListReferrals, GivesEachItsOwnQueueByDeadline) {
  Office office;
  std::vector<std::string> first_contact;
  for (int i = 0; i < 12; ++i) {
    office.Advance(absl::Hours(20));
    first_contact.push_back(Office::FirstReferral(office.Submit(Shop(), Submission())));
  }
  v1::SubmitSignalRequest consented = Submission();
  *consented.mutable_signal()->mutable_consent() = commit::testing::Consent({"ontvanger"});
  const std::string offered = Office::FirstReferral(office.Submit(Shop(), consented));
  v1::ListReferralsRequest request;
  request.set_parent(domain::MunicipalityName(kGM));
  request.set_page_size(5);
  const auto list = [&](const domain::Caller& caller) {
    return AllPages<v1::ListReferralsResponse>(office, caller, kListReferrals, request);
  };
  // Deadlines are days: within one, by id.
  const std::vector<std::string> of_team = list(Team());
  EXPECT_THAT(of_team, ::testing::UnorderedElementsAreArray(first_contact));
  EXPECT_THAT(list(Receiver()), ElementsAre(offered));
  EXPECT_THAT(list(Village()), IsEmpty());
  EXPECT_THAT(list(Coordinator()), SizeIs(13));
  absl::Time last = absl::InfinitePast();
  for (const std::string& name : of_team) {
    v1::GetReferralRequest get;
    get.set_name(name);
    auto referral = office.Ask<v1::Referral>(Team(), kGetReferral, get);
    ASSERT_TRUE(referral.ok()) << referral.status();
    const absl::Time due = absl::FromUnixSeconds(referral->contact_by().seconds());
    EXPECT_LE(last, due);
    last = due;
  }
  request.set_ended(true);
  EXPECT_THAT(list(Coordinator()), IsEmpty());
}

// --- details ---

v1::SubmitSignalRequest WithDetails() {
  v1::SubmitSignalRequest request = Submission();
  request.mutable_signal()->mutable_reach()->set_person_name("Mevrouw Verzonnen");
  request.mutable_signal()->set_own_words("verzonnen woorden");
  return request;
}

std::vector<storage::v1::AuditEntry> AuditsOf(Office& office, const std::string& signal) {
  std::string prefix = storage::keys::Audit(kGM, domain::LastSegment(signal), 0, "");
  prefix.resize(prefix.size() - 10);  // time and nonce
  auto rows = storage::ScanNow(*office.cases().GetSnapshot(),
                               {prefix, storage::keys::PrefixEnd(prefix), 1000});
  std::vector<storage::v1::AuditEntry> entries;
  for (const storage::Entry& row : *rows) {
    EXPECT_TRUE(entries.emplace_back().ParseFromString(row.versioned.value));
  }
  return entries;
}

v1::GetReferralRequest FullReferral(const std::string& signal) {
  v1::GetReferralRequest request;
  request.set_name(Office::FirstReferral(signal));
  request.set_view(v1::VIEW_FULL);
  return request;
}

v1::GetSignalRequest FullSignal(const std::string& signal) {
  v1::GetSignalRequest request;
  request.set_name(signal);
  request.set_view(v1::VIEW_FULL);
  return request;
}

TEST(ViewFull, OpensTheDetailsAndNotesWhoDidSo) {
  Office office;
  const std::string signal = office.Submit(Shop(), WithDetails());
  auto referral = office.Ask<v1::Referral>(Team(), kGetReferral, FullReferral(signal));
  ASSERT_TRUE(referral.ok()) << referral.status();
  EXPECT_EQ(referral->person().reach().person_name(), "Mevrouw Verzonnen");
  EXPECT_EQ(referral->person().own_words(), "verzonnen woorden");
  auto full = office.Ask<v1::Signal>(Team(), kGetSignal, FullSignal(signal));
  ASSERT_TRUE(full.ok()) << full.status();
  EXPECT_EQ(full->reach().person_name(), "Mevrouw Verzonnen");

  const auto audits = AuditsOf(office, signal);
  ASSERT_THAT(audits, SizeIs(2));
  std::set<std::string> methods, resources;
  for (const auto& audit : audits) {
    EXPECT_EQ(audit.caller(), "team");
    EXPECT_EQ(audit.role(), "first_contact");
    EXPECT_EQ(audit.organisation(), commit::testing::Org("gemeente"));
    EXPECT_EQ(audit.read_time().seconds(), absl::ToUnixSeconds(office.now()));
    methods.insert(audit.method());
    resources.insert(audit.resource());
  }
  EXPECT_THAT(methods, ElementsAre("omzien.v1.ReferralService/GetReferral",
                                   "omzien.v1.SignalService/GetSignal"));
  EXPECT_THAT(resources, ElementsAre(Office::FirstReferral(signal), signal));
}

// Placed by the team with dorpsteam (2) and ontvanger (3).
std::string PlacedWithTwo(Office& office) {
  v1::SubmitSignalRequest submission = WithDetails();
  submission.mutable_signal()->mutable_place()->set_district(domain::DistrictName(kGM, "WK990102"));
  submission.mutable_signal()->set_age_band(v1::AGE_BAND_65_PLUS);
  submission.mutable_signal()->set_need(v1::NEED_VISIT);
  const std::string signal = office.Submit(Shop(), submission);
  v1::RecordContactAttemptRequest reached;
  reached.set_name(Office::FirstReferral(signal));
  *reached.mutable_attempt() = commit::testing::Attempt();
  *reached.mutable_consent() = commit::testing::Consent();
  EXPECT_TRUE(
      office.Ask<v1::Referral>(Team(), "ReferralService/RecordContactAttempt", reached).ok());
  v1::PlaceReferralRequest place;
  place.set_name(reached.name());
  place.add_offers(commit::testing::OfferOf("dorpskoffie"));
  place.add_offers(commit::testing::OfferOf("maatje"));
  auto placed =
      office.Ask<v1::PlaceReferralResponse>(Team(), "ReferralService/PlaceReferral", place);
  EXPECT_TRUE(placed.ok()) << placed.status();
  return signal;
}

// A caller with several referrals of the case is noted as what gave the right to this one.
TEST(ViewFull, NotesAsWhatItWasOpened) {
  Office office;
  const std::string signal = PlacedWithTwo(office);
  domain::Caller receivers = Receiver();
  receivers.grants.push_back({kGM, "dorpsteam", domain::Role::kReceiver});
  domain::Caller team_too = Receiver();
  team_too.grants.push_back({kGM, "gemeente", domain::Role::kFirstContact});
  struct Row {
    domain::Caller caller;
    uint32_t number;
    std::string organisation, role;
  };
  const std::vector<Row> rows = {{receivers, 2, "dorpsteam", "receiver"},
                                 {receivers, 3, "ontvanger", "receiver"},
                                 {team_too, 3, "gemeente", "first_contact"}};
  std::multiset<std::string> expected, found;
  for (const Row& row : rows) {
    v1::GetReferralRequest request;
    request.set_name(domain::ReferralName(kGM, domain::LastSegment(signal), row.number));
    request.set_view(v1::VIEW_FULL);
    auto opened = office.Ask<v1::Referral>(row.caller, kGetReferral, request);
    ASSERT_TRUE(opened.ok()) << opened.status();
    expected.insert(request.name() + " " + commit::testing::Org(row.organisation) + " " + row.role);
  }
  for (const auto& audit : AuditsOf(office, signal)) {
    found.insert(audit.resource() + " " + audit.organisation() + " " + audit.role());
  }
  EXPECT_EQ(found, expected);
}

TEST(ViewFull, AnswersOnlyWhenTheAuditIsDurable) {
  Office office;
  const std::string signal = office.Submit(Shop(), WithDetails());
  office.cases().Close();
  absl::Notification answered;
  absl::StatusOr<v1::Referral> referral;
  std::thread reading([&] {
    referral = office.Ask<v1::Referral>(Team(), kGetReferral, FullReferral(signal));
    answered.Notify();
  });
  office.cases().AwaitHeld(1);
  EXPECT_FALSE(answered.HasBeenNotified());
  EXPECT_THAT(AuditsOf(office, signal), IsEmpty());
  office.cases().Open();
  reading.join();
  EXPECT_TRUE(referral.ok()) << referral.status();
  EXPECT_THAT(AuditsOf(office, signal), SizeIs(1));
}

TEST(ViewFull, OpensNothingWithoutItsAudit) {
  Office office;
  const std::string signal = office.Submit(Shop(), WithDetails());
  office.cases().Break(/*written=*/false);
  EXPECT_EQ(domain::ReasonOf(
                office.Ask<v1::Referral>(Team(), kGetReferral, FullReferral(signal)).status()),
            "STORE_UNAVAILABLE");
  EXPECT_EQ(
      domain::ReasonOf(office.Ask<v1::Signal>(Team(), kGetSignal, FullSignal(signal)).status()),
      "STORE_UNAVAILABLE");
  // What needs no audit can still be read.
  v1::GetSignalRequest basic = FullSignal(signal);
  basic.set_view(v1::VIEW_BASIC);
  auto seen = office.Ask<v1::Signal>(Team(), kGetSignal, basic);
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_THAT(seen->SerializeAsString(), Not(HasSubstr("erzonnen")));
}

TEST(ViewFull, IsForThoseOnlyWhomTheDisclosureTableNames) {
  Office office;
  const std::string signal = office.Submit(Shop(), WithDetails());
  struct Case {
    domain::Caller caller;
    std::string signal, referral;
  };
  for (const auto& [caller, of_signal, of_referral] : {
           Case{Coordinator(), "VIEW_NOT_ALLOWED", "VIEW_NOT_ALLOWED"},
           Case{Shop(), "VIEW_NOT_ALLOWED", "ROLE_NOT_ALLOWED"},
           Case{Receiver(), "SIGNAL_NOT_FOUND", "REFERRAL_NOT_FOUND"},
           Case{Village(), "SIGNAL_NOT_FOUND", "REFERRAL_NOT_FOUND"},
       }) {
    EXPECT_EQ(
        domain::ReasonOf(office.Ask<v1::Signal>(caller, kGetSignal, FullSignal(signal)).status()),
        of_signal)
        << caller.id;
    EXPECT_EQ(domain::ReasonOf(
                  office.Ask<v1::Referral>(caller, kGetReferral, FullReferral(signal)).status()),
              of_referral)
        << caller.id;
  }
  EXPECT_THAT(AuditsOf(office, signal), IsEmpty());
}

TEST(ViewFull, ShowsTheSignallerTheQuestionThatWaitsAndNothingElse) {
  Office office;
  const std::string signal = office.Submit(Shop(), WithDetails());
  v1::AskSignallerRequest ask;
  ask.set_name(Office::FirstReferral(signal));
  ask.set_text("In welke straat?");
  ask.set_request_id("11111111-2222-3333-4444-555555555555");
  ASSERT_TRUE(office.Ask<v1::Referral>(Team(), "ReferralService/AskSignaller", ask).ok());
  v1::GetSignalRequest basic;
  basic.set_name(signal);
  const auto seen = office.Ask<v1::Signal>(Shop(), kGetSignal, basic);
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_TRUE(seen->question_waits());
  EXPECT_FALSE(seen->has_question());
  EXPECT_THAT(AuditsOf(office, signal), IsEmpty());
  const auto full = office.Ask<v1::Signal>(Shop(), kGetSignal, FullSignal(signal));
  ASSERT_TRUE(full.ok()) << full.status();
  EXPECT_EQ(full->question().text(), "In welke straat?");
  EXPECT_THAT(full->SerializeAsString(), Not(HasSubstr("erzonnen")));
  const auto audits = AuditsOf(office, signal);
  ASSERT_THAT(audits, SizeIs(1));
  EXPECT_EQ(audits[0].role(), "signaller");
  EXPECT_EQ(audits[0].organisation(), commit::testing::Org("winkel"));
  v1::AnswerQuestionRequest answer;
  answer.set_name(signal);
  answer.set_text("Achter de molen");
  answer.mutable_reach()->set_phone("0570 111111");
  answer.set_request_id("11111111-2222-3333-4444-555555555556");
  ASSERT_TRUE(
      office.Ask<v1::AnswerQuestionResponse>(Shop(), "SignalService/AnswerQuestion", answer).ok());
  EXPECT_EQ(
      domain::ReasonOf(office.Ask<v1::Signal>(Shop(), kGetSignal, FullSignal(signal)).status()),
      "VIEW_NOT_ALLOWED");
  const auto referral = office.Ask<v1::Referral>(Team(), kGetReferral, FullReferral(signal));
  ASSERT_TRUE(referral.ok()) << referral.status();
  EXPECT_EQ(referral->person().reach().phone(), "0570 111111");
  EXPECT_EQ(referral->person().reach().person_name(), "Mevrouw Verzonnen");
  ASSERT_THAT(referral->person().questions(), SizeIs(1));
  EXPECT_EQ(referral->person().questions(0).answer(), "Achter de molen");
  const auto whole = office.Ask<v1::Signal>(Team(), kGetSignal, FullSignal(signal));
  ASSERT_TRUE(whole.ok()) << whole.status();
  EXPECT_EQ(whole->question().answer(), "Achter de molen");
  EXPECT_EQ(office.Ask<v1::Signal>(Coordinator(), kGetSignal, basic)->question().text(), "");
}

TEST(ViewBasic, HoldsNothingPersonalAndNeedsNoAudit) {
  Office office;
  const std::string signal = office.Submit(Shop(), WithDetails());
  for (const domain::Caller& caller : {Shop(), Team(), Coordinator()}) {
    v1::GetSignalRequest request;
    request.set_name(signal);
    auto seen = office.Ask<v1::Signal>(caller, kGetSignal, request);
    ASSERT_TRUE(seen.ok()) << seen.status();
    EXPECT_THAT(seen->SerializeAsString(), Not(HasSubstr("erzonnen"))) << caller.id;
    EXPECT_GT(seen->revision(), 0);
  }
  EXPECT_THAT(AuditsOf(office, signal), IsEmpty());
}

}  // namespace
}  // namespace omzien::rpc::testing
