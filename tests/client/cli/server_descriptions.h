// What the server's sources can say of a field that violates a rule.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace omzien::cli {

// One place in the sources that describes a violation.
struct ServerDescription {
  std::string where;  // "references.cc: {Item(path, i), kProfessionalsOnly}"
  // Every text it can give, with 7 for a number. Empty: it wasn't understood.
  std::vector<std::string> texts;
};

// Of every source in the folder. Understood are literals, numbers and named texts of the same file,
// put together with "+".
std::vector<ServerDescription> DescriptionsIn(const std::filesystem::path& folder);

}  // namespace omzien::cli
