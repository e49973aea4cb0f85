// What every demo on a whole shop does: read its arguments, find a history, write its page.
#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "page.hpp"
#include "shop_history.hpp"
#include "tailor/core/decimal.hpp"
#include "tailor/storage/file.hpp"

namespace demo {

/// One run of a demo: NAME [--data DIR] [--out DIR] [--generated] [--seed N]. What goes wrong ends
/// the process with one line that says what.
class run {
 public:
  /// `own` is one more option of this demo, which takes a file, or nothing.
  run(std::string name, int count, char** values, std::string own = {})
      : name_(std::move(name)), own_(std::move(own)) {
    for (int i = 1; i < count; ++i) {
      const std::string_view what = values[i];
      const auto value = [&]() -> std::string {
        if (++i == count) fail(std::string(what) + " needs a value");
        return values[i];
      };
      if (what == "--data") {
        data_ = value();
      } else if (what == "--out") {
        out_ = value();
      } else if (what == "--generated") {
        generated_ = true;
      } else if (what == "--seed") {
        const auto seed = parse_int<std::uint64_t>(value());
        if (!seed) fail("--seed takes a whole number");
        seed_ = *seed;
      } else if (!own_.empty() && what == own_) {
        own_file_ = value();
      } else {
        fail("usage: " + name_ + " [--data DIR] [--out DIR] [--generated] [--seed N]" +
             (own_.empty() ? "" : " [" + own_ + " FILE]"));
      }
    }
  }

  [[noreturn]] void fail(const std::string& why) const {
    std::fprintf(stderr, "%s: %s\n", name_.c_str(), why.c_str());
    std::exit(1);
  }

  /// Whether a file of real shops is to be used.
  [[nodiscard]] bool has(const char* file) const {
    return !generated_ && !data_.empty() && ::access((data_ + "/" + file).c_str(), R_OK) == 0;
  }
  [[nodiscard]] const std::string& data() const { return data_; }
  /// The file that the demo's own option names; empty when it was not given.
  [[nodiscard]] const std::string& own_file() const { return own_file_; }

  /// The real shop where its file is, else a made-up one.
  [[nodiscard]] shop_history history() const {
    const std::string path = data_ + "/online_retail.csv";
    if (!has("online_retail.csv")) {
      if (!generated_)
        std::printf("No online_retail.csv in '%s': a shop is made up.\n", data_.c_str());
      return make_history(seed_);
    }
    auto read = read_online_retail(path);
    if (!read)
      fail(format("%s: %s %s at %llu", path.c_str(), name_of(read.code()), read.error().what,
                  static_cast<unsigned long long>(read.error().at)));
    return std::move(*read);
  }

  void save(const page& what) const {
    ::mkdir(out_.c_str(), 0755);
    const std::string path = out_ + "/" + name_ + ".html";
    const std::string html = what.html();
    const status saved = storage::replace_file(path.c_str(), std::as_bytes(std::span(html)));
    if (!saved) fail(path + ": " + name_of(saved.code()) + " " + saved.error().what);
    ::chmod(path.c_str(), 0644);
    std::printf("\nThe page: %s\n", path.c_str());
  }

 private:
  std::string name_;
  std::string own_;
  std::string own_file_;
  std::string data_;
  std::string out_ = ".";
  bool generated_ = false;
  std::uint64_t seed_ = 1;
};

}  // namespace demo
