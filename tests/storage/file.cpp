#include "tailor/storage/file.hpp"

#include <sys/mount.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "../support/fault_files.hpp"
#include "../support/scratch_directory.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/storage/snapshot.hpp"
#include "tailor/testing/histories.hpp"

using namespace tailor;
using storage::read_file;
using storage::replace_file;
using tailor_test::fault_files;
using tailor_test::scratch_directory;

namespace {

std::vector<std::byte> some_bytes(std::size_t n, int salt) {
  std::vector<std::byte> out(n);
  for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<std::byte>(i * 31 + std::size_t(salt));
  return out;
}

events::timeline some_timeline(std::uint64_t seed) {
  events::timeline t;
  for (const events::event& e : testing::random_history(seed, {.events = 200})) {
    CHECK(t.observe(e));
  }
  return t;
}

// Those that interrupt are tried again, so the call succeeds.
constexpr int faults[] = {EIO, ENOSPC, EDQUOT, EROFS, EMFILE, EINTR, fault_files::short_write};

}  // namespace

TEST_CASE("file: is replaced whole, readable by its owner only, and leaves nothing beside it") {
  const scratch_directory dir;
  const std::string path = dir.file();
  CHECK(replace_file(path.c_str(), some_bytes(100'000, 1)));
  CHECK(replace_file(path.c_str(), some_bytes(5'000, 2)));
  const auto back = read_file(path.c_str());
  REQUIRE(back);
  CHECK(*back == some_bytes(5'000, 2));
  struct stat about{};
  REQUIRE(::stat(path.c_str(), &about) == 0);
  CHECK((about.st_mode & 0777) == 0600);
  CHECK_FALSE(dir.has("s.tmp"));
  CHECK(replace_file(path.c_str(), {}));
  REQUIRE(read_file(path.c_str()));
  CHECK(read_file(path.c_str())->empty());
}

TEST_CASE("file: what a crash left beside it does not stand in the way") {
  const scratch_directory dir;
  const std::string path = dir.file();
  CHECK(replace_file((path + ".tmp").c_str(), some_bytes(10, 1)));
  CHECK(replace_file(path.c_str(), some_bytes(10, 2)));
  CHECK_FALSE(dir.has("s.tmp"));
}

TEST_CASE("file: one that is missing, a link, a directory or a pipe is an error with the errno") {
  const scratch_directory dir;
  const auto fault_of = [](const std::string& path) {
    const auto read = read_file(path.c_str());
    CHECK(read == errc::io);
    return read.error().at;
  };
  CHECK(fault_of(dir.path + "/none") == ENOENT);
  CHECK(fault_of(dir.path) == EISDIR);
  REQUIRE(::symlink("/etc/hostname", dir.file().c_str()) == 0);
  CHECK(fault_of(dir.file()) == ELOOP);
  ::unlink(dir.file().c_str());
  REQUIRE(::mkfifo(dir.file().c_str(), 0600) == 0);
  CHECK(fault_of(dir.file()) == EINVAL);
  CHECK(replace_file((dir.path + "/none/s").c_str(), {}) == errc::io);
}

TEST_CASE("file: one longer than the limit is refused before anything is allocated for it") {
  const scratch_directory dir;
  const std::string path = dir.file();
  CHECK(replace_file(path.c_str(), some_bytes(1000, 1)));
  CHECK(read_file(path.c_str(), 1000));
  const auto longer = read_file(path.c_str(), 999);
  CHECK(longer == errc::full);
  CHECK(longer.error().at == 1000);
  // A hole of 8 TB costs no disk; it must not cost memory either.
  constexpr std::int64_t huge = std::int64_t{8} << 40;
  REQUIRE(::truncate(path.c_str(), huge) == 0);
  const auto hole = read_file(path.c_str(), std::uint64_t{1} << 30);
  CHECK(hole == errc::full);
  CHECK(hole.error().at == std::uint64_t{huge});
}

TEST_CASE("file: a link in place of the file is replaced, not followed") {
  const scratch_directory dir;
  const std::string elsewhere = dir.path + "/elsewhere";
  CHECK(replace_file(elsewhere.c_str(), some_bytes(10, 1)));
  REQUIRE(::symlink(elsewhere.c_str(), dir.file().c_str()) == 0);
  REQUIRE(::symlink(elsewhere.c_str(), (dir.file() + ".tmp").c_str()) == 0);
  CHECK(replace_file(dir.file().c_str(), some_bytes(10, 2)));
  const auto untouched = read_file(elsewhere.c_str());
  REQUIRE(untouched);
  CHECK(*untouched == some_bytes(10, 1));
  ::unlink(elsewhere.c_str());
}

TEST_CASE("file: whatever call fails, the old file stays whole and nothing is left beside it") {
  const scratch_directory dir;
  const std::string path = dir.file();
  const events::timeline before = some_timeline(1);
  const events::timeline after = some_timeline(2);
  for (const int code : faults) {
    REQUIRE(storage::save(path.c_str(), before));
    int failures = 0;
    for (int n = 1;; ++n) {
      CAPTURE(code, n);
      fault_files files(n, code);
      events::timeline state = after;
      const status s = storage::save(files, path.c_str(), state);
      CHECK(state == after);
      CHECK(files.still_open() == 0);
      CHECK_FALSE(dir.has("s.tmp"));
      events::timeline now;
      REQUIRE(storage::load(path.c_str(), now));
      if (s) {
        CHECK(now == after);
        if (!files.failed()) break;  // every call has had its turn
        REQUIRE(storage::save(path.c_str(), before));
        continue;  // interrupted and tried again, or the fault of a close that did not matter
      }
      ++failures;
      const int expected = code == fault_files::short_write ? ENOSPC : code;
      CHECK(s.code() == (expected == ENOSPC || expected == EDQUOT ? errc::no_space : errc::io));
      CHECK(s.error().at == std::uint64_t(expected));
      const std::string step = s.error().what;
      const bool in_place = step == "sync directory" || step == "open directory";
      CHECK(now == (in_place ? after : before));
      if (in_place) REQUIRE(storage::save(path.c_str(), before));
    }
    CHECK(failures >= (code == EINTR ? 1 : 8));  // an interrupted rename is not tried again
  }
}

TEST_CASE("file: whatever call fails while loading, nothing changes") {
  const scratch_directory dir;
  const std::string path = dir.file();
  const events::timeline saved = some_timeline(3);
  const events::timeline before = some_timeline(4);
  REQUIRE(storage::save(path.c_str(), saved));
  for (const int code : faults) {
    if (code == fault_files::short_write) continue;
    int failures = 0;
    for (int n = 1;; ++n) {
      CAPTURE(code, n);
      fault_files files(n, code);
      events::timeline now = before;
      const status s = storage::load(files, path.c_str(), now);
      CHECK(files.still_open() == 0);
      CHECK(now == (s ? saved : before));
      if (!files.failed()) {
        CHECK(s);
        break;
      }
      if (!s) {
        ++failures;
        CHECK(s.error().at == std::uint64_t(code));
      }
    }
    CHECK(failures >= (code == EINTR ? 0 : 3));
  }
}

TEST_CASE("file: a full disk keeps the old snapshot") {
  const scratch_directory dir;
  if (::mount("tailor-test", dir.path.c_str(), "tmpfs", 0, "size=64k") != 0) {
    WARN("no right to mount a small disk here: not tried on a really full one");
    return;
  }
  const std::string path = dir.file();
  events::timeline few;
  CHECK(few.observe({.user = user_id{1}, .item = item_id{2}}));
  CHECK(storage::save(path.c_str(), few));
  events::timeline many;
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    CHECK(many.observe({.user = user_id{i}, .item = item_id{i}}));
  }
  const events::timeline before = many;
  CHECK(storage::save(path.c_str(), many) == errc::no_space);
  CHECK(many == before);
  events::timeline back;
  CHECK(storage::load(path.c_str(), back));
  CHECK(back == few);
  CHECK_FALSE(dir.has("s.tmp"));
  few.merge(few);
  CHECK(storage::save(path.c_str(), few));  // there is space for a small one
  CHECK(::umount(dir.path.c_str()) == 0);
}
