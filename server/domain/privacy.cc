#include "server/domain/privacy.h"

#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/unknown_field_set.h"
#include "omzien/v1/field_rules.pb.h"
#include "server/domain/per_type.h"

namespace omzien::domain {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr size_t kPostcodeAreaChars = 4;

bool IsIdentifying(const FieldDescriptor* field) {
  return field->options().GetExtension(v1::rules).privacy() == v1::PRIVACY_CLASS_IDENTIFYING;
}

// Which fields of a message type to look at: looking at all of them, each time, shows in a profile
// of submissions.
struct Split {
  std::vector<const FieldDescriptor*> identifying;
  std::vector<const FieldDescriptor*> messages;  // that may hold some, at any depth
  bool made = false;
};

void Fill(const Descriptor* type, const PerType<Split>::Nested& split_of, Split* split) {
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (IsIdentifying(field)) {
      split->identifying.push_back(field);
    } else if (field->message_type() != nullptr && !field->is_repeated()) {
      const Split* nested = split_of(field->message_type());
      // One that is still being made contains this type: it may turn out to hold some.
      if (!nested->made || !nested->identifying.empty() || !nested->messages.empty()) {
        split->messages.push_back(field);
      }
    }
  }
  split->made = true;
}

const Split& SplitOf(const Descriptor* type) {
  static auto* const splits =
      new PerType<Split>(&Fill);  // never destroyed: calls may outlive main()
  return splits->For(type);
}

bool MoveKnown(Message* clear, Message* identifying) {
  const Reflection& reflection = *clear->GetReflection();
  const Split& split = SplitOf(clear->GetDescriptor());
  bool moved = false;
  for (const FieldDescriptor* field : split.identifying) {
    const bool is_set = field->is_repeated() ? reflection.FieldSize(*clear, field) > 0
                                             : reflection.HasField(*clear, field);
    if (!is_set) continue;
    reflection.SwapFields(clear, identifying, {field});
    moved = true;
  }
  for (const FieldDescriptor* field : split.messages) {
    if (!reflection.HasField(*clear, field)) continue;
    if (MoveKnown(reflection.MutableMessage(clear, field),
                  reflection.MutableMessage(identifying, field))) {
      moved = true;
    } else {
      reflection.ClearField(identifying, field);
    }
  }
  return moved;
}

}  // namespace

bool MoveIdentifying(Message* clear, Message* identifying) {
  clear->DiscardUnknownFields();
  return MoveKnown(clear, identifying);
}

bool HoldsIdentifying(const Message& message) {
  const Reflection& reflection = *message.GetReflection();
  if (!reflection.GetUnknownFields(message).empty()) return true;
  std::vector<const FieldDescriptor*> set_fields;
  reflection.ListFields(message, &set_fields);
  for (const FieldDescriptor* field : set_fields) {
    if (IsIdentifying(field)) return true;
    if (field->message_type() == nullptr) continue;
    if (!field->is_repeated()) {
      if (HoldsIdentifying(reflection.GetMessage(message, field))) return true;
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      if (HoldsIdentifying(reflection.GetRepeatedMessage(message, field, i))) return true;
    }
  }
  return false;
}

void CoarsenPlace(v1::Place* place) {
  if (place->postcode().size() >= kPostcodeAreaChars) {
    place->set_postcode_area(place->postcode().substr(0, kPostcodeAreaChars));
  } else {
    place->clear_postcode_area();
  }
}

}  // namespace omzien::domain
