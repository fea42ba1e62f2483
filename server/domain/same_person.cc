#include "server/domain/same_person.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "absl/strings/ascii.h"
#include "server/domain/words.h"

namespace omzien::domain {
namespace {

using storage::v1::PersonTraits;
using Values = google::protobuf::RepeatedPtrField<std::string>;

constexpr int kPhonesMax = 4;
constexpr int kEmailsMax = 2;
constexpr size_t kPhoneDigitsMin = 8;
constexpr size_t kPhoneDigitsMax = 15;  // ITU-T E.164
constexpr size_t kNameWordsMax = 10;
// How people write that someone is a man or a woman; couples are told apart by it.
constexpr std::array<std::string_view, 9> kTitles = {"mevrouw", "mevr", "mw",  "meneer", "mijnheer",
                                                     "dhr",     "heer", "mrs", "mr"};

bool IsDecimal(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

// What people write within one number.
bool IsOfPhone(char c) { return IsDecimal(c) || c == ' ' || c == '-' || c == '.' || c == '('; }

// The number as it is compared; empty when it is none.
std::string PhoneOf(std::string_view text) {
  std::string digits;
  const bool international = text.starts_with('+');
  for (size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("(0)")) {
      i += 2;  // dialled within the country only
    } else if (IsDecimal(text[i])) {
      digits.push_back(text[i]);
    }
  }
  if (!international && digits.starts_with("00")) {
    digits.erase(0, 2);
  } else if (!international && digits.starts_with('0')) {
    digits.replace(0, 1, "31");
  }
  const bool is_number = digits.size() >= kPhoneDigitsMin && digits.size() <= kPhoneDigitsMax;
  return is_number ? digits : "";
}

void AddOnce(std::string value, int max, Values* values) {
  if (value.empty() || values->size() >= max) return;
  if (std::ranges::find(*values, value) == values->end()) *values->Add() = std::move(value);
}

void AddPhones(std::string_view text, Values* phones) {
  std::string number;
  const auto end_number = [&] {
    AddOnce(PhoneOf(number), kPhonesMax, phones);
    number.clear();
  };
  for (const char c : text) {
    const bool closes = c == ')' && number.find('(') != std::string::npos;
    if (c == '+' || !(IsOfPhone(c) || closes)) end_number();
    if (c == '+' || IsOfPhone(c) || closes) number.push_back(c);
  }
  end_number();
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
