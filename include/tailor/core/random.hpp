#ifndef TAILOR_CORE_RANDOM_HPP
#define TAILOR_CORE_RANDOM_HPP

#include <array>
#include <concepts>
#include <cstdint>

#include "config.hpp"

namespace tailor::inline v0 {

/// Gives 64 random bits per call. The same key gives the same bits everywhere: seeds are passed in,
/// never taken from the system. A generator that declares a smaller range (std::mt19937) is none.
template <class G>
concept random_bits = requires(G& g) {
  { g() } -> std::same_as<std::uint64_t>;
} && !requires { requires G::min() != 0 || G::max() != UINT64_MAX; };

/// Philox4x32-10: a block cipher that is not secret but statistically sound; counter → random
/// block. J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw, "Parallel random numbers: as easy
/// as 1, 2, 3", SC 2011, doi:10.1145/2063384.2063405.
[[nodiscard]] constexpr std::array<std::uint32_t, 4> philox4x32(
    std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t even = std::uint64_t{0xd2511f53} * counter[0];
    const std::uint64_t odd = std::uint64_t{0xcd9e8d57} * counter[2];
    counter = {static_cast<std::uint32_t>(odd >> 32) ^ counter[1] ^ key[0],
               static_cast<std::uint32_t>(odd),
               static_cast<std::uint32_t>(even >> 32) ^ counter[3] ^ key[1],
               static_cast<std::uint32_t>(even)};
    key[0] += 0x9e3779b9;
    key[1] += 0xbb67ae85;
  }
  return counter;
}

/// Random bits by counting: what the n-th draw is depends on key, stream and n alone. Take the seed
/// as key and what the draws are for as stream (a shopper, a decision), and no position of any
/// generator has to be kept: who is served first changes nothing. 2^64 streams of 2^65 draws.
/// Not for secrets.
class counter_random {
 public:
  explicit constexpr counter_random(std::uint64_t key, std::uint64_t stream = 0)
      : key_(key), stream_(stream) {}

  /// The next 64 bits. Cost: some nanoseconds.
  [[nodiscard]] constexpr std::uint64_t operator()() {
    if (second_) {
      second_ = false;
      return kept_;
    }
    const auto low = [](std::uint64_t x) { return static_cast<std::uint32_t>(x); };
    const auto high = [](std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); };
    const auto block = philox4x32({low(block_), high(block_), low(stream_), high(stream_)},
                                  {low(key_), high(key_)});
    ++block_;
    second_ = true;
    kept_ = block[2] | std::uint64_t{block[3]} << 32;
    return block[0] | std::uint64_t{block[1]} << 32;
  }

  friend constexpr bool operator==(const counter_random&, const counter_random&) = default;

 private:
  std::uint64_t key_;
  std::uint64_t stream_;
  std::uint64_t block_ = 0;
  std::uint64_t kept_ = 0;  // the second half of the last block, while `second_`
  bool second_ = false;
};

}  // namespace tailor::inline v0

#endif  // TAILOR_CORE_RANDOM_HPP
