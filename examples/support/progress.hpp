// A progress bar on standard error: a line that fills, or nothing where nobody looks.
#pragma once

#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>

namespace demo {

class progress {
 public:
  progress(const char* what, std::uint64_t total) : what_(what), total_(total) {}

  void at(std::uint64_t done) {
    const int percent = total_ == 0 ? 100 : static_cast<int>(done * 100 / total_);
    if (percent == shown_ || ::isatty(2) == 0) return;
    shown_ = percent;
    const std::string bar(static_cast<std::size_t>(percent / 4), '#');
    std::fprintf(stderr, "\r%-24s [%-25s] %3d %%", what_, bar.c_str(), percent);
  }
  /// Ends the line; returns the seconds since the beginning.
  double done() {
    const auto now = std::chrono::steady_clock::now();
    const double seconds = std::chrono::duration<double>(now - begin_).count();
    if (::isatty(2) != 0) std::fprintf(stderr, "\r%-60s\r", "");
    std::fprintf(stderr, "%-34s %7.3f s\n", what_, seconds);
    return seconds;
  }

 private:
  const char* what_;
  std::uint64_t total_;
  int shown_ = -1;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace demo
