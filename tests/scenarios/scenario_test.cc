// Runs every row of the tables beside this file as a test of its own, "place.P07", through the real
// server; and holds the vocabulary and the rows together.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "tests/scenarios/steps.h"
#include "tests/scenarios/table_file.h"
#include "tests/scenarios/world.h"

namespace omzien::scenarios {
namespace {

using ::testing::IsEmpty;

// All *.md of the folder but its README.
const std::vector<TableFile>& Files() {
  static const auto* const kFiles = [] {
    auto* files = new std::vector<TableFile>;
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::directory_iterator(OMZIEN_SCENARIOS)) {
      const std::string name = entry.path().filename().string();
      if (absl::EndsWith(name, ".md") && name != "README.md")
        paths.push_back(entry.path().string());
    }
    std::ranges::sort(paths);
    for (const std::string& path : paths) files->push_back(ReadTables(path));
    return files;
  }();
  return *kFiles;
}

// The server of the file whose rows are being run; one at a time.
class Worlds {
 public:
  World& Of(const TableFile& file) {
    if (world_ == nullptr || of_ != file.name) {
      world_.reset();
      world_ = std::make_unique<World>(static_cast<int>(file.rows.size()));
      of_ = file.name;
    }
    return *world_;
  }
  void End() { world_.reset(); }

 private:
  std::string of_;
  std::unique_ptr<World> world_;
};

Worlds& TheWorlds() {
  static auto* const kWorlds = new Worlds;
  return *kWorlds;
}

class EndWorlds : public ::testing::Environment {
 public:
  void TearDown() override { TheWorlds().End(); }
};

std::string Printed(const Row& row) {
  return absl::StrCat("given  ", absl::StrJoin(row.given, "\n       "), "\nwhen   ",
                      absl::StrJoin(row.when, "\n       "), "\nthen   ",
                      absl::StrJoin(row.then, "\n       "));
}

class RowTest : public ::testing::Test {
 public:
  RowTest(const TableFile* file, const Row* row) : file_(*file), row_(*row) {}

  void TestBody() override {
    std::string step;
    try {
      const auto number = &row_ - file_.rows.data();
      Scenario scenario(&TheWorlds().Of(file_), static_cast<int>(number));
      Run(scenario, &step);
    } catch (const std::exception& error) {
      ADD_FAILURE_AT(file_.path.c_str(), row_.line)
          << row_.id << " fails at: " << step << "\n  " << error.what() << "\n"
          << Printed(row_);
    }
  }

 private:
  void Run(Scenario& scenario, std::string* step) {
    const struct {
      Column column;
      const std::vector<std::string>& steps;
    } kColumns[] = {
        {Column::kGiven, row_.given}, {Column::kWhen, row_.when}, {Column::kThen, row_.then}};
    for (const auto& [column, steps] : kColumns) {
      for (const std::string& text : steps) {
        *step = text;
        RunStep(scenario, column, text);
      }
    }
    *step = "its end";
    scenario.MustHaveGoneWell();
  }

  const TableFile& file_;
  const Row& row_;
};

void RegisterRows() {
  for (const TableFile& file : Files()) {
    for (const Row& row : file.rows) {
      ::testing::RegisterTest(file.name.c_str(), row.id.c_str(), nullptr, nullptr,
                              file.path.c_str(), row.line,
                              [&file, &row]() -> RowTest* { return new RowTest(&file, &row); });
    }
  }
}

// --- the vocabulary ---

template <class Steps>
void AddTo(const Steps& steps, const char* title, std::string* text) {
  absl::StrAppend(text, "\n### ", title, "\n\n| sentence | meaning |\n|---|---|\n");
  for (const auto& step : steps) {
    absl::StrAppend(text, "| `", step.sentence, "` | ", step.meaning, " |\n");
  }
}

// As the README has it, from the line after "## The vocabulary".
std::string Vocabulary() {
  std::string text;
  AddTo(GivenSteps(), "given", &text);
  AddTo(WhenSteps(), "when", &text);
  AddTo(ThenSteps(), "then", &text);
  return text;
}

TEST(Vocabulary, IsAsTheReadmeSays) {
  std::ifstream stream(OMZIEN_SCENARIOS "/README.md");
  const std::string readme{std::istreambuf_iterator<char>(stream), {}};
  const std::string kTitle = "\n## The vocabulary\n";
  const size_t title = readme.find(kTitle);
  ASSERT_NE(title, std::string::npos);
  const size_t begin = title + kTitle.size();
  const size_t end = readme.find("\n## ", begin);
  EXPECT_EQ(readme.substr(begin, end == std::string::npos ? end : end - begin), Vocabulary())
      << "scenario_test --vocabulary prints it";
}

struct Used {
  std::set<std::string> sentences;
  std::vector<std::string> errors;
};

void Use(const TableFile& file, const Row& row, Column column,
         const std::vector<std::string>& steps, Used* used) {
  for (const std::string& step : steps) {
    try {
      for (std::string& sentence : SentencesOf(column, step)) used->sentences.insert(sentence);
    } catch (const StepFailed& error) {
      used->errors.push_back(absl::StrCat(file.path, ":", row.line, ": ", error.what()));
    }
  }
}

TEST(Vocabulary, IsUsedAsAWholeAndNothingElseIs) {
  Used used;
  for (const TableFile& file : Files()) {
    for (const Row& row : file.rows) {
      Use(file, row, Column::kGiven, row.given, &used);
      Use(file, row, Column::kWhen, row.when, &used);
      Use(file, row, Column::kThen, row.then, &used);
    }
  }
  EXPECT_THAT(used.errors, IsEmpty());
  std::vector<std::string> unused;
  const auto look = [&](const auto& steps) {
    for (const auto& step : steps) {
      if (!used.sentences.contains(step.sentence)) unused.emplace_back(step.sentence);
    }
  };
  look(GivenSteps());
  look(WhenSteps());
  look(ThenSteps());
  EXPECT_THAT(unused, IsEmpty());
}

TEST(Tables, HaveNoErrors) {
  for (const TableFile& file : Files()) {
    for (const TableError& error : file.errors) {
      ADD_FAILURE_AT(file.path.c_str(), error.line) << error.message;
    }
  }
}

// Every wijk and village, group, life event and kind of signaller has its row.
TEST(Tables, CoverWhatACoordinatorKnows) {
  std::string all;
  int rows = 0;
  for (const TableFile& file : Files()) {
    for (const Row& row : file.rows) {
      absl::StrAppend(&all, Printed(row), "\n");
      ++rows;
    }
  }
  const v1::Catalog catalogue = DeventersCatalogue("0150");
  std::vector<std::string> wanted;
  for (const auto& district : catalogue.districts()) {
    if (!district.parent().empty()) continue;
    wanted.push_back("lives in " + district.code());
    wanted.push_back(absl::StrCat("lives at \"", district.display_name(), "\""));
  }
  for (const auto& postcode : catalogue.postcodes()) {
    wanted.push_back(absl::StrCat("has postcode \"", postcode.code(), "\""));
  }
  for (const auto& group : catalogue.target_groups()) {
    if (!group.everyone()) wanted.push_back(group.id());
  }
  for (const auto& event : catalogue.life_events()) wanted.push_back("faces " + event.id());
  for (const auto& organisation : catalogue.organisations()) {
    if (organisation.signals()) wanted.push_back("by " + organisation.id());
  }
  std::vector<std::string> missing;
  for (const std::string& text : wanted) {
    if (!absl::StrContains(all, text)) missing.push_back(text);
  }
  EXPECT_THAT(missing, IsEmpty());
  EXPECT_GE(rows, 150);
}

}  // namespace
}  // namespace omzien::scenarios

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  if (argc > 1 && absl::string_view(argv[1]) == "--vocabulary") {
    std::cout << omzien::scenarios::Vocabulary();
    return 0;
  }
  omzien::scenarios::RegisterRows();
  ::testing::AddGlobalTestEnvironment(new omzien::scenarios::EndWorlds);
  return RUN_ALL_TESTS();
}
