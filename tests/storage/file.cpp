#include "tailor/storage/file.hpp"

#include <sys/mount.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/storage/snapshot.hpp"

using namespace tailor;
using storage::read_file;
using storage::replace_file;

namespace {

// A directory of its own for each test, empty again at the end.
struct scratch_directory {
  std::string path;
  scratch_directory() {
    char name[] = "/tmp/tailor-test-XXXXXX";
    const char* made = ::mkdtemp(name);
    REQUIRE(made != nullptr);
    path = made;
  }
  ~scratch_directory() {
    ::unlink((path + "/s").c_str());
    ::unlink((path + "/s.tmp").c_str());
    ::rmdir(path.c_str());
  }
  scratch_directory(const scratch_directory&) = delete;
  scratch_directory& operator=(const scratch_directory&) = delete;
  [[nodiscard]] bool has(const char* name) const {
    return ::access((path + "/" + name).c_str(), F_OK) == 0;
  }
};

std::vector<std::byte> some_bytes(std::size_t n, int salt) {
  std::vector<std::byte> out(n);
  for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<std::byte>(i * 31 + std::size_t(salt));
  return out;
}

// A disk on which the n-th call fails; writes are short and interrupted besides.
struct failing_calls {
  struct plan {
    int fails_at = 0;
    int code = EIO;
    int calls = 0;
    int writes = 0;
  };
  plan* p;
  storage::posix_calls disk{};

  bool fails() {
    if (++p->calls != p->fails_at) return false;
    errno = p->code;
    return true;
  }
  int open(const char* path, int flags, mode_t mode) {
    return fails() ? -1 : disk.open(path, flags, mode);
  }
  ssize_t read(int file, void* to, std::size_t n) {
    if (fails()) return -1;
    return disk.read(file, to, n > 700 ? 700 : n);
  }
  ssize_t write(int file, const void* from, std::size_t n) {
    if (fails()) return -1;
    if (++p->writes % 3 == 0) {
      errno = EINTR;
      return -1;
    }
    return disk.write(file, from, n > 1000 ? 1000 : n);
  }
  int sync(int file) { return fails() ? -1 : disk.sync(file); }
  int close(int file) {
    const int done = disk.close(file);
    return fails() ? -1 : done;
  }
  int rename(const char* from, const char* to) { return fails() ? -1 : disk.rename(from, to); }
  int remove(const char* path) { return disk.remove(path); }
};

}  // namespace

TEST_CASE("file: is replaced whole, readable by its owner only, and leaves nothing beside it") {
  const scratch_directory dir;
  const std::string path = dir.path + "/s";
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
  const std::string path = dir.path + "/s";
  CHECK(replace_file((path + ".tmp").c_str(), some_bytes(10, 1)));
  CHECK(replace_file(path.c_str(), some_bytes(10, 2)));
  CHECK_FALSE(dir.has("s.tmp"));
}

TEST_CASE("file: one that is not there, or a link, is an error with the errno") {
  const scratch_directory dir;
  const auto missing = read_file((dir.path + "/none").c_str());
  REQUIRE_FALSE(missing);
  CHECK(missing.code() == errc::io);
  CHECK(missing.error().at == ENOENT);
  const std::string path = dir.path + "/s";
  REQUIRE(::symlink("/etc/hostname", path.c_str()) == 0);
  CHECK(read_file(path.c_str()) == errc::io);
  CHECK(replace_file((dir.path + "/none/s").c_str(), {}) == errc::io);
}

TEST_CASE("file: whatever call fails, the old file stays whole and nothing is left beside it") {
  const scratch_directory dir;
  const std::string path = dir.path + "/s";
  const std::vector<std::byte> old_bytes = some_bytes(3'000, 1);
  const std::vector<std::byte> new_bytes = some_bytes(4'000, 2);
  for (const int code : {EIO, ENOSPC, EDQUOT, EROFS, EMFILE}) {
    CHECK(replace_file(path.c_str(), old_bytes));
    int failures = 0;
    for (int n = 1;; ++n) {
      CAPTURE(code, n);
      failing_calls::plan plan{n, code, 0, 0};
      const status s = replace_file(path.c_str(), new_bytes, failing_calls{&plan});
      CHECK_FALSE(dir.has("s.tmp"));
      const auto now = read_file(path.c_str());
      REQUIRE(now);
      if (s) {
        CHECK(*now == new_bytes);
        if (plan.calls < n) break;  // the failing call was never made: all have had their turn
        continue;                   // a fault of closing a directory that is synced already
      }
      ++failures;
      CHECK(s.code() == (code == ENOSPC || code == EDQUOT ? errc::no_space : errc::io));
      CHECK(s.error().at == std::uint64_t(code));
      const std::string step = s.error().what;
      const bool in_place = step == "sync directory" || step == "open directory";
      CHECK(*now == (in_place ? new_bytes : old_bytes));
      if (in_place) CHECK(replace_file(path.c_str(), old_bytes));
    }
    CHECK(failures >= 8);
  }
}

TEST_CASE("file: a fault while reading is reported, and short reads are put together") {
  const scratch_directory dir;
  const std::string path = dir.path + "/s";
  CHECK(replace_file(path.c_str(), some_bytes(5'000, 1)));
  failing_calls::plan whole;
  const auto read = read_file(path.c_str(), failing_calls{&whole});
  REQUIRE(read);
  CHECK(*read == some_bytes(5'000, 1));
  for (int n = 1; n < whole.calls; ++n) {  // the last call closes
    failing_calls::plan plan{n, EIO, 0, 0};
    CHECK(read_file(path.c_str(), failing_calls{&plan}) == errc::io);
  }
}

TEST_CASE("file: a full disk keeps the old snapshot") {
  const scratch_directory dir;
  if (::mount("tailor-test", dir.path.c_str(), "tmpfs", 0, "size=64k") != 0) {
    WARN("no right to mount a small disk here: not tried on a really full one");
    return;
  }
  const std::string path = dir.path + "/s";
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
  CHECK(::umount(dir.path.c_str()) == 0);
}
