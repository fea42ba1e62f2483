// The words people type and read for the contract's enums: "visit" or "bezoek" for NEED_VISIT.
//
// English words follow from the enum values themselves; Dutch ones stand in words.cc. Pure
// functions, from any thread.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/generated_enum_reflection.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace omzien::cli {

enum class Lang { kDutch, kEnglish };

// One of two sentences.
inline std::string Say(Lang lang, const std::string& nl, const std::string& en) {
  return lang == Lang::kDutch ? nl : en;
}

// "visit", "65_plus": the value's name in lower case without the enum's prefix; empty for
// UNSPECIFIED and for numbers that this program doesn't know.
std::string WordOf(const google::protobuf::EnumDescriptor& type, int number);

// For reading: the Dutch word, or the English one with spaces. Empty as WordOf.
std::string LabelOf(const google::protobuf::EnumDescriptor& type, int number, Lang lang);

// All English words but UNSPECIFIED, for help texts: "unknown, visit, buddy".
std::string KnownWords(const google::protobuf::EnumDescriptor& type);

// The number for an English or Dutch word; letter case, "-", " " and "_" don't matter.
// INVALID_ARGUMENT in `lang`: unknown, with the nearest known word if one is near, else all.
absl::StatusOr<int> ParseWord(const google::protobuf::EnumDescriptor& type, const std::string& word,
                              Lang lang);

// The candidate nearest to `word` in edits, if that is near enough to be meant; else empty.
std::string Nearest(const std::string& word, const std::vector<std::string>& candidates);

template <typename Enum>
std::string Label(Enum value, Lang lang) {
  return LabelOf(*google::protobuf::GetEnumDescriptor<Enum>(), value, lang);
}

template <typename Enum>
std::string Known() {
  return KnownWords(*google::protobuf::GetEnumDescriptor<Enum>());
}

template <typename Enum>
absl::StatusOr<Enum> Parse(const std::string& word, Lang lang) {
  const auto number = ParseWord(*google::protobuf::GetEnumDescriptor<Enum>(), word, lang);
  if (!number.ok()) return number.status();
  return static_cast<Enum>(*number);
}

}  // namespace omzien::cli
