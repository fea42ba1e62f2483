#include "client/cli/exit_codes.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/table.h"
#include "client/cli/violations.h"
#include "client/cpp/errors.h"

namespace omzien::cli {
namespace {

struct Sentence {
  const char* reason;
  const char* nl;
  const char* en;
};

constexpr Sentence kSentences[] = {
    {"TOKEN_INVALID", "Het token is onbekend.", "The token is unknown."},
    {"ROLE_NOT_ALLOWED", "Met uw rol mag dit niet.", "Your role doesn't allow this."},
    {"VIEW_NOT_ALLOWED", "De persoonsgegevens zijn voor u niet in te zien.",
     "You may not see the personal details."},
    {"MALFORMED_MESSAGE", "De server kon het bericht niet lezen.",
     "The server couldn't read the message."},
    {"INVALID_FIELDS", "Niet alles is goed ingevuld.", "Some fields aren't right."},
    {"REQUEST_ID_REUSED", "Dit request-id is al gebruikt voor iets anders.",
     "This request id was used for something else."},
    {"INVALID_PAGE_TOKEN", "De lijst kan zo niet verder; begin opnieuw.",
     "The list can't go on; start again."},
    {"PLACE_OUTSIDE_MUNICIPALITY", "De plaats ligt buiten de gemeente. Er is niets bewaard.",
     "The place lies outside the municipality. Nothing was stored."},
    {"INVALID_CATALOG", "De catalogus heeft fouten.", "The catalogue has errors."},
    {"ORGANISATION_AMBIGUOUS", "U meldt voor meer partijen: zeg met --organisation voor welke.",
     "You signal for several organisations: say which with --organisation."},
    {"MUNICIPALITY_NOT_FOUND", "Deze gemeente is er niet, of niet voor u.",
     "There is no such municipality, or not for you."},
    {"SIGNAL_NOT_FOUND", "Dit signaal is er niet, of niet voor u.",
     "There is no such signal, or not for you."},
    {"REFERRAL_NOT_FOUND", "Deze doorverwijzing is er niet, of niet voor u.",
     "There is no such referral, or not for you."},
    {"ALREADY_CREATED", "Dit is al eerder aangemaakt met hetzelfde request-id.",
     "This was made before with the same request id."},
    {"WRONG_STATE", "Dat kan niet in deze toestand.", "That isn't possible in this state."},
    {"CONSENT_MISSING",
     "Er is geen toestemming van de betrokkene om gegevens met deze partij te delen.",
     "The person hasn't agreed to share details with this organisation."},
    {"NO_QUESTION", "Er wacht geen vraag op antwoord.", "No question waits for an answer."},
    {"SIGNALLER_WITHDREW", "De melder heeft het signaal ingetrokken; er is niemand om te vragen.",
     "The signaller withdrew the signal; there is nobody to ask."},
    {"PERSON_NOT_REACHED", "Daarvoor moet de betrokkene eerst zelf gesproken zijn.",
     "For that the person must have been reached first."},
    {"TOO_FEW_ATTEMPTS", "Voor deze uitkomst zijn meer contactpogingen nodig.",
     "This outcome needs more contact attempts."},
    {"OFFER_NOT_ELIGIBLE", "Dit aanbod past niet bij de betrokkene.",
     "This offer isn't open to the person."},
    {"DEPARTURE_REASON_MISSING", "Dit is niet het beste voorstel: zeg met --reason waarom toch.",
     "This isn't the best proposal: say with --reason why."},
    {"ALREADY_REFERRED", "Er loopt al een doorverwijzing naar dit aanbod.",
     "A referral to this offer is live already."},
    {"NO_FIRST_CONTACT_PARTY",
     "De catalogus noemt geen partij voor het eerste contact op deze plaats.",
     "The catalogue names no first-contact party for this place."},
    {"NOBODY_TO_PASS_ON_TO", "Het toegangsteam kan een eerste contact aan niemand doorgeven.",
     "The entrance team has nobody to pass a first contact on to."},
    {"WRONG_PURPOSE", "Dat kan bij een eerste contact niet, of juist alleen daarbij.",
     "That isn't possible for a first contact, or only for one."},
    {"NOT_A_FIRST_CONTACT_PARTY",
     "Deze partij legt daar geen eerste contact: zij heeft er geen team en geen mandaat.",
     "This organisation makes no first contact there: it has no team and no mandate."},
    {"WMO_REPORT_UNDECIDED",
     "Eerst moet vastliggen of er een Wmo-melding komt (--wmo bij een contactpoging).",
     "Whether a report under the Wmo is made has to be recorded first (--wmo with an attempt)."},
    {"CASE_FULL", "Bij deze zaak kan niets meer worden vastgelegd.",
     "This case can hold no more entries."},
    {"ETAG_MISMATCH", "Het is intussen veranderd: kijk opnieuw.",
     "It changed meanwhile: look again."},
    {"CATALOG_REPLACED",
     "Een andere invoer van deze catalogus was eerder; van deze is niets bewaard. Kijk wat er nu "
     "in "
     "staat, en voer opnieuw in.",
     "Another import of this catalogue came first; nothing of this one is kept. Look at what is "
     "there "
     "now, and import anew."},
    {"CATALOG_TOO_LARGE", "De catalogus is te groot om in een keer te versturen of te bewaren.",
     "The catalogue is too large to be sent or kept at once."},
    {"OVERLOADED", "De server heeft het te druk. Probeer het straks opnieuw.",
     "The server has too much to do. Try again later."},
    {"STORE_UNAVAILABLE",
     "Niet zeker of het bewaard is. Probeer het opnieuw met hetzelfde request-id.",
     "It isn't certain that it was stored. Try again with the same request id."},
    {"STOPPING", "De server stopt. Probeer het zo opnieuw.",
     "The server is stopping. Try again soon."},
    {"DEADLINE_EXCEEDED", "Het is niet op tijd begonnen; er is niets bewaard.",
     "It wasn't begun in time; nothing was stored."},
    {"SEAL_BROKEN", "Verzegelde gegevens zijn niet te openen. Waarschuw de beheerder.",
     "Sealed details can't be opened. Tell the operator."},
    {"WRITE_TOO_LARGE", "Dit is meer dan de server in een keer kan bewaren; er is niets bewaard.",
     "This is more than the server can store at once; nothing was stored."},
};

// For errors without a reason: no server, a proxy, this program itself.
std::string CodeSentence(absl::StatusCode code, Lang lang) {
  switch (code) {
    case absl::StatusCode::kUnavailable:
      return Say(lang, "De server is niet te bereiken.", "The server can't be reached.");
    case absl::StatusCode::kDeadlineExceeded:
      return Say(lang, "De server antwoordde niet op tijd.", "The server didn't answer in time.");
    case absl::StatusCode::kUnauthenticated:
      return Say(lang, "De server wil een token.", "The server wants a token.");
    default:
      return "";
  }
}

bool TokenWouldHelp(const absl::Status& status, const client::ErrorDetails& details) {
  return absl::IsUnauthenticated(status) || details.reason == "ROLE_NOT_ALLOWED";
}

}  // namespace

ExitCode ExitCodeOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return kExitOk;
    case absl::StatusCode::kNotFound:
      return kExitNotFound;
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
      return kExitNotAllowed;
    case absl::StatusCode::kInvalidArgument:
      return IsUsageError(status) ? kExitUsage : kExitInvalid;
    case absl::StatusCode::kOutOfRange:
      return kExitInvalid;
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kAlreadyExists:
      return kExitPrecondition;
    case absl::StatusCode::kResourceExhausted:
      return client::DetailsOf(status).reason == "CASE_FULL" ? kExitPrecondition : kExitUnavailable;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      return kExitUnavailable;
    default:
      return kExitOther;
  }
}

std::string ReasonSentence(const std::string& reason, Lang lang) {
  for (const Sentence& sentence : kSentences) {
    if (reason == sentence.reason) return Say(lang, sentence.nl, sentence.en);
  }
  return "";
}

void PrintError(const absl::Status& status, Lang lang, std::ostream& err, bool without_token) {
  const client::ErrorDetails details = client::DetailsOf(status);
  const std::string message = Clean(std::string(status.message()));
  std::string sentence = ReasonSentence(details.reason, lang);
  if (sentence.empty() && details.reason.empty()) sentence = CodeSentence(status.code(), lang);
  if (without_token && TokenWouldHelp(status, details)) {
    sentence = Say(lang, "Er is geen token opgegeven: geef --token-file, of zet OMZIEN_TOKEN_FILE.",
                   "No token was given: give --token-file, or set OMZIEN_TOKEN_FILE.");
  }
  err << Say(lang, "Fout: ", "Error: ") << (sentence.empty() ? message : sentence) << "\n";
  // Violations say what the message says, and better; it is English, as far as a server wrote it.
  const bool said =
      !details.violations.empty() || (lang == Lang::kDutch && !details.reason.empty());
  if (!sentence.empty() && !message.empty() && !said) err << "  " << message << "\n";
  if (!details.reason.empty()) {
    err << "  " << Say(lang, "reden: ", "reason: ") << Clean(details.reason);
    if (!details.metadata.empty()) {
      err << " (" << Clean(absl::StrJoin(details.metadata, ", ", absl::PairFormatter("="))) << ")";
    }
    err << "\n";
  }
  for (const client::Violation& violation : details.violations) {
    err << "  - " << Clean(violation.field) << ": "
        << Clean(DescriptionText(violation.description, lang)) << "\n";
  }
}

}  // namespace omzien::cli
