#include "server/config/nearest.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace omzien::config {
namespace {

TEST(Nearest, CountsEdits) {
  struct Row {
    const char* a;
    const char* b;
    size_t distance;
  };
  for (const Row& row : {Row{"", "", 0},
                         {"offers", "offers", 0},
                         {"ofers", "offers", 1},
                         {"offerss", "offers", 1},
                         {"offars", "offers", 1},
                         {"offesr", "offers", 1},
                         {"foefsr", "offers", 3},
                         {"abcdef", "badcfe", 3},
                         {"uvwxyz", "abcdef", 6},
                         {"", "abc", 3},
                         {"abc", "", 3},
                         {"kitten", "sitting", 3}}) {
    for (size_t most = 0; most <= 10; ++most) {
      EXPECT_EQ(EditDistance(row.a, row.b, most), std::min(row.distance, most + 1))
          << row.a << " " << row.b << " " << most;
    }
  }
}

TEST(Nearest, SuggestsOnlyWhatIsNear) {
  const std::vector<std::string> known = {"listen", "data_dir", "log_level"};
  struct Row {
    std::string word;
    const char* nearest;
  };
  for (const Row& row : {Row{"listen", "listen"},
                         {"listne", "listen"},
                         {"datadir", "data_dir"},
                         {"loglevel", "log_level"},
                         {"port", ""},
                         {"", ""},
                         {std::string(100000, 'l'), ""}}) {
    EXPECT_EQ(Nearest(row.word, known), row.nearest) << row.word.substr(0, 20);
  }
}

TEST(Nearest, TakesTheFirstOfEquals) { EXPECT_EQ(Nearest("bat", {"cat", "hat"}), "cat"); }

}  // namespace
}  // namespace omzien::config
