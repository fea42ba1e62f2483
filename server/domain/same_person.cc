#include "server/domain/same_person.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "absl/strings/ascii.h"
#include "phonenumbers/phonenumbermatch.h"
#include "phonenumbers/phonenumbermatcher.h"
#include "phonenumbers/phonenumberutil.h"
#include "server/domain/words.h"

namespace omzien::domain {
namespace {

using storage::v1::PersonTraits;
using Values = google::protobuf::RepeatedPtrField<std::string>;

constexpr int kPhonesMax = 4;
constexpr int kEmailsMax = 2;
// A number without a country's code is of here.
constexpr char kHomeRegion[] = "NL";
// One of fewer than eight digits is a service's, or without its area: many have it.
constexpr uint64_t kNationalNumberMin = 10'000'000;
// What looks like a number in a field, and may be none, is tried so often.
constexpr int kPhoneTriesMax = 20;
constexpr size_t kNameWordsMax = 10;
// How people write that someone is a man or a woman; couples are told apart by it.
constexpr std::array<std::string_view, 9> kTitles = {"mevrouw", "mevr", "mw",  "meneer", "mijnheer",
                                                     "dhr",     "heer", "mrs", "mr"};

bool IsDecimal(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

void AddOnce(std::string value, int max, Values* values) {
  if (value.empty() || values->size() >= max) return;
  if (std::ranges::find(*values, value) == values->end()) *values->Add() = std::move(value);
}

void AddPhones(const std::string& text, Values* phones) {
  using i18n::phonenumbers::PhoneNumberMatcher;
  const auto& numbers = *i18n::phonenumbers::PhoneNumberUtil::GetInstance();
  PhoneNumberMatcher matcher(numbers, text, kHomeRegion, PhoneNumberMatcher::POSSIBLE,
                             kPhoneTriesMax);
  while (matcher.HasNext()) {
    i18n::phonenumbers::PhoneNumberMatch found;
    matcher.Next(&found);
    if (found.number().national_number() < kNationalNumberMin) continue;
    std::string number;
    numbers.Format(found.number(), i18n::phonenumbers::PhoneNumberUtil::E164, &number);
    AddOnce(number.substr(1), kPhonesMax, phones);  // without its +
  }
}

void AddEmails(std::string_view text, Values* emails) {
  std::string word;
  const auto end_word = [&] {
    const size_t at = word.find('@');
    const bool is_email = at != std::string::npos && at > 0 && at + 1 < word.size();
    if (is_email) AddOnce(absl::AsciiStrToLower(word), kEmailsMax, emails);
    word.clear();
  };
  for (const char c : text) {
    const bool separates = absl::ascii_isspace(static_cast<unsigned char>(c)) || c == ',' ||
                           c == ';' || c == '<' || c == '>';
    if (separates) {
      end_word();
    } else {
      word.push_back(c);
    }
  }
  end_word();
}

// "verzonnenstraat12a" of "Verzonnenstr. 12-A, achterom".
std::string AddressOf(std::string_view text) {
  std::vector<std::string> words = WordsOf(text);
  size_t number = 1;
  while (number < words.size() && !IsDecimal(words[number].front())) ++number;
  if (number >= words.size()) return "";
  std::string address;
  for (size_t i = 0; i <= number; ++i) {
    std::string& word = words[i];
    if (i < number && word.ends_with("str")) word += "aat";
    address += word;
  }
  const bool bare = std::ranges::all_of(words[number], IsDecimal);
  if (bare && number + 1 < words.size() && words[number + 1].size() == 1) {
    address += words[number + 1];
  }
  return address;
}

// "7411AB" of "7411 ab"; four digits alone where no more is known.
std::string PostcodeOf(const v1::Place& place) {
  std::string postcode;
  for (const char c : place.postcode()) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c))) {
      postcode.push_back(absl::ascii_toupper(static_cast<unsigned char>(c)));
    }
  }
  return postcode.empty() ? place.postcode_area() : postcode;
}

bool AnyInCommon(const Values& a, const Values& b) {
  return std::ranges::any_of(
      a, [&b](const std::string& value) { return std::ranges::find(b, value) != b.end(); });
}

bool SameAddress(const PersonTraits& a, const PersonTraits& b) {
  const size_t known = std::min(a.postcode().size(), b.postcode().size());
  return !a.address().empty() && a.address() == b.address() &&
         a.postcode().substr(0, known) == b.postcode().substr(0, known);
}

bool IsTitle(const std::string& word) { return std::ranges::find(kTitles, word) != kTitles.end(); }

// A woman's, a man's, or 0: not said.
char GenderOf(const Values& name) {
  for (const std::string& word : name) {
    if (word == "mevrouw" || word == "mevr" || word == "mw" || word == "mrs") return 'w';
    if (IsTitle(word)) return 'm';
  }
  return 0;
}

std::vector<std::string> WithoutTitles(const Values& name) {
  std::vector<std::string> words;
  for (const std::string& word : name) {
    if (!IsTitle(word) && word != "de") words.push_back(word);
  }
  std::ranges::sort(words);
  return words;
}

// Each word of the shorter name is one of the longer, or an initial of one.
bool IsPartOf(const std::vector<std::string>& part, const std::vector<std::string>& whole) {
  return std::ranges::all_of(part, [&whole](const std::string& word) {
    return std::ranges::any_of(whole, [&word](const std::string& other) {
      const size_t shorter = std::min(word.size(), other.size());
      return word == other || (shorter == 1 && word.front() == other.front());
    });
  });
}

enum class Names { kOther, kMayBeOne, kSame };

Names CompareNames(const Values& a, const Values& b) {
  const std::vector<std::string> words = WithoutTitles(a);
  const std::vector<std::string> others = WithoutTitles(b);
  if (words.empty() || others.empty()) return Names::kMayBeOne;
  const char gender = GenderOf(a);
  const char other_gender = GenderOf(b);
  if (gender != 0 && other_gender != 0 && gender != other_gender) return Names::kOther;
  if (words == others) return words.size() > 1 ? Names::kSame : Names::kMayBeOne;
  const bool shorter = words.size() < others.size();
  return IsPartOf(shorter ? words : others, shorter ? others : words) ? Names::kMayBeOne
                                                                      : Names::kOther;
}

}  // namespace

PersonTraits TraitsOf(const v1::Reach& reach, const v1::Place& place) {
  PersonTraits traits;
  AddPhones(reach.phone(), traits.mutable_phones());
  AddEmails(reach.email(), traits.mutable_emails());
  traits.set_address(AddressOf(reach.address()));
  traits.set_postcode(PostcodeOf(place));
  std::vector<std::string> name = WordsOf(reach.person_name());
  name.resize(std::min(name.size(), kNameWordsMax));
  traits.mutable_name()->Assign(name.begin(), name.end());
  return traits;
}

std::vector<std::pair<std::string, std::string>> FindableBy(const PersonTraits& traits) {
  std::vector<std::pair<std::string, std::string>> by;
  for (const std::string& phone : traits.phones()) by.emplace_back("phone", phone);
  for (const std::string& email : traits.emails()) by.emplace_back("email", email);
  if (!traits.address().empty()) by.emplace_back("address", traits.address());
  return by;
}

v1::SamePerson Compare(const PersonTraits& a, const PersonTraits& b) {
  const Names names = CompareNames(a.name(), b.name());
  if (AnyInCommon(a.phones(), b.phones()) || AnyInCommon(a.emails(), b.emails())) {
    return names == Names::kOther ? v1::SAME_PERSON_POSSIBLE : v1::SAME_PERSON_SURE;
  }
  if (!SameAddress(a, b) || names == Names::kOther) return v1::SAME_PERSON_UNSPECIFIED;
  return names == Names::kSame ? v1::SAME_PERSON_SURE : v1::SAME_PERSON_POSSIBLE;
}

}  // namespace omzien::domain
