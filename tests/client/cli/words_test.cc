#include "client/cli/words.h"

#include <gtest/gtest.h>

#include "omzien/v1/catalog_service.pb.h"
#include "omzien/v1/referral_service.pb.h"
#include "omzien/v1/signal_service.pb.h"

namespace omzien::cli {
namespace {

TEST(WordsTest, EnglishAndDutchWordsAreTakenInAnyCase) {
  const struct {
    const char* word;
    v1::Need need;
  } kCases[] = {
      {"visit", v1::NEED_VISIT},
      {"VISIT", v1::NEED_VISIT},
      {"bezoek", v1::NEED_VISIT},
      {"practical_help", v1::NEED_PRACTICAL_HELP},
      {"practical-help", v1::NEED_PRACTICAL_HELP},
      {"Praktische hulp ", v1::NEED_PRACTICAL_HELP},
      {"unknown", v1::NEED_UNKNOWN},
  };
  for (const auto& c : kCases) {
    const auto parsed = Parse<v1::Need>(c.word, Lang::kDutch);
    ASSERT_TRUE(parsed.ok()) << c.word << parsed.status();
    EXPECT_EQ(*parsed, c.need) << c.word;
  }
  for (const char* word : {"65_plus", "65+", "65-plus"}) {
    EXPECT_EQ(*Parse<v1::AgeBand>(word, Lang::kDutch), v1::AGE_BAND_65_PLUS) << word;
  }
  EXPECT_EQ(*Parse<v1::AgeBand>("18-26", Lang::kDutch), v1::AGE_BAND_18_TO_26);
}

TEST(WordsTest, AWrongWordGetsTheNearestOrAllKnown) {
  EXPECT_EQ(Parse<v1::Need>("vist", Lang::kEnglish).status().message(),
            "unknown word 'vist'; did you mean visit?");
  EXPECT_EQ(Parse<v1::Need>("bezoeken", Lang::kDutch).status().message(),
            "onbekend woord 'bezoeken'; bedoelde u bezoek?");
  const std::string none(Parse<v1::Need>("xxxxxxxxxx", Lang::kEnglish).status().message());
  EXPECT_NE(none.find("visit, buddy"), std::string::npos) << none;
  EXPECT_FALSE(Parse<v1::Need>("unspecified", Lang::kDutch).ok());
  EXPECT_FALSE(Parse<v1::Need>("", Lang::kDutch).ok());
  EXPECT_FALSE(Parse<v1::Need>(std::string(100'000, 'a'), Lang::kDutch).ok());
}

TEST(WordsTest, TheNearestIsTheFirstOfTheFewestEditsIfTheyAreFew) {
  const std::vector<std::string> known = {"bezoek", "bezorgd", "maatje", "een_lang_woord"};
  struct Row {
    const char* word;
    const char* nearest;
  };
  for (const Row& row : {Row{"bezoek", "bezoek"},
                         {"bezoekt", "bezoek"},
                         {"bezor", "bezoek"},
                         {"bezord", "bezorgd"},
                         {"maat", "maatje"},
                         {"maa", ""},
                         {"een lang wrd", "een_lang_woord"},
                         {"lang_woord", "een_lang_woord"},
                         {"ng_woord", ""},
                         {"xyzuvw", ""},
                         {"", ""}}) {
    EXPECT_EQ(Nearest(row.word, known), row.nearest) << row.word;
  }
}

// Every value of every enum that the program shows has a Dutch word, and each of its words leads
// back to it.
TEST(WordsTest, EveryWordLeadsBackToItsValueInBothLanguages) {
  const auto& file = *v1::Need_descriptor()->file();
  std::vector<const google::protobuf::EnumDescriptor*> types;
  for (const auto* f :
       {&file, v1::ReferralState_descriptor()->file(), v1::SignalState_descriptor()->file()}) {
    for (int i = 0; i < f->enum_type_count(); ++i) types.push_back(f->enum_type(i));
  }
  types.push_back(v1::Refusal_descriptor());
  for (const auto* type : types) {
    if (type == v1::View_descriptor()) continue;  // A flag, not a word.
    for (int i = 1; i < type->value_count(); ++i) {
      const int number = type->value(i)->number();
      EXPECT_EQ(*ParseWord(*type, WordOf(*type, number), Lang::kDutch), number);
      EXPECT_EQ(*ParseWord(*type, LabelOf(*type, number, Lang::kDutch), Lang::kDutch), number)
          << type->value(i)->name();
    }
  }
}

TEST(WordsTest, UnspecifiedAndUnknownNumbersReadAsNothing) {
  EXPECT_EQ(Label(v1::NEED_UNSPECIFIED, Lang::kDutch), "");
  EXPECT_EQ(LabelOf(*v1::Need_descriptor(), 4711, Lang::kDutch), "");
  EXPECT_EQ(Label(v1::REFERRAL_STATE_ACCEPTED, Lang::kDutch), "geaccepteerd");
  EXPECT_EQ(Label(v1::NEED_PRACTICAL_HELP, Lang::kEnglish), "practical help");
}

}  // namespace
}  // namespace omzien::cli
