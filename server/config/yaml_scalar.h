// One scalar of YAML as one value of a protobuf field, and back. See yaml_proto.h for the form.

#ifndef OMZIEN_SERVER_CONFIG_YAML_SCALAR_H_
#define OMZIEN_SERVER_CONFIG_YAML_SCALAR_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <string>
#include <string_view>

namespace omzien::config {

// Whether the field is written as a scalar: all but messages, save Date and Duration.
bool IsScalarField(const google::protobuf::FieldDescriptor& field);

// Sets the field, or adds one item when it is repeated. False when the scalar isn't one of its
// values; `*error` says why.
bool ReadScalar(std::string_view scalar, const google::protobuf::FieldDescriptor* field,
                google::protobuf::Message* message, std::string* error);

// The field's value (of item `index` when it is repeated), unquoted.
std::string WriteScalar(const google::protobuf::Message& message,
                        const google::protobuf::FieldDescriptor* field, int index);

}  // namespace omzien::config

#endif  // OMZIEN_SERVER_CONFIG_YAML_SCALAR_H_
