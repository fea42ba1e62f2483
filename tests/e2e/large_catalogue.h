// Voorbeeldstad with as many offers more as one likes, made for it: for imports in parts, and for
// what must not cost more the larger a catalogue is.

#ifndef OMZIEN_TESTS_E2E_LARGE_CATALOGUE_H_
#define OMZIEN_TESTS_E2E_LARGE_CATALOGUE_H_

#include <cstdint>
#include <string>

#include "client/cpp/import_parts.h"
#include "omzien/v1/catalog.pb.h"
#include "omzien/v1/catalog_service.pb.h"

namespace omzien::e2e {

struct LargeCatalogue {
  // The display name of each offer that was made: by it one import is told from another.
  std::string name;
  int64_t offers = 0;
  // With more than 0: the first cell (wijk, target group) has so many candidates, and each other
  // about as many, as far as a municipality may have cells; Voorbeeldstad's own offers are left
  // out. Else cells are only kept small.
  int64_t per_cell = 0;

  // Everything but the offers that were made, with the wijken and target groups they are for.
  // Without a request_id.
  v1::ImportCatalogRequest Begin() const;
  // The made offer of this number, from 0: confirmed, direct, visits, in one wijk for one group.
  v1::Offer At(int64_t i) const;
  // All of them in order, a thousand at once.
  client::NextPart Parts() const;
  // All of it as a message, for imports that hold few.
  v1::Catalog Whole() const;

  // The code of a wijk, and the id of a target group, that were made; they count from 0.
  static std::string Wijk(int64_t i);
  static std::string Group(int64_t i);

 private:
  struct Cells {
    int64_t wijken = 1;
    int64_t groups = 1;
  };
  Cells AllCells() const;
};

}  // namespace omzien::e2e

#endif  // OMZIEN_TESTS_E2E_LARGE_CATALOGUE_H_
