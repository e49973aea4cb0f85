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
inline constexpr int version_major = 0;
inline constexpr int version_minor = 1;
inline constexpr int version_patch = 0;

}  // namespace tailor::inline v0

#endif  // TAILOR_CORE_CONFIG_HPP
