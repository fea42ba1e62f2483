// A 32-byte secret that is wiped when it goes.

#ifndef OMZIEN_SERVER_CRYPTO_SECRET_H_
#define OMZIEN_SERVER_CRYPTO_SECRET_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace omzien::crypto {

class Secret {
 public:
  static constexpr size_t kBytes = 32;

  // Fresh and random.
  static Secret Random();

  Secret() = default;
  Secret(const Secret&) = default;
  Secret& operator=(const Secret&) = default;
  ~Secret();

  uint8_t* data() { return bytes_.data(); }
  const uint8_t* data() const { return bytes_.data(); }

 private:
  std::array<uint8_t, kBytes> bytes_{};
};

}  // namespace omzien::crypto

#endif  // OMZIEN_SERVER_CRYPTO_SECRET_H_
