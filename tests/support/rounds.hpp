#ifndef TAILOR_TESTS_SUPPORT_ROUNDS_HPP
#define TAILOR_TESTS_SUPPORT_ROUNDS_HPP

namespace tailor_test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool watched = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
inline constexpr bool watched = true;
#else
inline constexpr bool watched = false;
#endif
#else
inline constexpr bool watched = false;
#endif

/// How often to repeat what is drawn at random: a quarter where a sanitizer watches, which takes
/// ten times as long and sees the same code; the builds without one run all of it.
template <class N>
constexpr N rounds(N all) {
  return watched ? (all + 3) / 4 : all;
}

}  // namespace tailor_test

#endif  // TAILOR_TESTS_SUPPORT_ROUNDS_HPP
