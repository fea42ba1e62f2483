// The code by which someone without an account asks after a signal: the signal's id, enciphered.
//
// It is kept nowhere: the id gives the code and the code the id, to whoever has the hash key.
// Without the key neither says anything of the other, and of 80 bits nobody guesses one that is in
// use. Thread-safe.

#ifndef OMZIEN_SERVER_CRYPTO_SIGNAL_CODE_H_
#define OMZIEN_SERVER_CRYPTO_SIGNAL_CODE_H_

#include <optional>
#include <string>
#include <string_view>

#include "server/crypto/keyed_hash.h"

namespace omzien::crypto {

// "K7Q2-M4XP-0T3V-9HZB" for a case id as KeyedHash::CaseId makes them; empty for another text.
std::string SignalCode(const KeyedHash& hash, std::string_view municipality,
                       std::string_view case_id);

// The id that has the code in that municipality, whether or not there is such a case. Letter case,
// spaces and hyphens don't matter; i and l are 1, o is 0. nullopt for what can be no code.
std::optional<std::string> CaseIdOfCode(const KeyedHash& hash, std::string_view municipality,
                                        std::string_view code);

}  // namespace omzien::crypto

#endif  // OMZIEN_SERVER_CRYPTO_SIGNAL_CODE_H_
