#include "server/domain/privacy.h"

#include <string>
#include <utility>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "omzien/v1/field_rules.pb.h"

namespace omzien::domain {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr size_t kPostcodeAreaChars = 4;

bool IsIdentifying(const FieldDescriptor* field) {
  return field->options().GetExtension(v1::rules).privacy() == v1::PRIVACY_CLASS_IDENTIFYING;
}

}  // namespace

bool MoveIdentifying(Message* clear, Message* identifying) {
  const Reflection& reflection = *clear->GetReflection();
  std::vector<const FieldDescriptor*> set_fields;
  reflection.ListFields(*clear, &set_fields);
  bool moved = false;
  for (const FieldDescriptor* field : set_fields) {
    if (IsIdentifying(field)) {
      reflection.SwapFields(clear, identifying, {field});
      moved = true;
    } else if (field->message_type() != nullptr && !field->is_repeated()) {
      if (MoveIdentifying(reflection.MutableMessage(clear, field),
                          reflection.MutableMessage(identifying, field))) {
        moved = true;
      } else {
        reflection.ClearField(identifying, field);
      }
    }
  }
  return moved;
}

bool HoldsIdentifying(const Message& message) {
  const Reflection& reflection = *message.GetReflection();
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
