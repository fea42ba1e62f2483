// What differs between the API and the handlers is found before anything is served.

#include "server/rpc/raw_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "omzien/v1/signal_service.pb.h"

namespace omzien::rpc {
namespace {

using ::testing::HasSubstr;

std::string Differences(const Methods& methods) {
  return std::string(CheckHandlers(methods).message());
}

constexpr char kGet[] = "omzien.v1.SignalService/GetSignal";

TEST(CheckHandlers, NamesMethodsWithoutHandler) {
  EXPECT_THAT(Differences(Methods()), HasSubstr(std::string(kGet) + " has no handler"));
}

TEST(CheckHandlers, NamesHandlersWithoutMethod) {
  Methods methods;
  methods.Write<v1::GetSignalRequest>("omzien.v1.SignalService/Nonesuch", [](auto, auto, Reply) {});
  EXPECT_THAT(Differences(methods), HasSubstr("Nonesuch has a handler but is not in the API"));
}

TEST(CheckHandlers, NamesOtherMessageTypes) {
  Methods methods;
  methods.Read<v1::ListSignalsRequest, v1::SignalPoint>(
      kGet, [](const Call&, const v1::ListSignalsRequest&) -> absl::StatusOr<v1::SignalPoint> {
        return v1::SignalPoint();
      });
  EXPECT_THAT(Differences(methods), HasSubstr("takes omzien.v1.GetSignalRequest, its handler "
                                              "omzien.v1.ListSignalsRequest"));
  EXPECT_THAT(Differences(methods),
              HasSubstr("gives omzien.v1.Signal, its handler omzien.v1.SignalPoint"));
}

TEST(CheckHandlers, NamesAStreamThatIsNone) {
  Methods methods;
  methods.Stream<v1::GetSignalRequest>(kGet, 0, [](auto, auto, Reply) {});
  EXPECT_THAT(Differences(methods), HasSubstr("streams in another way than its handler"));
  EXPECT_THAT(Differences(methods), HasSubstr("has a window of 0 items"));
}

TEST(CheckHandlers, NamesTwoHandlersOfOneMethod) {
  Methods methods;
  for (int i = 0; i < 2; ++i) {
    methods.Write<v1::GetSignalRequest>(kGet, [](auto, auto, Reply) {});
  }
  EXPECT_THAT(Differences(methods), HasSubstr(std::string(kGet) + " has two handlers"));
}

}  // namespace
}  // namespace omzien::rpc
