// The catalogues of deploy/, read as the server reads them.

#ifndef OMZIEN_TESTS_DEPLOY_LOAD_CATALOGUE_H_
#define OMZIEN_TESTS_DEPLOY_LOAD_CATALOGUE_H_

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "omzien/v1/catalog.pb.h"
#include "server/config/yaml_proto.h"

namespace omzien::deploy {

// `folder` of deploy/; every error of the form fails the test with its line.
inline v1::Catalog LoadCatalogue(const std::string& folder,
                                 std::map<std::string, int>* line_of_path = nullptr) {
  const std::string path = std::string(OMZIEN_DEPLOY) + "/" + folder + "/catalog.yaml";
  std::ifstream stream(path);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  EXPECT_FALSE(text.empty()) << path;
  v1::Catalog catalog;
  std::vector<config::YamlError> errors;
  config::ParseYaml(text, &catalog, line_of_path, &errors);
  for (const auto& error : errors) {
    ADD_FAILURE() << path << ":" << error.line << ": " << error.path << ": " << error.message;
  }
  return catalog;
}

}  // namespace omzien::deploy

#endif  // OMZIEN_TESTS_DEPLOY_LOAD_CATALOGUE_H_
