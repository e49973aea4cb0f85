#ifndef TAILOR_CORE_CONFIG_HPP
#define TAILOR_CORE_CONFIG_HPP

#if __cplusplus < 202002L
#error "tailor needs C++20: compile with -std=c++20 or later"
#endif
#if defined(__FAST_MATH__)
#error "tailor promises the same answers everywhere, which -ffast-math breaks: compile without it"
#endif

namespace tailor::inline v0 {

/// The version of the library, as in the CMake package. Semantic versioning; before 1.0 a minor
/// release may break source code, and the inline namespace `v0` changes with the major version.
struct library_version {
  int major = 0;
  int minor = 1;
  int patch = 0;
};
inline constexpr library_version version{};

}  // namespace tailor::inline v0

#endif  // TAILOR_CORE_CONFIG_HPP
