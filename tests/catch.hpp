// One spelling for Catch2 v2 (Debian 12) and v3. House subset: TEST_CASE SECTION TEMPLATE_TEST_CASE
// GENERATE CAPTURE INFO REQUIRE CHECK REQUIRE_THAT, Approx, WithinAbs/WithinRel/ContainsSubstring.
#pragma once

#include <string>

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#elif __has_include(<catch2/catch.hpp>)
#include <catch2/catch.hpp>
namespace Catch {
using Detail::Approx;
}
namespace Catch::Matchers {
inline auto ContainsSubstring(const std::string& s) { return Contains(s); }
}  // namespace Catch::Matchers
#else
#error "Catch2 v2 or v3 is needed to build the tests (Debian: catch2)"
#endif
