// What only the municipality's catalogue in force can say is wrong with a request: names that it
// doesn't know, and groups or events that this signaller may not state. Each adds to `violations`,
// with the field's path, and stops at nothing. Pure; any thread.

#ifndef OMZIEN_SERVER_DOMAIN_REFERENCES_H_
#define OMZIEN_SERVER_DOMAIN_REFERENCES_H_

#include <string>
#include <vector>

#include "omzien/v1/catalog_service.pb.h"
#include "omzien/v1/referral_service.pb.h"
#include "omzien/v1/signal_service.pb.h"
#include "server/domain/catalogue.h"
#include "server/domain/errors.h"

namespace omzien::domain {

// Whether this kind of signaller may state what the catalogue marks as `professionals_only`: who
// may ask after health or origin, and the person themselves (DESIGN section 8: never asked of a
// shopkeeper).
bool MayStateSensitive(v1::SignallerKind kind);

// `kind` is the signaller's, as it will be recorded. The place isn't looked at: see place.h.
void CheckSignalReferences(const Catalogue& catalogue, const v1::Signal& signal,
                           v1::SignallerKind kind, std::vector<FieldViolation>* violations);
// `path` is where the attempt stands in its request.
void CheckAttemptReferences(const Catalogue& catalogue, const v1::ContactAttempt& attempt,
                            const std::string& path, std::vector<FieldViolation>* violations);
void CheckConsentReferences(const Catalogue& catalogue, const v1::Consent& consent,
                            const std::string& path, std::vector<FieldViolation>* violations);
void CheckFindReferences(const Catalogue& catalogue, const v1::FindOffersRequest& request,
                         std::vector<FieldViolation>* violations);
void CheckOfferReferences(const Catalogue& catalogue, const v1::PlaceReferralRequest& request,
                          std::vector<FieldViolation>* violations);
void CheckHandOverReferences(const Catalogue& catalogue, const v1::HandOverReferralRequest& request,
                             std::vector<FieldViolation>* violations);

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_REFERENCES_H_
