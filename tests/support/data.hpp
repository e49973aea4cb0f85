#ifndef TAILOR_TESTS_SUPPORT_DATA_HPP
#define TAILOR_TESTS_SUPPORT_DATA_HPP

#include <cstdio>
#include <cstdlib>
#include <string>

#ifndef TAILOR_DATA_DIR
#error "define TAILOR_DATA_DIR as the directory of the public data sets"
#endif

namespace tailor_test {

/// The path of a file of the public data sets. Where it is missing, says so and ends the process
/// with 77, which CTest counts as skipped: call it first thing in a test case of a `data_*.cpp`.
[[nodiscard]] inline std::string need_data(const char* name) {
  std::string path = std::string(TAILOR_DATA_DIR) + "/" + name;
  if (std::FILE* file = std::fopen(path.c_str(), "rb")) {
    std::fclose(file);
    return path;
  }
  std::printf("SKIPPED: no %s\n", path.c_str());
  std::fflush(stdout);
  std::_Exit(77);
}

}  // namespace tailor_test

#endif  // TAILOR_TESTS_SUPPORT_DATA_HPP
