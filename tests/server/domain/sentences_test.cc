#include "server/domain/sentences.h"

#include <deque>
#include <functional>
#include <string>

#include "gtest/gtest.h"
#include "tests/server/domain/test_catalogue.h"

namespace omzien::domain {
namespace {

// Lives as long as the tests: facts only look at names.
const v1::Sentence* Name(const std::string& nl, const std::string& en) {
  static std::deque<v1::Sentence> names;
  v1::Sentence& name = names.emplace_back();
  name.set_nl(nl);
  name.set_en(en);
  return &name;
}

TEST(Sentences, SayWhyAnOfferFitsAndWhatIsNotSure) {
  const struct {
    std::function<void(v1::Offer&, FitFacts&)> make;
    std::string nl, en;
  } kCases[] = {
      {[](auto&, auto&) {},
       "Past: in de hele gemeente, voor iedereen, bij de vraag naar gezelschap.",
       "Fits: throughout the municipality, for everyone, where the need is company."},
      {[](auto& offer, auto& facts) {
         facts.own_village = "Heidedorp";
         facts.district = "Heidedorp";
         facts.own_groups = {Name("65-plussers", "people of 65 and over")};
         facts.life_events = {Name("Verlies van een naaste", "Losing someone close")};
         offer.set_status(v1::OFFER_STATUS_UNCONFIRMED);
         offer.set_mode(v1::REFERRAL_MODE_ASK_FIRST);
         offer.mutable_provenance()->add_assumed(v1::ASSUMED_FIELD_TARGET_GROUPS);
         offer.mutable_provenance()->add_assumed(v1::ASSUMED_FIELD_DISTRICTS);
       },
       "Past: aanbod van het eigen dorp Heidedorp, voor 65-plussers, gericht op verlies van een "
       "naaste, bij de vraag naar gezelschap; aangenomen: doelgroep en wijk; nog niet bevestigd: "
       "eerst navragen.",
       "Fits: from their own village Heidedorp, for people of 65 and over, made for losing someone "
       "close, where the need is company; assumed: target group and district; unconfirmed: ask "
       "first."},
      {[](auto&, auto& facts) {
         facts.only_if_in = {"Heidedorp"};
         facts.need = v1::NEED_BUDDY;
       },
       "Past als de persoon in Heidedorp woont: voor iedereen, bij de vraag naar een maatje.",
       "Fits if the person lives in Heidedorp: for everyone, where the need is a buddy."},
      {[](auto&, auto& facts) {
         facts.only_if_in = {"Kern", "Heidedorp"};
         facts.need = v1::NEED_UNKNOWN;
       },
       "Past als de persoon in Kern of Heidedorp woont: voor iedereen; voorlopig: de vraag is nog "
       "niet bekend.",
       "Fits if the person lives in Kern or Heidedorp: for everyone; provisional: the need isn't "
       "known yet."},
      {[](auto& offer, auto& facts) {
         facts.district = "Kern";
         facts.room_unknown = true;
         facts.language_unknown = true;
         offer.mutable_provenance()->add_assumed(v1::ASSUMED_FIELD_PERIOD);
       },
       "Past: actief in Kern, voor iedereen, bij de vraag naar gezelschap; aangenomen: periode; "
       "eerst navragen of er plek is; taal navragen: het aanbod noemt er geen.",
       "Fits: active in Kern, for everyone, where the need is company; assumed: period; ask first "
       "whether there is room; ask about the language: the offer states none."},
      {[](auto& offer, auto& facts) {
         facts.own_village = "Heidedorp";
         facts.only_if_in = {"Heide-Oost"};
         facts.room_unknown = true;
         offer.set_status(v1::OFFER_STATUS_UNCONFIRMED);
       },
       "Past: aanbod van het eigen dorp Heidedorp, voor iedereen, bij de vraag naar gezelschap; "
       "alleen als de persoon in Heide-Oost woont; nog niet bevestigd: eerst navragen, ook of er "
       "plek is.",
       "Fits: from their own village Heidedorp, for everyone, where the need is company; only if "
       "the person lives in Heide-Oost; unconfirmed: ask first, also whether there is room."},
      {[](auto& offer, auto& facts) {
         facts.room_unknown = true;
         offer.set_mode(v1::REFERRAL_MODE_SELF_JOIN);
       },
       "Past: in de hele gemeente, voor iedereen, bij de vraag naar gezelschap; men gaat er zelf "
       "heen, zonder doorverwijzing.",
       "Fits: throughout the municipality, for everyone, where the need is company; people go "
       "there by themselves, without a referral."},
      {[](auto& offer, auto& facts) {
         offer.set_age_years_min(55);
         offer.set_age_years_max(75);
         offer.mutable_provenance()->add_assumed(v1::ASSUMED_FIELD_AGES);
         offer.mutable_provenance()->add_assumed(v1::ASSUMED_FIELD_TRACK);
         facts.age_unknown = true;
         facts.skill_unknown = true;
         facts.access_unknown = true;
         facts.cost_unknown = true;
         facts.funded_by = {Name("de Meedoenregeling", "the participation scheme"),
                            Name("Bijzondere bijstand", "Special assistance")};
       },
       "Past: in de hele gemeente, voor iedereen, bij de vraag naar gezelschap; aangenomen: "
       "leeftijd en wie het doet; leeftijd navragen: van 55 tot en met 75 jaar; navragen of de "
       "persoon handig genoeg is met telefoon of computer; navragen hoe de persoon er komt; "
       "navragen wat het kost; te betalen uit de Meedoenregeling of bijzondere bijstand.",
       "Fits: throughout the municipality, for everyone, where the need is company; assumed: age "
       "and who does it; ask the age: from 55 to 75; ask whether the person is handy enough with "
       "phone or computer; ask how the person gets there; ask what it costs; payable from the "
       "participation scheme or special assistance."},
  };
  for (const auto& c : kCases) {
    v1::Catalog catalog;
    v1::Offer* const offer = testing::AddOffer(catalog, "bezoek", {"iedereen"});
    FitFacts facts;
    facts.need = v1::NEED_VISIT;
    c.make(*offer, facts);
    EXPECT_EQ(WhyItFits(*offer, facts).nl(), c.nl);
    EXPECT_EQ(WhyItFits(*offer, facts).en(), c.en);
  }
}

TEST(Sentences, SayWhichRuleRefuses) {
  const auto catalogue = testing::MustBuild(testing::TestCatalog());
  ASSERT_NE(catalogue, nullptr);
  v1::Catalog catalog;
  v1::Offer* const offer =
      testing::AddOffer(catalog, "x", {"ouderen", "studenten"}, {"WK990101", "WK990102"});
  offer->add_needs(v1::NEED_VOLUNTEERING);
  *offer->mutable_active_from() = DateOfDay(absl::CivilDay(2021, 10, 1));
  *offer->mutable_active_until() = DateOfDay(absl::CivilDay(2021, 10, 7));
  const struct {
    v1::Refusal refusal;
    std::string nl, en;
  } kCases[] = {
      {v1::REFUSAL_ENDED, "Past niet: dit aanbod is gestopt.",
       "Doesn't fit: this offer has ended."},
      {v1::REFUSAL_NOT_ACTIVE_THAT_DAY,
       "Past niet: op deze dag niet actief, wel vanaf 1-10-2021 tot en met 7-10-2021.",
       "Doesn't fit: not active on this day, but from 2021-10-01 until 2021-10-07."},
      {v1::REFUSAL_OUTSIDE_DISTRICT, "Past niet: alleen in Kern en Heidedorp.",
       "Doesn't fit: only in Kern and Heidedorp."},
      {v1::REFUSAL_OTHER_TARGET_GROUP, "Past niet: alleen voor 65-plussers en studenten.",
       "Doesn't fit: only for people of 65 and over and students."},
      {v1::REFUSAL_OTHER_NEED,
       "Past niet: biedt gezelschap of een manier om iets voor een ander te doen, en dat is niet "
       "de vraag.",
       "Doesn't fit: offers company or a way to do something for others, which isn't the need."},
      {v1::REFUSAL_OTHER_LANGUAGE, "Past niet: niet in de taal van de persoon.",
       "Doesn't fit: not in the person's language."},
      {v1::REFUSAL_NO_CAPACITY, "Past niet: vol, 10 doorverwijzingen op 10 plekken.",
       "Doesn't fit: full, 10 referrals for 10 places."},
      {v1::REFUSAL_TRIED_BEFORE, "Past niet: al eerder geprobeerd.", "Doesn't fit: tried before."},
      {v1::REFUSAL_NOT_FOR_MINORS, "Past niet: minderjarigen gaan eerst naar een professional.",
       "Doesn't fit: minors go to a professional first."},
  };
  for (const auto& c : kCases) {
    const v1::Sentence sentence = WhyRefused(*catalogue, *offer, c.refusal, {true, 10});
    EXPECT_EQ(sentence.nl(), c.nl);
    EXPECT_EQ(sentence.en(), c.en);
  }
  const v1::Sentence full_by_one =
      WhyRefused(*catalogue, *offer, v1::REFUSAL_NO_CAPACITY, {true, 1});
  EXPECT_EQ(full_by_one.nl(), "Past niet: vol, 1 doorverwijzing op 10 plekken.");
  EXPECT_EQ(full_by_one.en(), "Doesn't fit: full, 1 referral for 10 places.");
  EXPECT_EQ(WhyRefused(*catalogue, *offer, v1::REFUSAL_OUTSIDE_DISTRICT, {false, 0}).nl(),
            "Past niet: alleen in Kern en Heidedorp, en waar de persoon woont is niet bekend.");
}

TEST(Sentences, SayWhichOfThePersonsFactsRefuses) {
  v1::Catalog catalog = testing::TestCatalog();
  testing::AddOffer(catalog, "x", {"iedereen"});
  const auto catalogue = testing::MustBuild(catalog);
  ASSERT_NE(catalogue, nullptr);
  const auto excluding = [](auto... add) {
    v1::Exclusions exclusions;
    (add(exclusions), ...);
    return exclusions;
  };
  const struct {
    v1::Refusal refusal;
    std::function<void(v1::Offer&)> make;
    v1::Exclusions exclusions;
    std::string nl, en;
  } kCases[] = {
      {v1::REFUSAL_EXCLUDED, [](auto&) {},
       excluding([](auto& e) { e.add_target_groups("studenten"); },
                 [](auto& e) { e.add_age_bands(v1::AGE_BAND_UNDER_18); },
                 [](auto& e) { e.add_households(v1::HOUSEHOLD_INSTITUTION); }),
       "Past niet: niet bedoeld voor studenten, wie jonger is dan 18 of wie in een instelling "
       "woont.",
       "Doesn't fit: not meant for students, people under 18 or people who live in an "
       "institution."},
      {v1::REFUSAL_EXCLUDED, [](auto&) {},
       excluding([](auto& e) { e.add_life_events("verlies"); },
                 [](auto& e) { e.add_mobility(v1::MOBILITY_HOUSEBOUND); }),
       "Past niet: niet bedoeld voor wie te maken heeft met verlies van een naaste of wie de deur "
       "niet uit komt.",
       "Doesn't fit: not meant for people who face losing someone close or people who don't leave "
       "the house."},
      {v1::REFUSAL_OTHER_AGE,
       [](auto& o) { o.set_age_years_min(55); },
       {},
       "Past niet: alleen vanaf 55 jaar.",
       "Doesn't fit: only for ages from 55."},
      {v1::REFUSAL_OTHER_AGE,
       [](auto& o) { o.set_age_years_max(26); },
       {},
       "Past niet: alleen tot en met 26 jaar.",
       "Doesn't fit: only for ages up to 26."},
      {v1::REFUSAL_CANT_GET_THERE,
       [](auto&) {},
       {},
       "Past niet: de persoon kan er niet komen.",
       "Doesn't fit: the person can't get there."},
      {v1::REFUSAL_TOO_DIGITAL,
       [](auto&) {},
       {},
       "Past niet: vraagt meer handigheid met telefoon of computer dan de persoon heeft.",
       "Doesn't fit: asks for more skill with phone or computer than the person has."},
      {v1::REFUSAL_COSTS_MONEY,
       [](auto& o) {
         o.set_cost(v1::COST_OWN_CONTRIBUTION);
         o.add_funding("regeling");
       },
       {},
       "Past niet: vraagt een eigen bijdrage, tenzij het kan uit de Meedoenregeling.",
       "Doesn't fit: asks for a contribution, unless it can be paid from the participation "
       "scheme."},
      {v1::REFUSAL_COSTS_MONEY,
       [](auto& o) { o.set_cost(v1::COST_PAID); },
       {},
       "Past niet: moet betaald worden.",
       "Doesn't fit: has to be paid for."},
      {v1::REFUSAL_PROFESSIONALS_ONLY,
       [](auto& o) { o.set_track(v1::TRACK_RESIDENTS); },
       {},
       "Past niet: hier hoort een professional bij, en dit aanbod is van bewoners.",
       "Doesn't fit: this takes a professional, and this offer is by residents."},
      {v1::REFUSAL_PROFESSIONALS_ONLY,
       [](auto&) {},
       {},
       "Past niet: hier hoort een professional bij, en van dit aanbod is niet bekend wie het doet.",
       "Doesn't fit: this takes a professional, and who does this isn't known."},
  };
  for (const auto& c : kCases) {
    v1::Offer offer = *catalogue->offer("x");
    c.make(offer);
    const v1::Sentence sentence = WhyRefused(*catalogue, offer, c.refusal, {true, 0, c.exclusions});
    EXPECT_EQ(sentence.nl(), c.nl);
    EXPECT_EQ(sentence.en(), c.en);
  }
}

TEST(Sentences, NameAFewDistrictsAndCountTheRest) {
  const auto catalogue = testing::MustBuild(testing::TestCatalog());
  ASSERT_NE(catalogue, nullptr);
  v1::Catalog catalog;
  const v1::Offer* const offer = testing::AddOffer(
      catalog, "x", {"iedereen"}, {"WK990101", "WK990102", "WK990103", "BU99010101", "BU99010202"});
  EXPECT_EQ(WhyRefused(*catalogue, *offer, v1::REFUSAL_OUTSIDE_DISTRICT, {true, 0}).nl(),
            "Past niet: alleen in Kern, Heidedorp, Polderzicht en 2 andere.");
}

TEST(Sentences, AnOpenPeriodIsSaidAsOne) {
  const auto catalogue = testing::MustBuild(testing::TestCatalog());
  ASSERT_NE(catalogue, nullptr);
  v1::Catalog catalog;
  v1::Offer* const offer = testing::AddOffer(catalog, "x", {"iedereen"});
  *offer->mutable_active_until() = DateOfDay(absl::CivilDay(2021, 10, 7));
  EXPECT_EQ(WhyRefused(*catalogue, *offer, v1::REFUSAL_NOT_ACTIVE_THAT_DAY, {}).nl(),
            "Past niet: op deze dag niet actief, wel tot en met 7-10-2021.");
  offer->clear_active_until();
  *offer->mutable_active_from() = DateOfDay(absl::CivilDay(2027, 1, 2));
  EXPECT_EQ(WhyRefused(*catalogue, *offer, v1::REFUSAL_NOT_ACTIVE_THAT_DAY, {}).en(),
            "Doesn't fit: not active on this day, but from 2027-01-02.");
}

}  // namespace
}  // namespace omzien::domain
