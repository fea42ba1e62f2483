#include "server/domain/disclosure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "google/protobuf/unknown_field_set.h"
#include "google/protobuf/util/message_differencer.h"
#include "server/domain/privacy.h"
#include "tests/server/domain/case_fixtures.h"

namespace omzien::domain {
namespace {

using storage::v1::Case;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kSeen = kReceived + absl::Hours(2);

Caller With(std::vector<Grant> grants) { return Caller{"caller", std::move(grants)}; }
Caller As(Role role, const std::string& organisation = "") {
  return With({{kMunicipality, organisation, role}});
}

// What the seals of every case here hold.
PersonSource Secrets() {
  PersonSource source;
  source.signal.mutable_reach()->set_phone("secret-phone");
  source.signal.mutable_reach()->set_person_name("secret-name");
  source.signal.mutable_place()->set_words("secret-place");
  source.signal.set_own_words("secret-words");
  source.signal.set_preferred_time("secret-time");
  source.signal.mutable_current_support()->set_description("secret-support");
  source.signal.set_partner_reference("secret-reference");
  for (uint32_t number : {1u, 2u, 3u}) {
    source.attempts[{number, 0}].set_note("secret-note-" + std::to_string(number));
  }
  return source;
}

// Which of the secrets a message shows.
std::set<std::string> SecretsIn(const google::protobuf::Message& message) {
  const std::string bytes = message.SerializeAsString();
  std::set<std::string> found;
  for (const char* secret : {"phone", "name", "place", "words", "time", "support", "reference",
                             "note-1", "note-2", "note-3"}) {
    if (bytes.find(std::string("secret-") + secret) != std::string::npos) found.insert(secret);
  }
  return found;
}

// First contact by "team" (1), who reached the person and placed with "visitors" (2) and
// "walkers" (3), both accepted and tried. Consent to "visitors" only remains, which ended
// "walkers".
Case PlacedCase() {
  Case c = NewCase();
  c.mutable_signal()->set_need(v1::NEED_VISIT);
  c.mutable_signal()->set_language("ti");
  c.mutable_signal()->add_proposals()->set_offer(OfferOf("visit"));
  c.mutable_signal()->add_districts()->set_district(DistrictName(kMunicipality, "WK990101"));
  EXPECT_TRUE(AddReferral(&c, ForFirstContact("team"), kReceived).ok());
  EXPECT_TRUE(RecordAttempt(&c, 1, Reached(), kSeen).ok());
  EXPECT_TRUE(RecordConsent(&c, ConsentTo({}), kSeen).ok());
  EXPECT_TRUE(
      Place(&c, 1, {ForOffer("visitors", "visit"), ForOffer("walkers", "walk")}, kSeen).ok());
  EXPECT_TRUE(RecordAttempt(&c, 2, NoAnswer(), kSeen).ok());
  EXPECT_TRUE(RecordAttempt(&c, 3, NoAnswer(), kSeen).ok());
  EXPECT_TRUE(RecordConsent(&c, ConsentTo({"visitors"}), kSeen).ok());
  return c;
}

Case RoutedCase() {
  Case c = NewCase();
  EXPECT_TRUE(AddReferral(&c, ForFirstContact("team"), kReceived).ok());
  return c;
}

TEST(RelationsTo, FollowGrantsAndReferrals) {
  struct Row {
    const char* what;
    Caller caller;
    std::set<Relation> kinds;
    std::set<uint32_t> own;
  };
  const std::vector<Row> rows = {
      {"nobody", With({}), {}, {}},
      {"the shop", As(Role::kSignaller, "shop"), {Relation::kSignaller}, {}},
      {"another shop", As(Role::kSignaller, "bakery"), {}, {}},
      {"the shop in another role", As(Role::kReceiver, "shop"), {}, {}},
      {"the team", As(Role::kFirstContact, "team"), {Relation::kFirstContact}, {1}},
      {"the team as receiver", As(Role::kReceiver, "team"), {}, {}},
      {"visitors", As(Role::kReceiver, "visitors"), {Relation::kReceiver}, {2}},
      {"visitors as first contact", As(Role::kFirstContact, "visitors"), {}, {}},
      {"coordinator", As(Role::kCoordinator), {Relation::kCoordinator}, {}},
      {"dashboard", As(Role::kDashboard), {}, {}},
      {"coordinator elsewhere", With({{"GM9902", "", Role::kCoordinator}}), {}, {}},
      {"the team elsewhere", With({{"GM9902", "team", Role::kFirstContact}}), {}, {}},
      {"several grants",
       With({{kMunicipality, "shop", Role::kSignaller},
             {kMunicipality, "visitors", Role::kReceiver},
             {kMunicipality, "walkers", Role::kReceiver}}),
       {Relation::kSignaller, Relation::kReceiver},
       {2, 3}},
  };
  const Case c = PlacedCase();
  for (const Row& row : rows) {
    const Relations relations = RelationsTo(c, row.caller);
    EXPECT_EQ(relations.kinds, row.kinds) << row.what;
    EXPECT_EQ(relations.own_referrals, row.own) << row.what;
    EXPECT_EQ(MaySeeSignal(relations), !row.kinds.empty()) << row.what;
  }
}

TEST(RelationsTo, AFirstContactPartyThatDeclinedKeepsItsOwnReferralOnly) {
  Case c = RoutedCase();
  ASSERT_TRUE(Decline(&c, 1, v1::DECLINE_REASON_NO_CAPACITY, kSeen).ok());
  ASSERT_TRUE(AddReferral(&c, ForFirstContact("entrance"), kSeen).ok());
  const Relations team = RelationsTo(c, As(Role::kFirstContact, "team"));
  EXPECT_THAT(team.kinds, ElementsAre(Relation::kReceiver));
  EXPECT_TRUE(MaySeeReferral(team, 1));
  EXPECT_FALSE(MaySeeReferral(team, 2));
  EXPECT_EQ(ReferralFor(c, 1, team, kSeen).proposals_size(), 0);
  EXPECT_EQ(SignalFor(c, team).referrals_size(), 1);
  EXPECT_FALSE(MayOpenSignal(c, team));
  EXPECT_FALSE(MayOpenReferral(c, 1, team));
}

TEST(MayAct, OnlyWhoHoldsTheReferral) {
  const Case c = PlacedCase();
  EXPECT_TRUE(MayAct(RelationsTo(c, As(Role::kReceiver, "visitors")), 2));
  EXPECT_FALSE(MayAct(RelationsTo(c, As(Role::kReceiver, "visitors")), 3));
  EXPECT_FALSE(MayAct(RelationsTo(c, As(Role::kFirstContact, "team")), 2));
  EXPECT_FALSE(MayAct(RelationsTo(c, As(Role::kCoordinator)), 2));
}

TEST(SignallerStatus, IsCoarse) {
  struct Row {
    v1::SignallerKind kind;
    bool picked_up, contact, may_know, closed;
    v1::SignallerStatus status;
  };
  const auto shop = v1::SIGNALLER_KIND_SHOPKEEPER;
  const auto gp = v1::SIGNALLER_KIND_GP;
  const std::vector<Row> rows = {
      {shop, false, false, false, false, v1::SIGNALLER_STATUS_RECEIVED},
      {shop, true, false, false, false, v1::SIGNALLER_STATUS_PICKED_UP},
      {shop, true, true, false, false, v1::SIGNALLER_STATUS_PICKED_UP},
      {shop, true, true, true, false, v1::SIGNALLER_STATUS_CONTACT_MADE},
      {shop, true, true, false, true, v1::SIGNALLER_STATUS_CLOSED},
      {v1::SIGNALLER_KIND_RESIDENT, true, true, false, false, v1::SIGNALLER_STATUS_PICKED_UP},
      {v1::SIGNALLER_KIND_UNSPECIFIED, true, true, false, false, v1::SIGNALLER_STATUS_PICKED_UP},
      {gp, true, true, false, false, v1::SIGNALLER_STATUS_CONTACT_MADE},
      {v1::SIGNALLER_KIND_SELF, true, true, false, false, v1::SIGNALLER_STATUS_CONTACT_MADE},
      {gp, true, true, false, true, v1::SIGNALLER_STATUS_CLOSED},
  };
  for (const Row& row : rows) {
    Case c = NewCase();
    c.mutable_signal()->set_signaller_kind(row.kind);
    if (row.picked_up) *c.mutable_pick_up_time() = TimestampOf(kSeen);
    if (row.contact) *c.mutable_signal()->mutable_contact_time() = TimestampOf(kSeen);
    c.set_signaller_may_know(row.may_know);
    if (row.closed) c.mutable_signal()->set_state(v1::SIGNAL_STATE_CLOSED);
    EXPECT_EQ(SignallerStatusOf(c), row.status)
        << v1::SignallerKind_Name(row.kind) << row.contact << row.may_know << row.closed;
  }
}

// Names of the fields that are set.
std::set<std::string> SetFields(const google::protobuf::Message& message) {
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  std::set<std::string> names;
  for (const auto* field : fields) names.insert(field->name());
  return names;
}

TEST(SignalFor, TheSignallerSeesThatItIsTakenUpAndByWhomOnly) {
  const PersonSource secrets = Secrets();
  const Case c = PlacedCase();
  for (const Relations& relations : {AsSignaller(), RelationsTo(c, As(Role::kSignaller, "shop"))}) {
    const v1::Signal seen = SignalFor(c, relations, &secrets);
    EXPECT_EQ(SetFields(seen), (std::set<std::string>{"name", "reference", "status", "receive_time",
                                                      "first_contact"}));
    EXPECT_EQ(SetFields(seen.first_contact()), (std::set<std::string>{"display_name"}));
    EXPECT_EQ(seen.reference(), "K7Q2-M4XP");
    EXPECT_EQ(seen.status(), v1::SIGNALLER_STATUS_PICKED_UP);
  }
}

// The signal of this kind, withdrawn before or after the person was reached.
Case WithdrawnCase(v1::SignallerKind kind, bool reached) {
  Case c = RoutedCase();
  c.mutable_signal()->set_signaller_kind(kind);
  if (reached) {
    EXPECT_TRUE(RecordAttempt(&c, 1, Reached(), kSeen).ok());
  }
  EXPECT_TRUE(Withdraw(&c, kSeen).ok());
  return c;
}

TEST(SignalFor, WhoWithdrewIsNotToldByItThatThePersonWasReached) {
  for (const auto kind : {v1::SIGNALLER_KIND_SHOPKEEPER, v1::SIGNALLER_KIND_RESIDENT,
                          v1::SIGNALLER_KIND_UNSPECIFIED}) {
    const Case before = WithdrawnCase(kind, false);
    Case after = WithdrawnCase(kind, true);
    const std::string told = SignalFor(before, AsSignaller()).SerializeAsString();
    EXPECT_EQ(SignalFor(before, AsSignaller()).status(), v1::SIGNALLER_STATUS_CLOSED);
    EXPECT_EQ(SignalFor(after, AsSignaller()).SerializeAsString(), told);
    // Nor by what becomes of it: another calls, it is placed, it ends.
    ASSERT_TRUE(AddReferral(&after, ForFirstContact("entrance"), kSeen).ok());
    EXPECT_EQ(SignalFor(after, AsSignaller()).SerializeAsString(), told);
    ASSERT_TRUE(RecordConsent(&after, ConsentTo({}), kSeen).ok());
    ASSERT_TRUE(Place(&after, 1, {ForOffer("visitors", "visit")}, kSeen).ok());
    EXPECT_EQ(SignalFor(after, AsSignaller()).SerializeAsString(), told);
    after.mutable_signal()->set_state(v1::SIGNAL_STATE_CLOSED);
    EXPECT_EQ(SignalFor(after, AsSignaller()).SerializeAsString(), told);
  }
}

TEST(SignalFor, WhoMayHearOfContactSeesThatAWithdrawalIsARemark) {
  const Case gp = WithdrawnCase(v1::SIGNALLER_KIND_GP, true);
  EXPECT_EQ(SetFields(SignalFor(gp, AsSignaller())),
            (std::set<std::string>{"name", "reference", "status", "receive_time", "first_contact",
                                   "withdraw_remark_time"}));
  EXPECT_EQ(SignallerStatusOf(gp), v1::SIGNALLER_STATUS_CONTACT_MADE);
  Case shop = WithdrawnCase(v1::SIGNALLER_KIND_SHOPKEEPER, true);
  shop.set_signaller_may_know(true);
  EXPECT_EQ(SignallerStatusOf(shop), v1::SIGNALLER_STATUS_CONTACT_MADE);
  EXPECT_TRUE(SignalFor(shop, AsSignaller()).has_withdraw_remark_time());
  const Case stopped = WithdrawnCase(v1::SIGNALLER_KIND_GP, false);
  EXPECT_EQ(SignallerStatusOf(stopped), v1::SIGNALLER_STATUS_CLOSED);
  EXPECT_FALSE(SignalFor(stopped, AsSignaller()).has_withdraw_remark_time());
}

TEST(SignalFor, WhoSignalsOneselfSeesOrganisationAndNextStep) {
  Case c = RoutedCase();
  c.mutable_signal()->set_signaller_kind(v1::SIGNALLER_KIND_SELF);
  EXPECT_EQ(SetFields(SignalFor(c, AsSignaller()).first_contact()),
            (std::set<std::string>{"organisation", "display_name", "contact_by"}));
}

TEST(SignalFor, AReceiverSeesItsOwnReferralNotThePlan) {
  const Case c = PlacedCase();
  const PersonSource secrets = Secrets();
  const v1::Signal seen = SignalFor(c, RelationsTo(c, As(Role::kReceiver, "visitors")), &secrets);
  EXPECT_EQ(SetFields(seen), (std::set<std::string>{"name", "reference", "receive_time", "need",
                                                    "districts", "referrals"}));
  EXPECT_THAT(seen.referrals(), ElementsAre(ReferralName(kMunicipality, kCaseId, 2)));
}

TEST(SignalFor, CoordinatorAndFirstContactSeeThePlan) {
  const Case c = PlacedCase();
  const PersonSource secrets = Secrets();
  for (const Caller& caller : {As(Role::kCoordinator), As(Role::kFirstContact, "team")}) {
    const v1::Signal basic = SignalFor(c, RelationsTo(c, caller));
    EXPECT_EQ(basic.proposals_size(), 1);
    EXPECT_EQ(basic.referrals_size(), 3);
    EXPECT_EQ(basic.state(), v1::SIGNAL_STATE_PLACED);
    EXPECT_EQ(basic.etag(), EtagOf(c.version()));
    EXPECT_TRUE(basic.has_consent());
    EXPECT_THAT(SecretsIn(basic), IsEmpty());
  }
  const v1::Signal coordinator = SignalFor(c, RelationsTo(c, As(Role::kCoordinator)), &secrets);
  EXPECT_THAT(SecretsIn(coordinator), IsEmpty());
  const v1::Signal team = SignalFor(c, RelationsTo(c, As(Role::kFirstContact, "team")), &secrets);
  EXPECT_THAT(SecretsIn(team),
              ElementsAre("name", "phone", "place", "reference", "support", "time", "words"));
}

TEST(SignalFor, ARecordThatHeldPersonalDataByMistakeStillShowsNone) {
  Case c = RoutedCase();
  c.mutable_signal()->set_own_words("secret-words");
  c.mutable_referrals(0)->mutable_referral()->add_attempts()->set_note("secret-note-1");
  const Relations coordinator = RelationsTo(c, As(Role::kCoordinator));
  EXPECT_THAT(SecretsIn(SignalFor(c, coordinator)), IsEmpty());
  EXPECT_THAT(SecretsIn(ReferralFor(c, 1, coordinator, kSeen)), IsEmpty());
}

TEST(ReferralFor, DerivesWhatIsNotStored) {
  const Case c = RoutedCase();
  const Relations coordinator = RelationsTo(c, As(Role::kCoordinator));
  const v1::Referral seen = ReferralFor(c, 1, coordinator, kReceived + absl::Hours(73));
  EXPECT_EQ(seen.name(), ReferralName(kMunicipality, kCaseId, 1));
  EXPECT_EQ(seen.signal(), SignalName(kMunicipality, kCaseId));
  EXPECT_EQ(seen.reference(), "K7Q2-M4XP");
  EXPECT_EQ(seen.etag(), "\"1\"");
  EXPECT_TRUE(seen.overdue());
  EXPECT_FALSE(seen.consent_given());
  EXPECT_FALSE(ReferralFor(c, 1, coordinator, kSeen).overdue());
  EXPECT_EQ(ReferralFor(c, 9, coordinator, kSeen).ByteSizeLong(), 0u);
}

struct Opening {
  const char* what;
  Caller caller;
  uint32_t number;
  bool opens;
  std::set<std::string> secrets;
};

const std::set<std::string> kDetailsAndSituation = {"name", "phone", "place", "time", "support"};

std::set<std::string> Plus(std::set<std::string> set, const std::set<std::string>& more) {
  set.insert(more.begin(), more.end());
  return set;
}

void CheckOpenings(const Case& c, const std::vector<Opening>& openings) {
  const PersonSource secrets = Secrets();
  for (const Opening& opening : openings) {
    const Relations relations = RelationsTo(c, opening.caller);
    EXPECT_EQ(MayOpenReferral(c, opening.number, relations), opening.opens) << opening.what;
    EXPECT_EQ(SecretsIn(ReferralFor(c, opening.number, relations, kSeen, &secrets)),
              opening.secrets)
        << opening.what;
    EXPECT_THAT(SecretsIn(ReferralFor(c, opening.number, relations, kSeen)), IsEmpty())
        << opening.what << ", view BASIC";
  }
}

// Which of its own referrals opens it for a caller that has several: the audit entry names its
// organisation and role.
TEST(Opening, IsByTheReferralThatGivesTheRight) {
  Case placed = PlacedCase();
  ASSERT_TRUE(AddReferral(&placed, ForOffer("walkers", "stroll"), kSeen).ok());  // 4
  ASSERT_TRUE(RecordConsent(&placed, ConsentTo({"visitors", "walkers"}), kSeen).ok());
  Case again = placed;
  ASSERT_TRUE(AddReferral(&again, ForFirstContact("entrance"), kSeen).ok());  // 5
  const Caller receivers = With(
      {{kMunicipality, "visitors", Role::kReceiver}, {kMunicipality, "walkers", Role::kReceiver}});
  const Caller team_too = With(
      {{kMunicipality, "team", Role::kFirstContact}, {kMunicipality, "walkers", Role::kReceiver}});
  const Caller both_teams = With({{kMunicipality, "team", Role::kFirstContact},
                                  {kMunicipality, "entrance", Role::kFirstContact}});
  struct Row {
    const char* what;
    const Case& c;
    Caller caller;
    uint32_t number;  // 0: the signal
    std::string by;   // "": not opened
  };
  const std::vector<Row> rows = {
      {"the one asked for", placed, receivers, 2, "visitors"},
      {"the other", placed, receivers, 4, "walkers"},
      {"one that ended", placed, receivers, 3, ""},
      {"the signal isn't theirs", placed, receivers, 0, ""},
      {"first contact opens the offer's too", placed, team_too, 4, "team"},
      {"the signal", placed, team_too, 0, "team"},
      {"whoever calls now", again, both_teams, 0, "entrance"},
      {"and its placing before", again, both_teams, 1, "entrance"},
  };
  for (const Row& row : rows) {
    const Relations relations = RelationsTo(row.c, row.caller);
    const v1::Referral* by = row.number == 0 ? OpensSignalBy(row.c, relations)
                                             : OpensReferralBy(row.c, row.number, relations);
    EXPECT_EQ(by == nullptr ? "" : std::string(LastSegment(by->organisation())), row.by)
        << row.what;
  }
}

TEST(Opening, BeforeConsentTheFirstContactPartyAlone) {
  Case c = RoutedCase();
  CheckOpenings(
      c, {{"team", As(Role::kFirstContact, "team"), 1, true, Plus(kDetailsAndSituation, {"words"})},
          {"coordinator", As(Role::kCoordinator), 1, false, {}},
          {"signaller", As(Role::kSignaller, "shop"), 1, false, {}},
          {"a receiver", As(Role::kReceiver, "visitors"), 1, false, {}}});
}

TEST(Opening, AfterPlacementByConsent) {
  const Case c = PlacedCase();
  CheckOpenings(c, {{"team, own", As(Role::kFirstContact, "team"), 1, true,
                     Plus(kDetailsAndSituation, {"words", "note-1"})},
                    {"team, another's notes stay shut", As(Role::kFirstContact, "team"), 2, true,
                     Plus(kDetailsAndSituation, {"words"})},
                    {"visitors", As(Role::kReceiver, "visitors"), 2, true,
                     Plus(kDetailsAndSituation, {"note-2"})},
                    {"visitors, another's", As(Role::kReceiver, "visitors"), 3, false, {}},
                    {"walkers, without consent", As(Role::kReceiver, "walkers"), 3, false, {}},
                    {"coordinator", As(Role::kCoordinator), 2, false, {}}});
}

TEST(Opening, FollowsTheScopes) {
  struct Row {
    std::vector<v1::ConsentScope> what;
    std::set<std::string> secrets;
  };
  const std::vector<Row> rows = {
      {{}, kDetailsAndSituation},
      {{v1::CONSENT_SCOPE_CONTACT_DETAILS}, {"name", "phone", "place"}},
      {{v1::CONSENT_SCOPE_SITUATION}, {"time", "support"}},
      {{v1::CONSENT_SCOPE_SIGNALLERS_WORDS}, {"words"}},
      {{v1::CONSENT_SCOPE_CONTACT_DETAILS, v1::CONSENT_SCOPE_SITUATION,
        v1::CONSENT_SCOPE_SIGNALLERS_WORDS},
       Plus(kDetailsAndSituation, {"words"})},
  };
  for (const Row& row : rows) {
    Case c = PlacedCase();
    v1::Consent consent = ConsentTo({"visitors"});
    for (const v1::ConsentScope scope : row.what) consent.add_what(scope);
    ASSERT_TRUE(RecordConsent(&c, consent, kSeen).ok());
    CheckOpenings(
        c, {{"visitors", As(Role::kReceiver, "visitors"), 2, true, Plus(row.secrets, {"note-2"})}});
  }
}

TEST(Opening, EndsWithTheReferralTheConsentOrTheSignal) {
  Case taken_back = PlacedCase();
  v1::Consent none = ConsentTo({});
  *none.mutable_withdraw_time() = TimestampOf(kSeen);
  ASSERT_TRUE(RecordConsent(&taken_back, none, kSeen).ok());
  CheckOpenings(taken_back,
                {{"consent taken back", As(Role::kReceiver, "visitors"), 2, false, {}}});

  Case ended = PlacedCase();
  ASSERT_TRUE(Complete(&ended, 2, v1::OUTCOME_MOVED, ThreeOverTwo(), kSeen, kSeen).ok());
  CheckOpenings(ended, {{"referral ended", As(Role::kReceiver, "visitors"), 2, false, {}}});
  CheckOpenings(ended, {{"signal closed", As(Role::kFirstContact, "team"), 1, false, {}}});
}

TEST(Opening, ASelfSignalIsConsentToFirstContactOnly) {
  Case c = RoutedCase();
  c.mutable_signal()->set_signaller_kind(v1::SIGNALLER_KIND_SELF);
  ASSERT_TRUE(AddReferral(&c, ForOffer("visitors", "visit"), kSeen).ok());
  const Relations coordinator = RelationsTo(c, As(Role::kCoordinator));
  EXPECT_TRUE(ReferralFor(c, 1, coordinator, kSeen).consent_given());
  EXPECT_FALSE(ReferralFor(c, 2, coordinator, kSeen).consent_given());
  CheckOpenings(c, {{"visitors", As(Role::kReceiver, "visitors"), 2, false, {}}});
}

TEST(ReferralFor, AFirstContactComesWithTheSignalsProposals) {
  const Case c = PlacedCase();
  for (const Caller& caller : {As(Role::kCoordinator), As(Role::kFirstContact, "team")}) {
    const v1::Referral first = ReferralFor(c, 1, RelationsTo(c, caller), kSeen);
    ASSERT_EQ(first.proposals_size(), 1);
    EXPECT_EQ(first.proposals(0).offer(), OfferOf("visit"));
    EXPECT_EQ(ReferralFor(c, 2, RelationsTo(c, caller), kSeen).proposals_size(), 0);
  }
}

TEST(ReferralFor, AReceiverSeesNoProposals) {
  const Case c = PlacedCase();
  const Relations visitors = RelationsTo(c, As(Role::kReceiver, "visitors"));
  const v1::Referral seen = ReferralFor(c, 2, visitors, kSeen);
  EXPECT_EQ(seen.proposals_size(), 0);
  EXPECT_EQ(seen.attempts_size(), 1);
  EXPECT_EQ(seen.need(), v1::NEED_VISIT);
  EXPECT_TRUE(seen.consent_given());
  EXPECT_EQ(ReferralFor(c, 3, visitors, kSeen).ByteSizeLong(), 0u);
}

// What an organisation with an offer sees of the situation, row by row.
TEST(ReferralFor, AReceiverSeesTheSituationAsFarAsConsentGoesAndItsPartLasts) {
  struct Row {
    const char* what;
    std::vector<v1::ConsentScope> scopes;
    bool ended;
    bool sees_reason, sees_need_and_district;
  };
  const std::vector<Row> rows = {
      {"consent to all", {}, false, true, true},
      {"to contact details only", {v1::CONSENT_SCOPE_CONTACT_DETAILS}, false, false, true},
      {"to the situation", {v1::CONSENT_SCOPE_SITUATION}, false, true, true},
      {"its part has ended", {}, true, true, false},
  };
  for (const Row& row : rows) {
    Case c = PlacedCase();
    c.mutable_referrals(1)->mutable_referral()->mutable_reason()->set_nl("waarom");
    v1::Consent consent = ConsentTo({"visitors"});
    for (const v1::ConsentScope scope : row.scopes) consent.add_what(scope);
    ASSERT_TRUE(RecordConsent(&c, consent, kSeen).ok());
    if (row.ended) {
      ASSERT_TRUE(Complete(&c, 2, v1::OUTCOME_MOVED, ThreeOverTwo(), kSeen, kSeen).ok());
    }
    const Relations visitors = RelationsTo(c, As(Role::kReceiver, "visitors"));
    const v1::Referral seen = ReferralFor(c, 2, visitors, kSeen);
    EXPECT_EQ(seen.has_reason(), row.sees_reason) << row.what;
    EXPECT_EQ(seen.need() != v1::NEED_UNSPECIFIED, row.sees_need_and_district) << row.what;
    EXPECT_EQ(!seen.districts().empty(), row.sees_need_and_district) << row.what;
    EXPECT_EQ(seen.consent_given(), !row.ended) << row.what;
    // Who sees the whole case sees all of it.
    const v1::Referral whole = ReferralFor(c, 2, RelationsTo(c, As(Role::kCoordinator)), kSeen);
    EXPECT_TRUE(whole.has_reason()) << row.what;
    EXPECT_FALSE(whole.districts().empty()) << row.what;
  }
}

TEST(SignalForAndReferralFor, ShowNothingThatTheContractDoesntKnow) {
  Case c = NewCase();
  ASSERT_TRUE(AddReferral(&c, ForFirstContact("team"), kReceived).ok());
  ASSERT_TRUE(RecordConsent(&c, ConsentTo({}), kReceived).ok());
  const auto add_unknown = [](google::protobuf::Message* message) {
    message->GetReflection()->MutableUnknownFields(message)->AddLengthDelimited(60'000, "canary");
  };
  add_unknown(c.mutable_signal());
  add_unknown(c.mutable_consent());
  add_unknown(c.mutable_referrals(0)->mutable_referral());
  add_unknown(c.mutable_signal()->mutable_first_contact());
  for (const Role role : {Role::kCoordinator, Role::kFirstContact, Role::kSignaller}) {
    const Relations relations =
        RelationsTo(c, As(role, role == Role::kSignaller ? "shop" : "team"));
    EXPECT_FALSE(HoldsIdentifying(SignalFor(c, relations)));
    EXPECT_FALSE(HoldsIdentifying(ReferralFor(c, 1, relations, kSeen)));
  }
}

TEST(SourceOf, APlaceInAnAnswerLeavesTheDistrictToTheRecord) {
  std::vector<storage::v1::SealedEntry> entries(2);
  entries[0].mutable_signal()->mutable_place()->set_words("bij de brug");
  v1::Place* place = entries[1].mutable_answer()->mutable_place();
  place->set_words("achter de molen");
  place->set_district("municipalities/GM9901/districts/WK990101");
  entries[1].mutable_answer()->set_place_applied(true);
  const PersonSource source = SourceOf(entries);
  EXPECT_EQ(source.signal.place().words(), "achter de molen");
  EXPECT_EQ(source.signal.place().district(), "") << "contact may have learnt another since";
}

TEST(SourceOf, GathersWhatTheSealsHeld) {
  std::vector<storage::v1::SealedEntry> entries(3);
  entries[0].mutable_signal()->set_own_words("words");
  entries[1].set_referral_number(2);
  entries[1].mutable_attempt()->set_index(4);
  entries[1].mutable_attempt()->mutable_attempt()->set_note("note");
  entries[2].mutable_text()->set_text("why");
  const PersonSource source = SourceOf(entries);
  EXPECT_EQ(source.signal.own_words(), "words");
  ASSERT_EQ(source.attempts.size(), 1u);
  EXPECT_EQ(source.attempts.at({2, 4}).note(), "note");
}

}  // namespace
}  // namespace omzien::domain
