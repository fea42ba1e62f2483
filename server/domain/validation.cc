#include "server/domain/validation.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/time/civil_time.h"
#include "google/api/field_behavior.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "server/domain/names.h"
#include "server/domain/per_type.h"

namespace omzien::domain {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int64_t kTimestampFirst_s = -62135596800;  // 0001-01-01T00:00:00Z
constexpr int64_t kTimestampLast_s = 253402300799;   // 9999-12-31T23:59:59Z

struct MessagePlan;

struct FieldPlan {
  const FieldDescriptor* field = nullptr;
  bool required = false;
  v1::FieldRules rules;
  // Of a message field; null for dates and times, which are checked as a whole.
  const MessagePlan* nested = nullptr;
};

// What to look at in one message type. OUTPUT_ONLY fields aren't in `fields`.
struct MessagePlan {
  std::vector<FieldPlan> fields;
  std::vector<const FieldDescriptor*> output_only;
};

bool IsWhole(const Descriptor* type) {
  return type == google::protobuf::Timestamp::descriptor() ||
         type == google::type::Date::descriptor();
}

void FillPlan(const Descriptor* type, const PerType<MessagePlan>::Nested& plan_of,
              MessagePlan* plan) {
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    const auto& options = field->options();
    FieldPlan field_plan;
    field_plan.field = field;
    field_plan.rules = options.GetExtension(v1::rules);
    bool output_only = false;
    for (int b = 0; b < options.ExtensionSize(google::api::field_behavior); ++b) {
      const auto behavior = options.GetExtension(google::api::field_behavior, b);
      field_plan.required |= behavior == google::api::REQUIRED;
      output_only |= behavior == google::api::OUTPUT_ONLY;
    }
    if (output_only) {
      plan->output_only.push_back(field);
      continue;
    }
    if (field->message_type() != nullptr && !IsWhole(field->message_type())) {
      field_plan.nested = plan_of(field->message_type());
    }
    plan->fields.push_back(std::move(field_plan));
  }
  std::ranges::sort(plan->fields, {}, [](const FieldPlan& p) { return p.field->number(); });
}

const MessagePlan& PlanFor(const Descriptor* type) {
  // Never destroyed: calls may outlive main().
  static auto* const plans = new PerType<MessagePlan>(&FillPlan);
  return plans->For(type);
}

// Where the walk is: written out only when there is something to report.
struct Path {
  const Path* parent = nullptr;
  const FieldDescriptor* field = nullptr;
  int index = -1;

  std::string Text() const {
    std::string text = parent == nullptr ? "" : parent->Text() + ".";
    text += field->name();
    if (index >= 0) text += "[" + std::to_string(index) + "]";
    return text;
  }
};

std::string_view FormOf(v1::FieldFormat format) {
  switch (format) {
    case v1::FIELD_FORMAT_UUID:
      return "must be a UUID of 36 characters";
    case v1::FIELD_FORMAT_LANGUAGE:
      return "must be a BCP 47 language tag, such as nl";
    case v1::FIELD_FORMAT_POSTCODE:
      return "must be a postcode of four digits, or four digits and two letters";
    case v1::FIELD_FORMAT_SLUG:
      return "must be 1 to 40 of a-z, 0-9 and -, starting and ending with a letter or digit";
    case v1::FIELD_FORMAT_AREA_CODE:
      return "must be a CBS area code: GM and 4 digits, WK and 6, or BU and 8";
    case v1::FIELD_FORMAT_TIME_ZONE:
      return "must be an IANA time zone";
    case v1::FIELD_FORMAT_MUNICIPALITY_NAME:
      return "must be municipalities/{CBS code}";
    case v1::FIELD_FORMAT_SIGNAL_NAME:
      return "must be municipalities/{CBS code}/signals/{id}";
    case v1::FIELD_FORMAT_REFERRAL_NAME:
      return "must be municipalities/{CBS code}/referrals/{id}";
    case v1::FIELD_FORMAT_ORGANISATION_NAME:
      return "must be municipalities/{CBS code}/organisations/{id}";
    case v1::FIELD_FORMAT_OFFER_NAME:
      return "must be municipalities/{CBS code}/offers/{id}";
    case v1::FIELD_FORMAT_DISTRICT_NAME:
      return "must be municipalities/{CBS code}/districts/{CBS code}";
    case v1::FIELD_FORMAT_TARGET_GROUP_NAME:
      return "must be municipalities/{CBS code}/targetGroups/{id}";
    case v1::FIELD_FORMAT_LIFE_EVENT_NAME:
      return "must be municipalities/{CBS code}/lifeEvents/{id}";
    default:
      return "has a form that this server doesn't know";
  }
}

bool IsRealDay(const google::type::Date& date) {
  if (date.year() < 1 || date.year() > 9999) return false;
  if (date.month() < 1 || date.month() > 12 || date.day() < 1 || date.day() > 31) return false;
  const absl::CivilDay day(date.year(), date.month(), date.day());
  return day.day() == date.day();  // 31 April would have become 1 May
}

bool IsRealTime(const google::protobuf::Timestamp& time) {
  return time.seconds() >= kTimestampFirst_s && time.seconds() <= kTimestampLast_s &&
         time.nanos() >= 0 && time.nanos() <= 999999999;
}

class Validator {
 public:
  explicit Validator(std::vector<FieldViolation>* violations) : violations_(*violations) {}

  void Walk(const Message& message, const MessagePlan& plan, const Path* parent) {
    const Reflection& reflection = *message.GetReflection();
    for (const FieldPlan& field_plan : plan.fields) {
      const FieldDescriptor* field = field_plan.field;
      const Path path{parent, field, -1};
      if (field->is_repeated()) {
        WalkList(message, reflection, field_plan, path);
      } else if (field->message_type() != nullptr) {
        if (reflection.HasField(message, field)) {
          CheckMessage(reflection.GetMessage(message, field), field_plan, path);
        } else if (field_plan.required) {
          Report(path, "is required");
        }
      } else {
        CheckScalar(message, reflection, field_plan, path);
      }
    }
  }

 private:
  void Report(const Path& path, std::string_view description) {
    violations_.push_back({path.Text(), std::string(description)});
  }

  void WalkList(const Message& message, const Reflection& reflection, const FieldPlan& plan,
                const Path& path) {
    const int size = reflection.FieldSize(message, plan.field);
    if (plan.required && size == 0) Report(path, "is required");
    if (plan.rules.max_items() > 0 && static_cast<uint32_t>(size) > plan.rules.max_items()) {
      Report(path, "holds more than " + std::to_string(plan.rules.max_items()) + " items");
      return;
    }
    for (int i = 0; i < size; ++i) {
      const Path item{path.parent, path.field, i};
      switch (plan.field->cpp_type()) {
        case FieldDescriptor::CPPTYPE_MESSAGE:
          CheckMessage(reflection.GetRepeatedMessage(message, plan.field, i), plan, item);
          break;
        case FieldDescriptor::CPPTYPE_STRING: {
          std::string scratch;
          CheckText(reflection.GetRepeatedStringReference(message, plan.field, i, &scratch), plan,
                    item, /*must_be_set=*/true);
          break;
        }
        case FieldDescriptor::CPPTYPE_ENUM:
          CheckEnum(reflection.GetRepeatedEnumValue(message, plan.field, i), plan, item,
                    /*must_be_set=*/true);
          break;
        default:
          break;  // the contract has no lists of numbers; a test sees to it
      }
    }
  }

  void CheckMessage(const Message& message, const FieldPlan& plan, const Path& path) {
    if (plan.nested != nullptr) return Walk(message, *plan.nested, &path);
    if (plan.field->message_type() == google::type::Date::descriptor()) {
      if (!IsRealDay(static_cast<const google::type::Date&>(message))) {
        Report(path, "must be a full date that exists");
      }
    } else if (!IsRealTime(static_cast<const google::protobuf::Timestamp&>(message))) {
      Report(path, "must be a time between the years 1 and 9999");
    }
  }

  void CheckScalar(const Message& message, const Reflection& reflection, const FieldPlan& plan,
                   const Path& path) {
    switch (plan.field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING: {
        std::string scratch;
        CheckText(reflection.GetStringReference(message, plan.field, &scratch), plan, path,
                  plan.required);
        break;
      }
      case FieldDescriptor::CPPTYPE_ENUM:
        CheckEnum(reflection.GetEnumValue(message, plan.field), plan, path, plan.required);
        break;
      case FieldDescriptor::CPPTYPE_INT32:
        CheckNumber(reflection.GetInt32(message, plan.field), plan, path);
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        CheckNumber(reflection.GetInt64(message, plan.field), plan, path);
        break;
      case FieldDescriptor::CPPTYPE_UINT32:
        CheckNumber(reflection.GetUInt32(message, plan.field), plan, path);
        break;
      default:
        break;  // bool has no rules; the contract has no other types, a test sees to it
    }
  }

  void CheckText(const std::string& text, const FieldPlan& plan, const Path& path,
                 bool must_be_set) {
    if (text.empty() || (must_be_set && absl::StripAsciiWhitespace(text).empty())) {
      if (must_be_set) Report(path, "is required");
      return;
    }
    const uint32_t max_chars = plan.rules.max_chars();
    if (max_chars > 0 && CountChars(text) > max_chars) {
      Report(path, "is longer than " + std::to_string(max_chars) + " characters");
    } else if (!HasFormat(text, plan.rules.format())) {
      Report(path, FormOf(plan.rules.format()));
    }
  }

  void CheckEnum(int number, const FieldPlan& plan, const Path& path, bool must_be_set) {
    if (number == 0) {
      if (must_be_set) Report(path, "is required");
    } else if (plan.field->enum_type()->FindValueByNumber(number) == nullptr) {
      Report(path, "is a value that this server doesn't know");
    }
  }

  void CheckNumber(int64_t number, const FieldPlan& plan, const Path& path) {
    if (plan.required && number == 0) return Report(path, "is required");
    if (plan.rules.max_value() == 0) return;
    if (number < 0) {
      Report(path, "must not be negative");
    } else if (number > static_cast<int64_t>(plan.rules.max_value())) {
      Report(path, "must be at most " + std::to_string(plan.rules.max_value()));
    }
  }

  std::vector<FieldViolation>& violations_;
};

bool IsName(v1::FieldFormat format) { return format >= v1::FIELD_FORMAT_MUNICIPALITY_NAME; }

class MunicipalityChecker {
 public:
  MunicipalityChecker(std::string_view municipality, std::vector<FieldViolation>* violations)
      : municipality_(municipality), violations_(*violations) {}

  void Walk(const Message& message, const MessagePlan& plan, const Path* parent) {
    const Reflection& reflection = *message.GetReflection();
    for (const FieldPlan& field_plan : plan.fields) {
      const bool name = IsName(field_plan.rules.format());
      if (!name && field_plan.nested == nullptr) continue;
      const FieldDescriptor* field = field_plan.field;
      const bool list = field->is_repeated();
      const int size = list ? reflection.FieldSize(message, field)
                            : (reflection.HasField(message, field) ? 1 : 0);
      for (int i = 0; i < size; ++i) {
        const Path path{parent, field, list ? i : -1};
        if (name) {
          std::string scratch;
          Check(list ? reflection.GetRepeatedStringReference(message, field, i, &scratch)
                     : reflection.GetStringReference(message, field, &scratch),
                path);
        } else {
          Walk(list ? reflection.GetRepeatedMessage(message, field, i)
                    : reflection.GetMessage(message, field),
               *field_plan.nested, &path);
        }
      }
    }
  }

 private:
  void Check(std::string_view name, const Path& path) {
    const std::string_view municipality = MunicipalityOf(name);
    if (municipality.empty() || municipality == municipality_) return;
    violations_.push_back({path.Text(), "must be of the same municipality as the request"});
  }

  std::string_view municipality_;
  std::vector<FieldViolation>& violations_;
};

}  // namespace

void Validate(const Message& request, std::vector<FieldViolation>* violations) {
  Validator(violations).Walk(request, PlanFor(request.GetDescriptor()), nullptr);
}

void CheckMunicipality(const Message& request, std::vector<FieldViolation>* violations) {
  const Descriptor* type = request.GetDescriptor();
  const FieldDescriptor* field = type->FindFieldByName("parent");
  if (field == nullptr) field = type->FindFieldByName("name");
  if (field == nullptr || field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) return;
  std::string scratch;
  const std::string_view municipality =
      MunicipalityOf(request.GetReflection()->GetStringReference(request, field, &scratch));
  if (municipality.empty()) return;  // Validate reports it
  MunicipalityChecker(municipality, violations).Walk(request, PlanFor(type), nullptr);
}

void ClearOutputOnly(Message* message) {
  const MessagePlan& plan = PlanFor(message->GetDescriptor());
  const Reflection& reflection = *message->GetReflection();
  for (const FieldDescriptor* field : plan.output_only) reflection.ClearField(message, field);
  for (const FieldPlan& field_plan : plan.fields) {
    if (field_plan.nested == nullptr) continue;
    const FieldDescriptor* field = field_plan.field;
    if (!field->is_repeated()) {
      if (reflection.HasField(*message, field)) {
        ClearOutputOnly(reflection.MutableMessage(message, field));
      }
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(*message, field); ++i) {
      ClearOutputOnly(reflection.MutableRepeatedMessage(message, field, i));
    }
  }
}

}  // namespace omzien::domain
