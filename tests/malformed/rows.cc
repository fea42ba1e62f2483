#include "tests/malformed/rows.h"

#include <google/protobuf/text_format.h>

#include <stdexcept>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/cpp/request_id.h"
#include "google/api/field_behavior.pb.h"
#include "omzien/v1/catalog_service.pb.h"
#include "omzien/v1/field_rules.pb.h"
#include "omzien/v1/follow_up_service.pb.h"
#include "omzien/v1/referral_service.pb.h"
#include "omzien/v1/signal_service.pb.h"

namespace omzien::malformed {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::ServiceDescriptor;

std::string Padded(size_t chars, const std::string& with) {
  std::string text = kCanary;
  for (size_t i = text.size(); i < chars; ++i) text += with;
  return text;
}

std::string TimeFields(int64_t seconds) {
  return absl::StrCat("seconds: ", absl::ToUnixSeconds(absl::Now()) + seconds);
}

std::string DayFields(int64_t days) {
  const absl::CivilDay day = absl::ToCivilDay(absl::Now(), absl::UTCTimeZone()) + days;
  return absl::StrCat("year: ", day.year(), " month: ", day.month(), " day: ", day.day());
}

// Reads a placeholder at a time from a change.
class Expander {
 public:
  Expander(const std::string& text, const Names& names) : text_(text), names_(names) {}

  std::string All() {
    std::string all;
    while (at_ < text_.size()) {
      if (text_[at_] == '$') {
        ++at_;
        all += Placeholder();
      } else {
        all += text_[at_++];
      }
    }
    return all;
  }

 private:
  std::string Placeholder() {
    std::string word;
    while (at_ < text_.size() && (absl::ascii_isalnum(text_[at_]) || text_[at_] == '_')) {
      word += text_[at_++];
    }
    if (const auto name = names_.find(word); name != names_.end()) return name->second;
    const int64_t number = Number();
    if (word == "chars") return Padded(static_cast<size_t>(number), "x");
    if (word == "wide") return Padded(static_cast<size_t>(number), "\xC3\xA9");
    if (word == "time") return TimeFields(number);
    if (word == "day") return DayFields(number);
    if (word == "times") return Times(number);
    throw std::logic_error("no placeholder $" + word);
  }
  int64_t Number() {
    const size_t end = text_.find(')', at_);
    int64_t number = 0;
    if (text_.at(at_) != '(' || end == std::string::npos ||
        !absl::SimpleAtoi(text_.substr(at_ + 1, end - at_ - 1), &number)) {
      throw std::logic_error("no number in " + text_);
    }
    at_ = end + 1;
    return number;
  }
  std::string Times(int64_t count) {
    const size_t end = text_.find('}', at_);
    const std::string item = Expander(text_.substr(at_ + 1, end - at_ - 1), names_).All();
    at_ = end + 1;
    std::string all;
    for (int64_t i = 0; i < count; ++i) absl::StrAppend(&all, item, " ");
    return all;
  }

  const std::string& text_;
  const Names& names_;
  size_t at_ = 0;
};

void Clear(Message& message, const std::string& path) {
  const std::pair<std::string, std::string> parts = absl::StrSplit(path, absl::MaxSplits('.', 1));
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(parts.first);
  if (field == nullptr) throw std::logic_error("no field " + path);
  if (parts.second.empty()) {
    message.GetReflection()->ClearField(&message, field);
  } else {
    Clear(*message.GetReflection()->MutableMessage(&message, field), parts.second);
  }
}

void Set(Message& message, const std::string& text) {
  if (!google::protobuf::TextFormat::MergeFromString(text, &message)) {
    throw std::logic_error("not a " + message.GetTypeName() + ": " + text);
  }
}

// The submission of a stream's item has it, or the beginning of an import in parts.
void FillIn(Message& message) {
  const FieldDescriptor* id = message.GetDescriptor()->FindFieldByName("request_id");
  if (id != nullptr) {
    message.GetReflection()->SetString(&message, id, client::NewRequestId());
    return;
  }
  for (const char* name : {"submission", "begin"}) {
    const FieldDescriptor* nested = message.GetDescriptor()->FindFieldByName(name);
    if (nested == nullptr || !message.GetReflection()->HasField(message, nested)) continue;
    FillIn(*message.GetReflection()->MutableMessage(&message, nested));
  }
}

bool OnlyTheServerSets(const FieldDescriptor& field) {
  const auto& options = field.options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    if (options.GetExtension(google::api::field_behavior, i) == google::api::OUTPUT_ONLY) {
      return true;
    }
  }
  return false;
}

// Walks a request's texts with a limit, and makes a request for each.
class TextWalk {
 public:
  TextWalk(const Message& good, std::vector<TooLong>& made) : good_(good), made_(made) {}

  void Walk(const Descriptor& type, std::vector<const FieldDescriptor*> above) {
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor* field = type.field(i);
      // A catalogue has a table, and a reason, of its own.
      const bool ours = field->message_type() != nullptr &&
                        absl::StartsWith(field->message_type()->full_name(), "omzien.") &&
                        field->message_type()->name() != "Catalog" &&
                        field->message_type()->name() != "OfferPart";
      if (OnlyTheServerSets(*field)) continue;
      above.push_back(field);
      if (ours) {
        Walk(*field->message_type(), above);
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING &&
                 field->options().GetExtension(v1::rules).max_chars() > 0) {
        Make(above);
      }
      above.pop_back();
    }
  }

 private:
  void Make(const std::vector<const FieldDescriptor*>& path) {
    TooLong made;
    made.request.reset(good_.New());
    made.request->CopyFrom(good_);
    Message* message = made.request.get();
    for (const FieldDescriptor* field : path) {
      absl::StrAppend(&made.field, made.field.empty() ? "" : ".", field->name());
      const google::protobuf::Reflection& reflection = *message->GetReflection();
      if (field->message_type() != nullptr) {
        if (field->is_repeated()) throw std::logic_error("a list in a request: " + made.field);
        message = reflection.MutableMessage(message, field);
      } else {
        reflection.SetString(message, field,
                             Padded(field->options().GetExtension(v1::rules).max_chars() + 1, "x"));
      }
    }
    made_.push_back(std::move(made));
  }

  const Message& good_;
  std::vector<TooLong>& made_;
};

// Every service of the API, by the build's list of files.
std::vector<const ServiceDescriptor*> Services() {
  // A message of each, so that the linker keeps the file's descriptor.
  const std::vector<const Descriptor*> linked = {
      v1::SubmitSignalRequest::descriptor(), v1::GetReferralRequest::descriptor(),
      v1::ImportCatalogRequest::descriptor(), v1::GetUnmetDemandRequest::descriptor()};
  const auto* pool = linked.front()->file()->pool();
  std::vector<const ServiceDescriptor*> all;
  for (const auto& name : absl::StrSplit(OMZIEN_SERVICE_PROTOS, ' ')) {
    const auto* file = pool->FindFileByName(std::string(name));
    if (file == nullptr) throw std::logic_error(absl::StrCat("link a message of ", name));
    for (int i = 0; i < file->service_count(); ++i) all.push_back(file->service(i));
  }
  return all;
}

}  // namespace

std::vector<std::string> AllMethods() {
  std::vector<std::string> all;
  for (const ServiceDescriptor* service : Services()) {
    for (int i = 0; i < service->method_count(); ++i) {
      all.push_back(absl::StrCat(service->name(), "/", service->method(i)->name()));
    }
  }
  return all;
}

const google::protobuf::MethodDescriptor& MethodOf(const std::string& method) {
  const std::pair<std::string, std::string> parts = absl::StrSplit(method, '/');
  for (const ServiceDescriptor* service : Services()) {
    const auto* found = service->FindMethodByName(parts.second);
    if (service->name() == parts.first && found != nullptr) return *found;
  }
  throw std::logic_error("no method " + method);
}

std::unique_ptr<Message> RequestFor(const Table& table, const std::string& change,
                                    const Names& names) {
  const Descriptor* type = MethodOf(table.method).input_type();
  std::unique_ptr<Message> request(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
  Set(*request, Expander(table.good, names).All());
  FillIn(*request);
  std::string rest = change;
  while (absl::StartsWith(rest, "-")) {
    const std::pair<std::string, std::string> parts =
        absl::StrSplit(rest.substr(1), absl::MaxSplits(' ', 1));
    Clear(*request, parts.first);
    rest = parts.second;
  }
  Set(*request, Expander(rest, names).All());
  return request;
}

std::vector<Row> PageTokenRows(const std::string& token) {
  const std::string own = "page_token: '$" + token;
  return {
      {"a long token", "page_token: '$chars(501)'", Fields("page_token")},
      {"a token of words", "page_token: 'zqkanari'", kBadToken},
      {"a token that isn't base64", "page_token: '!!zqkanari!!'", kBadToken},
      {"half a token", "page_token: 'AAAA'", kBadToken},
      {"a seal without a position", "page_token: 'AAAAAAAAAAAAAAAAAAAAAA'", kBadToken},
      {"a position with a seal of zeros", "page_token: 'AAAAAAAAAAAAAAAAAAAAADE'", kBadToken},
      {"a token with another position", own + "_tampered'", kBadToken},
      {"a token with a longer position", own + "_longer'", kBadToken},
      {"a token with a shorter position", own + "_shorter'", kBadToken},
      {"a token with another seal", own + "_forged'", kBadToken},
      {"a token's bytes twice", own + "$" + token + "'", kBadToken},
  };
}

Table WithRows(Table table, const std::vector<Row>& more) {
  table.rows.insert(table.rows.end(), more.begin(), more.end());
  return table;
}

std::vector<TooLong> TooLongTexts(const Table& table, const Names& names) {
  std::vector<TooLong> made;
  const std::unique_ptr<Message> good = RequestFor(table, "", names);
  TextWalk(*good, made).Walk(*good->GetDescriptor(), {});
  return made;
}

}  // namespace omzien::malformed
