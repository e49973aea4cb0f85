// A directory of its own for a test, empty again at the end.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <string>

namespace tailor_test {

struct scratch_directory {
  std::string path;

  scratch_directory() {
    char name[] = "/tmp/tailor-test-XXXXXX";
    const char* made = ::mkdtemp(name);
    if (made == nullptr) std::abort();
    path = made;
  }
  ~scratch_directory() {
    ::unlink(file().c_str());
    ::unlink((file() + ".tmp").c_str());
    ::rmdir(path.c_str());
  }
  scratch_directory(const scratch_directory&) = delete;
  scratch_directory& operator=(const scratch_directory&) = delete;

  /// The one file that tests write here.
  [[nodiscard]] std::string file() const { return path + "/s"; }
  [[nodiscard]] bool has(const char* name) const {
    return ::access((path + "/" + name).c_str(), F_OK) == 0;
  }
};

}  // namespace tailor_test
