# One signal's story, played through the CLI and checked step by step. Sourced by deploy/quickstart,
# which has set: repo, state, address, municipality.
#
# The people and their words are invented. Days pass between the steps in reality; here they follow
# each other at once, so all attempts carry today's time.
# shellcheck shell=bash disable=SC2154

steps=0
checks=0
out=""

step() {
  steps=$((steps + 1))
  printf '\n== %d. %s\n\n' "$steps" "$1"
  shift
  local line
  for line in "$@"; do printf '%s\n' "$line"; done
}

# as CALLER ARGUMENTS...: shows and runs the CLI; its output is printed and kept in $out.
as() {
  local caller=$1
  shift
  printf '\n[%s] $ omzien' "$caller"
  local word
  for word in "$@"; do
    if [[ $word =~ ^[A-Za-z0-9_./:=+-]+$ ]]; then printf ' %s' "$word"; else printf ' "%s"' "$word"; fi
  done
  printf '\n'
  if ! out=$(call "$caller" "$@" 2>&1); then
    printf '%s\n' "$out" >&2
    story_failed "this command failed"
  fi
  printf '%s\n' "$out" | sed 's/^/  | /'
}

# The same, silently: for a program's view, JSON.
call() {
  local caller=$1
  shift
  env -u OMZIEN_TOKEN -u OMZIEN_CONFIG OMZIEN_SERVER="$address" OMZIEN_MUNICIPALITY="$municipality" \
    OMZIEN_TOKEN_FILE="$state/tokens/$caller" OMZIEN_LANG=nl TZ=Europe/Amsterdam NO_COLOR=1 \
    XDG_CONFIG_HOME="$state" "$omzien" --timeout 30s "$@"
}

story_failed() {
  echo "quickstart: THE STORY FAILED in step $steps: $*" >&2
  exit 1
}

# shows WHAT PATTERN: the last output must hold the extended regular expression.
shows() {
  grep -Eiq -- "$2" <<<"$out" ||
    story_failed "expected to see $1 (/$2/) in:"$'\n'"$out"
  checks=$((checks + 1))
  printf '  ok: %s\n' "$1"
}

# hides WHAT PATTERN: the last output must not hold it.
hides() {
  if grep -Eiq -- "$2" <<<"$out"; then
    story_failed "expected not to see $1 (/$2/) in:"$'\n'"$out"
  fi
  checks=$((checks + 1))
  printf '  ok: %s\n' "$1"
}

# The value beside a label of the last output.
value_of() {
  sed -nE "s/^ *$1 +([^ ].*)$/\1/p" <<<"$out" | head -n 1
}

check_health() {
  step "The server is up" "Any gRPC client can ask what it serves and how it is, without a token."
  local service
  out=$("$buf" curl --protocol grpc --http2-prior-knowledge --list-services "http://$address")
  printf '%s\n' "$out" | sed 's/^/  | /'
  for service in Signal Referral Catalog FollowUp; do
    shows "reflection lists the ${service}Service" "^omzien\.v1\.${service}Service$"
  done
  for service in Signal Referral Catalog FollowUp; do
    out=$("$buf" curl --protocol grpc --http2-prior-knowledge \
      -d "{\"service\": \"omzien.v1.${service}Service\"}" \
      "http://$address/grpc.health.v1.Health/Check")
    shows "the ${service}Service is SERVING" '"SERVING"'
  done
}

import_catalogue() {
  step "The coalition's steward loads Deventer's catalogue" \
    "Districts, parties, teams and offers are data: a file, checked as a whole."
  as steward catalog import "$repo/deploy/deventer/catalog.yaml"
  shows "the catalogue is in" "Catalogus ingevoerd"
}

jumbo_signals() {
  step "A cashier at JUMBO notices someone" \
    "A customer of over 65 in Bathmen has lost her husband. The house number isn't known, and she" \
    "doesn't know of this signal. The cashier types little, and can always be asked."
  as jumbo signal submit --place Bathmen --age 65_plus --life-event bereavement \
    --relation customer --knows no --through-signaller --signaller-contact "Kassa 3, na vieren" \
    --words "Haar man is overleden. Ze blijft lang hangen bij de kassa en zegt dat het stil is thuis."
  shows "thanks" "bedankt|dank"
  shows "who will call" "Belt +Team toegang/team preventie"
  signal=$(value_of Naam)
  reference=$(value_of Kenmerk)
  [[ $signal == municipalities/$municipality/signals/* ]] || story_failed "no signal's name"
  [[ ${#reference} -ge 4 && ${#reference} -le 12 ]] || story_failed "no short reference: $reference"
  shows "a short reference, $reference" "$reference"
  hides "nothing of where it may go next" "Bathmens Contactteam"
}

coordinator_looks() {
  step "The coordinator sees what is proposed, and who goes first" \
    "Two questions, kept apart. Who contacts first follows the place: the social team. What is" \
    "proposed follows need, group and place: for someone over 65, the village itself first."
  as coordinator signal get "$signal"
  shows "the social team contacts first" "Eerste contact +Team toegang/team preventie"
  shows "Bathmens Contactteam is the first proposal" \
    "^ *1 +contact-via-bathmens-contactteam +Bathmens Contactteam"
  shows "with the reason, and what of it is unconfirmed" "Bathmen.*(eerst vragen|niet bevestigd|aangenomen|onbevestigd)"
  hides "not what the cashier wrote: that is not the coordinator's to read" "stil is thuis"
}

team_tries() {
  step "The social team takes it on, and gets no answer" \
    "The team sees its own queue, most urgent first. Only the one who must reach her gets the words" \
    "and the way to reach her."
  as sociaal-team referral list
  shows "it is in the team's queue" "$reference"
  first=$(awk -v reference="$reference" '$2 == reference { print $1; exit }' <<<"$out")
  as sociaal-team referral show "$first" --full
  shows "the words of the signaller" "stil is thuis"
  shows "the way to reach her: through JUMBO" "Via melder +ja"
  as sociaal-team referral accept "$first"
  shows "accepted" "Toestand +geaccepteerd"
  as sociaal-team referral contact "$first" --with person --channel phone --result no_answer \
    --worker "wijkcoach"
  shows "no answer is no contact" "Toestand +geaccepteerd"

  step "They ring JUMBO, and agree to be introduced on Thursday" \
    "That is an attempt too, but with the signaller: she herself hasn't been reached."
  as sociaal-team referral contact "$first" --with signaller --channel phone --result reached \
    --next "$thursday 15:00" --worker "wijkcoach"
  shows "the next attempt is planned" "$thursday"
  shows "still no contact with her" "Toestand +geaccepteerd"
  hides "the moment of contact is empty" "Contact op"
}

team_places() {
  step "On Thursday the cashier introduces them" \
    "She would like company nearby, and agrees that the team shares her details for that. Whether" \
    "JUMBO may hear that there was contact, she leaves open: so JUMBO won't."
  as sociaal-team referral contact "$first" --with person --channel introduced --result reached \
    --need visit --consent-by person --worker "wijkcoach"
  shows "she has been reached" "Toestand +in contact"
  shows "and agrees" "Toestemming +ja"
  shows "Bathmens Contactteam still fits best" \
    "^ *1 +contact-via-bathmens-contactteam +Bathmens Contactteam"

  step "The team places her with the proposed offer" \
    "First contact is done; the offer's party now has its own referral."
  as sociaal-team referral place "$first" --offer contact-via-bathmens-contactteam
  shows "placed with Bathmens Contactteam" "Geplaatst:"
  second=$(sed -n '/Geplaatst:/,$p' <<<"$out" |
    awk -v reference="$reference" '$2 == reference { print $1; exit }')
  [[ -n $second ]] || story_failed "no referral for the offer"
}

village_visits() {
  step "Bathmens Contactteam accepts, and visits her"
  as bathmens-contactteam referral list
  shows "the village's team sees this referral" "$second"
  hides "and not the one for first contact" "eerste contact"
  as bathmens-contactteam referral accept "$second"
  shows "accepted" "Toestand +geaccepteerd"
  as bathmens-contactteam referral contact "$second" --with person --channel visit \
    --result reached --worker "vrijwilliger"
  shows "contact made" "Toestand +in contact"
}

jumbo_asks() {
  step "JUMBO asks how it went" \
    "The signaller hears that it was picked up; never an outcome, and never more than she agreed to."
  as jumbo signal get "$signal"
  shows "picked up" "Status +opgepakt"
  hides "nothing of the contact" "in contact|contact gelegd|geplaatst"
  hides "nothing of who helps her" "Bathmens Contactteam"
}

coordinator_counts() {
  step "The coordinator sees that contact was made, in time" \
    "Received, picked up, contact, in time, placed: counted, with no person in it."
  as coordinator followup summary
  shows "Bathmen: one received, picked up, reached, in time and placed" \
    "WK015015 +Bathmen +1 +1 +1 +1 +1"
  as coordinator followup overdue
  hides "nothing of hers is overdue" "$reference"
}

unmet_demand() {
  step "A second signal shows what nobody serves" \
    "Someone in Okkenbroek who speaks Tigrinya. Help that is for everyone can be proposed, but" \
    "nothing that is there for them: counted as unmet, though follow-up goes on."
  as jumbo signal submit --place Okkenbroek --language ti --relation customer --knows no \
    --through-signaller --words "Komt alleen en kent hier niemand. We begrijpen elkaar nauwelijks."
  other=$(value_of Kenmerk)
  as coordinator followup unmet
  shows "Okkenbroek: only general offers" "alleen algemeen aanbod +Okkenbroek"
  out=$(call coordinator followup unmet -o json)
  shows "for programs: UNMET_DEGREE_ONLY_GENERAL" "ONLY_GENERAL"
  as coordinator signal list
  shows "both signals are there: $reference and $other" "$other"
}

play_story() {
  omzien=$1
  buf=$2
  thursday=$(TZ=Europe/Amsterdam date -d 'next thursday' +%F)
  check_health
  import_catalogue
  jumbo_signals
  coordinator_looks
  team_tries
  team_places
  village_visits
  jumbo_asks
  coordinator_counts
  unmet_demand
  printf '\nThe story is told: %d steps, %d checks, all met.\n' "$steps" "$checks"
}
