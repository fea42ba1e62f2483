// Someone who wants no contact: it is remembered for the person, found again, and ended by asking.

#include "server/commit/no_contact.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/message_differencer.h"
#include "server/domain/case_rules.h"
#include "server/domain/disclosure.h"
#include "server/domain/no_contact.h"
#include "server/domain/times.h"
#include "server/jobs/deadlines.h"
#include "storage/keys.h"
#include "tests/server/commit/recount.h"
#include "tests/server/commit/steps.h"

namespace omzien::commit::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kPhone[] = "0699000001";
constexpr char kStreet[] = "Verzonnenstraat 12";

// Thirty days of silence; volunteers have the mandate for the village; a word is acute.
WorldOptions Municipality() {
  WorldOptions options;
  v1::Municipality* municipality = options.catalog.mutable_municipality();
  municipality->mutable_deadlines()->set_accept_days(2);
  municipality->mutable_deadlines()->set_first_contact_days(7);
  municipality->mutable_deadlines()->set_offer_contact_days(7);
  municipality->set_do_not_contact_days(30);
  municipality->mutable_acute()->add_words("wil dood");
  municipality->mutable_acute()->mutable_call()->set_nl("Bel 112.");
  municipality->mutable_acute()->mutable_call()->set_en("Call 112.");
  v1::Mandate* mandate = options.catalog.add_mandates();
  mandate->set_organisation("dorpsteam");
  mandate->add_districts("WK990102");
  mandate->mutable_since()->set_year(2024);
  mandate->mutable_since()->set_month(1);
  mandate->mutable_since()->set_day(1);
  mandate->set_data_agreement("D-2024-1");
  return options;
}

v1::SubmitSignalRequest About(const std::string& phone, const std::string& address = "",
                              const std::string& name = "", std::string_view district = "WK990101",
                              bool consent = false) {
  v1::SubmitSignalRequest request = Elder(district, consent);
  request.mutable_signal()->mutable_reach()->set_phone(phone);
  request.mutable_signal()->mutable_reach()->set_address(address);
  request.mutable_signal()->mutable_reach()->set_person_name(name);
  return request;
}

absl::StatusOr<v1::Referral> Says(World& world, const std::string& signal, v1::ContactWish wish,
                                  v1::ContactResult result = v1::CONTACT_RESULT_REFUSED) {
  v1::RecordContactAttemptRequest request = Recording(signal, 1, Attempt(result));
  request.mutable_attempt()->set_contact_wish(wish);
  return world.Record(Team(), request);
}

// A case in which the person said no, closed.
std::string SaidNo(World& world, const v1::SubmitSignalRequest& request) {
  const std::string signal = MustSubmit(world, request);
  const auto said = Says(world, signal, v1::CONTACT_WISH_NO_CONTACT);
  EXPECT_TRUE(said.ok()) << said.status();
  auto complete = On<v1::CompleteReferralRequest>(signal, 1);
  complete.set_outcome(v1::OUTCOME_PERSON_DECLINED);
  EXPECT_TRUE(world.Complete(Team(), complete).ok());
  return signal;
}

v1::Referral ShownTo(World& world, const domain::Caller& caller, const std::string& signal,
                     uint32_t number) {
  const storage::v1::Case record = world.CaseOf(signal);
  return domain::ReferralFor(record, number, domain::RelationsTo(record, caller), world.now());
}

v1::SamePerson NoShown(World& world, const std::string& signal, uint32_t number = 1) {
  return ShownTo(world, Team(), signal, number).earlier_no().same_person();
}

size_t HashRows(World& world) {
  std::string prefix = storage::keys::NoContactHash(kGM, "");
  prefix.resize(prefix.size() - 2);
  size_t rows = 0;
  for (const storage::Entry& row : world.Rows()) rows += row.key.starts_with(prefix) ? 1 : 0;
  return rows;
}

TEST(NoContact, ANewSignalGoesToTheTeamThatSeesTheEarlierNo) {
  const struct {
    const char* what;
    v1::SubmitSignalRequest before;
    v1::SubmitSignalRequest now;
    v1::SamePerson same;
    const char* to;
  } rows[] = {
      {"the same phone, with consent", About(kPhone),
       About("+31 6 99 00 00 01", "", "", "WK990101", true), v1::SAME_PERSON_SURE,
       "gemeente_ASSIGNED"},
      {"the same phone, where volunteers have the mandate", About(kPhone),
       About(kPhone, "", "", "WK990102"), v1::SAME_PERSON_SURE, "gemeente_ASSIGNED"},
      {"the same address", About("", kStreet), About("", "verzonnenstr. 12"),
       v1::SAME_PERSON_POSSIBLE, "gemeente_ASSIGNED"},
      {"the same name and address", About("", kStreet, "Truus Verzonnen"),
       About("", kStreet, "mevr. Truus Verzonnen"), v1::SAME_PERSON_SURE, "gemeente_ASSIGNED"},
      {"a housemate, with consent", About("", kStreet, "Truus Verzonnen"),
       About("", kStreet, "Piet Verzonnen", "WK990101", true), v1::SAME_PERSON_UNSPECIFIED,
       "ontvanger/maatje_ASSIGNED"},
      {"someone else, in the village", About(kPhone), About("0699000002", "", "", "WK990102"),
       v1::SAME_PERSON_UNSPECIFIED, "dorpsteam_ASSIGNED"},
  };
  for (const auto& row : rows) {
    World world(Municipality());
    const std::string before = SaidNo(world, row.before);
    const std::string signal = MustSubmit(world, row.now);
    EXPECT_THAT(ReferralsOf(world, signal), ElementsAre(row.to)) << row.what;
    EXPECT_EQ(NoShown(world, signal), row.same) << row.what;
    if (row.same != v1::SAME_PERSON_UNSPECIFIED) {
      const v1::EarlierNo no = ShownTo(world, Team(), signal, 1).earlier_no();
      EXPECT_EQ(no.say_time().seconds(), absl::ToUnixSeconds(world.now())) << row.what;
      EXPECT_GT(no.expire_time().seconds() - no.say_time().seconds(), 30 * 86400 - 86400);
    }
    EXPECT_THAT(Differences(world), IsEmpty()) << row.what;
  }
}

TEST(NoContact, ThatEndedElsewhereEndsWhatAnotherCaseNotedOfIt) {
  World world(Municipality());
  SaidNo(world, About(kPhone));
  const std::string noted = MustSubmit(world, About(kPhone));
  ASSERT_EQ(NoShown(world, noted), v1::SAME_PERSON_SURE);
  v1::SubmitSignalRequest asks = About(kPhone);
  asks.mutable_signal()->set_signaller_kind(v1::SIGNALLER_KIND_SELF);
  MustSubmit(world, asks);
  // Who has the other case can't close it any more by a no that is over.
  ASSERT_TRUE(world.Accept(Team(), On<v1::AcceptReferralRequest>(noted, 1)).ok());
  EXPECT_EQ(NoShown(world, noted), v1::SAME_PERSON_UNSPECIFIED);
  auto complete = On<v1::CompleteReferralRequest>(noted, 1);
  complete.set_outcome(v1::OUTCOME_PERSON_DECLINED);
  EXPECT_EQ(domain::ReasonOf(world.Complete(Team(), complete).status()), "PERSON_NOT_REACHED");
  EXPECT_THAT(Differences(world), IsEmpty());
}

TEST(NoContact, AnAttemptThatIsRecordedLateOvertakesNothing) {
  const auto no = v1::CONTACT_WISH_NO_CONTACT;
  const auto yes = v1::CONTACT_WISH_CONTACT;
  const struct {
    const char* what;
    v1::ContactWish first, second;
    bool stops;
  } rows[] = {
      {"a yes of before a no", no, yes, true},
      {"a no of before a yes", no, no, true},
  };
  for (const auto& row : rows) {
    World world(Municipality());
    const std::string signal = MustSubmit(world, About(kPhone));
    const absl::Time received = world.now();
    world.Advance(absl::Hours(2));
    ASSERT_TRUE(Says(world, signal, row.first, v1::CONTACT_RESULT_REACHED).ok()) << row.what;
    const auto said = world.CaseOf(signal).no_contact().say_time();
    v1::RecordContactAttemptRequest late =
        Recording(signal, 1, Attempt(v1::CONTACT_RESULT_REACHED));
    late.mutable_attempt()->set_contact_wish(row.second);
    *late.mutable_attempt()->mutable_attempt_time() =
        domain::TimestampOf(received + absl::Hours(1));
    ASSERT_TRUE(world.Record(Team(), late).ok()) << row.what;
    EXPECT_EQ(NoShown(world, signal) == v1::SAME_PERSON_SURE, row.stops) << row.what;
    EXPECT_EQ(world.CaseOf(signal).no_contact().say_time().seconds(), said.seconds()) << row.what;
  }
}

TEST(NoContact, TheSignallerIsAnsweredAsIfNothingHadBeenSaid) {
  const struct {
    const char* what;
    v1::SubmitSignalRequest request;
  } rows[] = {
      {"first contact", About(kPhone)},
      {"volunteers call first there", About(kPhone, "", "", "WK990102")},
      {"straight to an offer", About(kPhone, "", "", "WK990101", true)},
      {"nobody covers it", About(kPhone, "", "", "WK990103")},
  };
  for (const auto& row : rows) {
    WorldOptions options = Municipality();
    options.catalog.mutable_teams(0)->clear_districts();
    options.catalog.mutable_teams(0)->set_all_districts(false);
    options.catalog.mutable_teams(0)->add_districts("WK990101");
    std::vector<v1::SubmitSignalResponse> answers;
    std::vector<v1::Signal> later;
    for (const bool earlier : {false, true}) {
      World world(options);
      const std::string other = earlier ? kPhone : "0699000009";
      SaidNo(world, About(other));
      v1::SubmitSignalRequest request = row.request;
      request.set_request_id("4b7e6c00-0000-4000-8000-000000000001");
      auto answer = world.Submit(Shop(), request);
      ASSERT_TRUE(answer.ok()) << answer.status();
      const storage::v1::Case record = world.CaseOf(answer->signal().name());
      EXPECT_EQ(domain::StateAt(record, world.now()) == v1::SIGNAL_STATE_UNMATCHED,
                !earlier && std::string(row.what) == "nobody covers it");
      v1::Signal seen = domain::SignalFor(record, domain::AsSignaller(), nullptr, world.now());
      for (v1::Signal* signal : {answer->mutable_signal(), &seen}) {
        signal->clear_name();  // each world has a key of its own
        signal->clear_reference();
      }
      answer->clear_thanks();
      answers.push_back(*std::move(answer));
      later.push_back(std::move(seen));
    }
    EXPECT_EQ(answers[0].DebugString(), answers[1].DebugString()) << row.what;
    EXPECT_EQ(later[0].DebugString(), later[1].DebugString()) << row.what;
  }
}

TEST(NoContact, IsShownToFirstContactAndCoordinatorsOnly) {
  World world(Municipality());
  SaidNo(world, About(kPhone));
  const std::string signal = MustSubmit(world, About(kPhone));
  EXPECT_TRUE(ShownTo(world, Team(), signal, 1).has_earlier_no());
  EXPECT_TRUE(ShownTo(world, Coordinator(), signal, 1).has_earlier_no());
  EXPECT_FALSE(ShownTo(world, Shop(), signal, 1).has_earlier_no());
  // There is a reason to call after all: a human decided, and a receiver hears nothing of it.
  auto reached = Recording(signal, 1);
  *reached.mutable_consent() = Consent();
  ASSERT_TRUE(world.Record(Team(), reached).ok());
  ASSERT_TRUE(world.Place(Team(), Placing(signal, {"maatje"})).ok());
  EXPECT_FALSE(ShownTo(world, Receiver(), signal, 2).has_earlier_no());
  EXPECT_THAT(Differences(world), IsEmpty());
}

TEST(NoContact, NothingHappensByItself) {
  World world(Municipality());
  SaidNo(world, About(kPhone));
  const std::string signal = MustSubmit(world, About(kPhone, "", "", "WK990101", true));
  world.Advance(absl::Hours(24 * 4));
  jobs::Deadlines deadlines(&world.cases(), &world.queue(), &world.catalogues(), world.clock());
  ASSERT_TRUE(deadlines.Sweep().ok());
  EXPECT_THAT(ReferralsOf(world, signal), ElementsAre("gemeente_ASSIGNED"));
  EXPECT_TRUE(world.CaseOf(signal).referrals(0).referral().has_escalate_time());
  EXPECT_THAT(Differences(world), IsEmpty());
}

TEST(NoContact, InItsOwnCaseToo) {
  World world(Municipality());
  const std::string signal = ReadyToPlace(world, About(kPhone, "", "", "WK990101"));
  ASSERT_TRUE(world.Place(Team(), Placing(signal, {"maatje"})).ok());
  auto no = Recording(signal, 2);
  no.mutable_attempt()->set_contact_wish(v1::CONTACT_WISH_NO_CONTACT);
  ASSERT_TRUE(world.Record(Receiver(), no).ok());
  auto failing = On<v1::FailReferralRequest>(signal, 2);
  failing.set_reason(v1::FAIL_REASON_NOT_WHAT_IS_NEEDED);
  ASSERT_TRUE(world.Fail(Receiver(), failing).ok());
  EXPECT_THAT(ReferralsOf(world, signal),
              ElementsAre("gemeente_COMPLETED", "ontvanger/maatje_FAILED", "gemeente_ASSIGNED"))
      << "not to the next offer";
  EXPECT_EQ(NoShown(world, signal, 3), v1::SAME_PERSON_SURE);
  EXPECT_THAT(Differences(world), IsEmpty());
}

TEST(NoContact, ClosesWithoutAnAttemptWhereItIsSure) {
  const struct {
    const char* what;
    v1::SubmitSignalRequest request;
    v1::Outcome outcome;
    const char* refused;
  } rows[] = {
      {"sure", About(kPhone), v1::OUTCOME_PERSON_DECLINED, ""},
      {"sure, another outcome", About(kPhone), v1::OUTCOME_ADVICE_ONLY, "PERSON_NOT_REACHED"},
      {"possible", About("", kStreet), v1::OUTCOME_PERSON_DECLINED, "PERSON_NOT_REACHED"},
      {"nothing", About("0699000002"), v1::OUTCOME_PERSON_DECLINED, "PERSON_NOT_REACHED"},
  };
  for (const auto& row : rows) {
    World world(Municipality());
    SaidNo(world, About(kPhone, kStreet));
    const std::string signal = MustSubmit(world, row.request);
    auto complete = On<v1::CompleteReferralRequest>(signal, 1);
    complete.set_outcome(row.outcome);
    EXPECT_EQ(domain::ReasonOf(world.Complete(Team(), complete).status()), "WRONG_STATE")
        << row.what << ": someone has to take it up";
    ASSERT_TRUE(world.Accept(Team(), On<v1::AcceptReferralRequest>(signal, 1)).ok());
    EXPECT_EQ(domain::ReasonOf(world.Complete(Team(), complete).status()), row.refused) << row.what;
    EXPECT_THAT(Differences(world), IsEmpty()) << row.what;
  }
}

TEST(NoContact, ExpiresAndIsThenCleared) {
  World world(Municipality());
  const std::string before = SaidNo(world, About(kPhone, kStreet));
  EXPECT_EQ(HashRows(world), 2u);
  const std::string id(domain::LastSegment(before));
  ASSERT_TRUE(world.Run(ClearExpiredNo(std::string(kGM), id)).ok());
  EXPECT_EQ(HashRows(world), 2u) << "it holds";
  const std::string held = MustSubmit(world, About(kPhone));
  world.Advance(absl::Hours(24 * 32));
  EXPECT_EQ(NoShown(world, held), v1::SAME_PERSON_UNSPECIFIED);
  const std::string signal = MustSubmit(world, About(kPhone, "", "", "WK990101", true));
  EXPECT_THAT(ReferralsOf(world, signal), ElementsAre("ontvanger/maatje_ASSIGNED"));
  ASSERT_TRUE(world.Run(ClearExpiredNo(std::string(kGM), id)).ok());
  EXPECT_EQ(HashRows(world), 0u);
  EXPECT_TRUE(world.CaseOf(before).no_contact().has_end_time());
  ASSERT_TRUE(world.Run(ClearExpiredNo(std::string(kGM), id)).ok());
  ASSERT_TRUE(world.Run(ClearExpiredNo(std::string(kGM), "0000000000000000")).ok());
  EXPECT_THAT(Differences(world), IsEmpty());
}

TEST(NoContact, AskingAgainEndsIt) {
  const struct {
    const char* what;
    v1::SubmitSignalRequest asking;
    bool by_the_person;
    bool ends;
  } rows[] = {
      {"a signal by the person", About(kPhone, kStreet), true, true},
      {"a signal by the person, by address alone", About("", kStreet), true, false},
      {"said in contact", About(kPhone), false, true},
      {"said in contact, by address alone", About("", kStreet), false, false},
  };
  for (const auto& row : rows) {
    WorldOptions options = Municipality();
    World world(options);
    const std::string before = SaidNo(world, About(kPhone, kStreet));
    const std::string twice = SaidNo(world, About("0699000002", kStreet, "", "WK990101"));
    v1::SubmitSignalRequest asking = row.asking;
    if (row.by_the_person) asking.mutable_signal()->set_signaller_kind(v1::SIGNALLER_KIND_SELF);
    const std::string signal = MustSubmit(world, asking);
    if (row.by_the_person) {
      EXPECT_EQ(NoShown(world, signal), v1::SAME_PERSON_UNSPECIFIED) << row.what;
    } else {
      ASSERT_TRUE(Says(world, signal, v1::CONTACT_WISH_CONTACT, v1::CONTACT_RESULT_REACHED).ok());
      EXPECT_EQ(NoShown(world, signal), v1::SAME_PERSON_UNSPECIFIED) << row.what;
    }
    EXPECT_EQ(world.CaseOf(before).no_contact().has_end_time(), row.ends) << row.what;
    EXPECT_EQ(world.CaseOf(before).no_contact().ended_by(),
              row.ends ? domain::LastSegment(signal) : "")
        << row.what;
    EXPECT_FALSE(world.CaseOf(twice).no_contact().has_end_time()) << row.what;
    EXPECT_EQ(NoShown(world, MustSubmit(world, About(kPhone))),
              row.ends ? v1::SAME_PERSON_UNSPECIFIED : v1::SAME_PERSON_SURE)
        << row.what;
    EXPECT_THAT(Differences(world), IsEmpty()) << row.what;
  }
}

TEST(NoContact, IsOutrankedByWhatIsAcute) {
  World world(Municipality());
  SaidNo(world, About(kPhone));
  v1::SubmitSignalRequest request = About(kPhone);
  request.mutable_signal()->set_own_words("Zegt: ik wil dood.");
  auto answer = world.Submit(Shop(), request);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_TRUE(answer->has_call_now());
  const std::string signal = answer->signal().name();
  EXPECT_EQ(NoShown(world, signal), v1::SAME_PERSON_SURE);
  EXPECT_FALSE(world.CaseOf(signal).has_told_first_contact());
  EXPECT_THAT(Differences(world), IsEmpty());
}

// First contact asks the signaller something.
void Ask(World& world, const domain::Caller& asker, const std::string& signal) {
  auto ask = On<v1::AskSignallerRequest>(signal, 1);
  ask.set_text("Heeft zij een telefoon?");
  EXPECT_TRUE(world.AskIt(asker, ask).ok());
}

// And the signaller answers with a number.
void AnswerWith(World& world, const std::string& signal, const std::string& phone,
                const std::string& district = "") {
  v1::AnswerQuestionRequest answer;
  answer.set_name(signal);
  answer.set_text("Ja");
  answer.mutable_reach()->set_phone(phone);
  if (!district.empty()) {
    answer.mutable_place()->set_district(domain::DistrictName(kGM, district));
  }
  EXPECT_TRUE(world.AnswerIt(Shop(), answer).ok());
}

TEST(NoContact, IsFoundByWhatTheSignallerAnswered) {
  World world(Municipality());
  const std::string before = MustSubmit(world, Elder("WK990101", false));
  Ask(world, Team(), before);
  AnswerWith(world, before, kPhone);
  ASSERT_TRUE(Says(world, before, v1::CONTACT_WISH_NO_CONTACT).ok());
  EXPECT_EQ(NoShown(world, MustSubmit(world, About(kPhone))), v1::SAME_PERSON_SURE);
  EXPECT_THAT(Differences(world), IsEmpty());
}

// How the signaller sees it, without what differs from world to world.
v1::Signal AsToldTo(World& world, const std::string& signal) {
  v1::Signal seen =
      domain::SignalFor(world.CaseOf(signal), domain::AsSignaller(), nullptr, world.now());
  seen.clear_name();  // each world has a key of its own
  seen.clear_reference();
  return seen;
}

TEST(NoContact, IsFoundByWhatTheSignallerAnswersLater) {
  const struct {
    const char* what;
    const char* district;  // of the signal at first
    const char* answered;  // of the answer; empty: none
    bool taken_up;
    std::vector<const char*> without;
    std::vector<const char*> with;
  } rows[] = {
      {"with the team", "WK990101", "", false, {"gemeente_ASSIGNED"}, {"gemeente_ASSIGNED"}},
      {"with volunteers",
       "WK990102",
       "",
       false,
       {"dorpsteam_ASSIGNED"},
       {"dorpsteam_HANDED_OVER", "gemeente_ASSIGNED"}},
      {"with volunteers who took it up",
       "WK990102",
       "",
       true,
       {"dorpsteam_ACCEPTED"},
       {"dorpsteam_ACCEPTED"}},
      {"of someone who lives where volunteers call first",
       "WK990101",
       "WK990102",
       false,
       {"gemeente_HANDED_OVER", "dorpsteam_ASSIGNED"},
       {"gemeente_ASSIGNED"}},
  };
  for (const auto& row : rows) {
    std::vector<v1::Signal> told;
    for (const bool earlier : {false, true}) {
      SCOPED_TRACE(absl::StrCat(row.what, earlier ? ", after a no" : ""));
      World world(Municipality());
      SaidNo(world, About(earlier ? kPhone : "0699000009"));
      const std::string signal = MustSubmit(world, Elder(row.district, false));
      const bool volunteers = std::string(row.district) == "WK990102";
      Ask(world, volunteers ? Mandated() : Team(), signal);
      if (row.taken_up) {
        ASSERT_TRUE(world.Accept(Mandated(), On<v1::AcceptReferralRequest>(signal, 1)).ok());
      }
      AnswerWith(world, signal, kPhone, row.answered);
      EXPECT_EQ(ReferralsOf(world, signal),
                std::vector<std::string>((earlier ? row.with : row.without).begin(),
                                         (earlier ? row.with : row.without).end()));
      EXPECT_EQ(domain::HasSureNo(world.CaseOf(signal), world.now()), earlier);
      EXPECT_THAT(Differences(world), IsEmpty());
      told.push_back(AsToldTo(world, signal));
    }
    EXPECT_EQ(told[0].DebugString(), told[1].DebugString()) << row.what;
  }
}

TEST(NoContact, KeepsVolunteersFromTakingBackWhatWentOnFromThem) {
  World world(Municipality());
  SaidNo(world, About(kPhone));
  const std::string signal = MustSubmit(world, Elder("WK990102", false));
  Ask(world, Mandated(), signal);
  AnswerWith(world, signal, kPhone);
  ASSERT_THAT(ReferralsOf(world, signal),
              ElementsAre("dorpsteam_HANDED_OVER", "gemeente_ASSIGNED"));
  auto take_back = On<v1::TakeBackReferralRequest>(signal, 2);
  take_back.set_reason("Wij kennen haar");
  EXPECT_EQ(domain::ReasonOf(world.TakeBack(Mandated(), take_back).status()), "REFERRAL_NOT_FOUND");
  EXPECT_EQ(domain::ReasonOf(world.TakeBack(Coordinator(), take_back).status()),
            "NOBODY_TO_PASS_ON_TO");
}

TEST(NoContact, ThatThePersonOverruledIsNotFoundAgainByAnAnswer) {
  World world(Municipality());
  SaidNo(world, About("", kStreet));
  const std::string signal = MustSubmit(world, About("", kStreet));
  ASSERT_EQ(NoShown(world, signal), v1::SAME_PERSON_POSSIBLE);
  Ask(world, Team(), signal);
  world.Advance(absl::Hours(1));
  // Not now, but later: that isn't contact yet.
  ASSERT_TRUE(Says(world, signal, v1::CONTACT_WISH_CONTACT).ok());
  ASSERT_EQ(NoShown(world, signal), v1::SAME_PERSON_UNSPECIFIED);
  AnswerWith(world, signal, kPhone);
  EXPECT_EQ(NoShown(world, signal), v1::SAME_PERSON_UNSPECIFIED);
}

TEST(NoContact, IsNotLookedForInAnAnswerAfterContact) {
  World world(Municipality());
  SaidNo(world, About(kPhone));
  const std::string signal = MustSubmit(world, Elder("WK990101", false));
  Ask(world, Team(), signal);
  ASSERT_TRUE(Says(world, signal, v1::CONTACT_WISH_UNSPECIFIED, v1::CONTACT_RESULT_REACHED).ok());
  AnswerWith(world, signal, kPhone);
  EXPECT_EQ(NoShown(world, signal), v1::SAME_PERSON_UNSPECIFIED);
}

TEST(NoContact, IsListedForSixteenOfOnePhoneAndStopsAllTheSame) {
  World world(Municipality());
  std::vector<std::string> signals;
  for (int i = 0; i < 18; ++i) signals.push_back(SaidNo(world, About(kPhone)));
  EXPECT_EQ(world.CaseOf(signals[15]).no_contact().hashes_size(), 1);
  EXPECT_EQ(world.CaseOf(signals[16]).no_contact().hashes_size(), 0);
  const std::string signal = MustSubmit(world, About(kPhone));
  EXPECT_THAT(world.CaseOf(signal).earlier_noes(), SizeIs(5));
  EXPECT_THAT(Differences(world), IsEmpty());
}

TEST(NoContact, SaidAgainCountsFromThen) {
  World world(Municipality());
  const std::string signal = MustSubmit(world, About(kPhone));
  ASSERT_TRUE(Says(world, signal, v1::CONTACT_WISH_NO_CONTACT).ok());
  const int64_t first = world.CaseOf(signal).no_contact().expire_time().seconds();
  world.Advance(absl::Hours(48));
  ASSERT_TRUE(Says(world, signal, v1::CONTACT_WISH_NO_CONTACT).ok());
  EXPECT_EQ(world.CaseOf(signal).no_contact().expire_time().seconds() - first, 48 * 3600);
  EXPECT_EQ(HashRows(world), 1u);
  ASSERT_TRUE(Says(world, signal, v1::CONTACT_WISH_CONTACT, v1::CONTACT_RESULT_REACHED).ok());
  EXPECT_EQ(HashRows(world), 0u);
  EXPECT_THAT(Differences(world), IsEmpty());
}

TEST(NoContact, OnlyThePersonSaysIt) {
  World world(Municipality());
  const std::string signal = MustSubmit(world, About(kPhone));
  for (const auto& attempt : {Attempt(v1::CONTACT_RESULT_REACHED, v1::CONTACT_WITH_RELATIVE),
                              Attempt(v1::CONTACT_RESULT_NO_ANSWER)}) {
    auto request = Recording(signal, 1, attempt);
    request.mutable_attempt()->set_contact_wish(v1::CONTACT_WISH_NO_CONTACT);
    EXPECT_THAT(FieldsOf(world.Record(Team(), request).status()),
                ElementsAre("attempt.contact_wish"));
  }
}

TEST(NoContact, IsThereAfterARestart) {
  World world(Municipality());
  SaidNo(world, About(kPhone));
  world.Reopen();
  EXPECT_EQ(NoShown(world, MustSubmit(world, About(kPhone))), v1::SAME_PERSON_SURE);
  EXPECT_THAT(Differences(world), IsEmpty());
}

}  // namespace
}  // namespace omzien::commit::testing
