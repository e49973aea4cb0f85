#include "tailor/storage/log.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "../support/log_directory.hpp"
#include "tailor/core/random.hpp"
#include "tailor/storage/file.hpp"

using namespace tailor;
using storage::log_options;
using storage::log_record;
using storage::log_report;
using storage::on_hole;
using tailor_test::fault_files;
using tailor_test::faulty_disk;
using tailor_test::log_directory;

namespace {

using bytes = std::vector<std::byte>;
using open_log = storage::log<>;

bytes payload(std::uint64_t n) {
  bytes out(static_cast<std::size_t>(n * 7 % 23));
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = std::byte(n * 31 + i);
  return out;
}

struct found {
  std::vector<bytes> records;
  status operator()(const log_record& r) {
    CHECK(r.sequence == first + records.size());
    records.emplace_back(r.payload.begin(), r.payload.end());
    return {};
  }
  std::uint64_t first = 0;
};

constexpr auto ignore = [](const log_record&) -> status { return {}; };

bool is_prefix(const std::vector<bytes>& records, std::uint64_t of) {
  if (records.size() > of) return false;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (records[i] != payload(i)) return false;
  }
  return true;
}

void write_file(const std::string& path, const bytes& content) {
  REQUIRE(storage::replace_file(path.c_str(), content));
}

// A file of these many records, closed or as a crash leaves it.
enum class ending { closed, crashed, synced };
bytes log_of(std::uint64_t records, ending how, std::uint64_t synced_at = 0) {
  const log_directory dir;
  auto log = open_log::open(dir.file(), ignore);
  REQUIRE(log);
  for (std::uint64_t n = 0; n < records; ++n) {
    if (how == ending::synced && n == synced_at) REQUIRE(log->sync());
    REQUIRE(log->append(payload(n)));
  }
  if (how == ending::closed) REQUIRE(log->close());
  return storage::read_file(dir.file().c_str()).value();
}

}  // namespace

TEST_CASE("log: what was appended comes back in order and only a closed one is clean") {
  const log_directory dir;
  for (std::uint64_t session = 0; session < 6; ++session) {
    found all;
    auto log = open_log::open(dir.file(), all);
    REQUIRE(log);
    CHECK(is_prefix(all.records, session * 5));
    CHECK(all.records.size() == session * 5);
    CHECK(log->report().records == session * 5);
    CHECK(log->report().clean == (session > 0 && session % 2 == 0));
    CHECK(log->report().dropped_bytes == 0);
    CHECK(log->next() == session * 5);
    for (std::uint64_t n = 0; n < 5; ++n) {
      const auto ack = log->append(payload(session * 5 + n));
      REQUIRE(ack);
      CHECK(ack->sequence == session * 5 + n);
    }
    const auto synced = log->sync();
    REQUIRE(synced);
    CHECK(synced->end == session * 5 + 5);
    if (session % 2 == 1) CHECK(log->close());
  }
  struct stat about{};
  REQUIRE(::stat(dir.file().c_str(), &about) == 0);
  CHECK((about.st_mode & 0777) == 0600);
}

TEST_CASE("log: the types of the acknowledgements name what they outlive") {
  const log_directory dir;
  auto log = open_log::open(dir.file(), ignore);
  REQUIRE(log);
  STATIC_REQUIRE(std::is_same_v<decltype(log->append({})), result<storage::process_durable>>);
  STATIC_REQUIRE(std::is_same_v<decltype(log->sync()), result<storage::power_durable>>);
  STATIC_REQUIRE(!std::is_convertible_v<storage::process_durable, storage::power_durable>);
}

TEST_CASE("log: of two openers the second is refused, also a child made by fork") {
  const log_directory dir;
  auto log = open_log::open(dir.file(), ignore);
  REQUIRE(log);
  CHECK(open_log::open(dir.file(), ignore) == errc::conflict);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const bool inert = log->append(payload(1)) == errc::conflict && log->sync() == errc::conflict &&
                       log->rewrite({}) == errc::conflict && log->close() == errc::conflict;
    ::_exit(inert ? 0 : 1);
  }
  int how = 0;
  REQUIRE(::waitpid(child, &how, 0) == child);
  CHECK((WIFEXITED(how) && WEXITSTATUS(how) == 0));
  CHECK(log->append(payload(0)));
  CHECK(log->close());
  CHECK(log->append(payload(1)) == errc::io);
  CHECK(log->close() == errc::io);
  auto again = open_log::open(dir.file(), ignore);
  REQUIRE(again);
  CHECK(again->report().records == 1);
}

TEST_CASE("log: cut anywhere it is an exact prefix with a report, or an error") {
  const bytes closed = log_of(6, ending::closed);
  const bytes crashed = log_of(6, ending::crashed);
  for (const bytes& whole : {closed, crashed}) {
    for (std::size_t n = 0; n < whole.size(); ++n) {
      CAPTURE(n);
      const auto scan = storage::scan_log(std::span(whole).first(n));
      if (n < storage::detail::log_header_size) {
        CHECK(scan == errc::truncated);
        continue;
      }
      REQUIRE(scan);
      CHECK_FALSE(scan->report.clean);
      CHECK(scan->report.dropped_bytes == n - scan->report.first_bad_offset);
      found all;
      CHECK(storage::for_each_record(std::span(whole).first(n), *scan, all));
      CHECK(all.records.size() == scan->report.records);
      CHECK(is_prefix(all.records, 6));
    }
  }
}

TEST_CASE("log: a cut one goes on behind its last good record") {
  const bytes whole = log_of(4, ending::closed);
  for (std::size_t n = storage::detail::log_header_size; n < whole.size(); n += 3) {
    CAPTURE(n);
    const log_directory dir;
    write_file(dir.file(), {whole.begin(), whole.begin() + std::ptrdiff_t(n)});
    std::uint64_t records = 0;
    {
      found all;
      auto log = open_log::open(dir.file(), all);
      REQUIRE(log);
      records = all.records.size();
      while (records < 6) REQUIRE(log->append(payload(records++)));
      REQUIRE(log->close());
    }
    found all;
    auto log = open_log::open(dir.file(), all);
    REQUIRE(log);
    CHECK(log->report().clean);
    CHECK(all.records.size() == 6);
    CHECK(is_prefix(all.records, 6));
  }
}

TEST_CASE("log: with any byte changed it is an exact prefix with a report, or an error") {
  for (const auto how : {ending::closed, ending::crashed}) {
    const bytes whole = log_of(6, how);
    const auto good = storage::scan_log(whole);
    REQUIRE(good);
    for (std::size_t at = 0; at < whole.size(); ++at) {
      for (const unsigned flip : {0xFFU, 0x01U, 0x80U}) {
        for (const on_hole policy : {on_hole::refuse, on_hole::cut_unsynced}) {
          CAPTURE(at, flip, policy == on_hole::refuse);
          bytes changed = whole;
          changed[at] ^= std::byte(flip);
          const auto scan = storage::scan_log(changed, 0, policy);
          if (!scan) {
            CHECK(scan.error().at <= at);
            continue;
          }
          CHECK_FALSE(scan->report.clean);
          CHECK(scan->report.dropped_bytes > 0);
          CHECK(scan->report.first_bad_offset <= at);
          found all;
          CHECK(storage::for_each_record(changed, *scan, all));
          CHECK(is_prefix(all.records, 6));
          // Nothing good lies behind what is cut, unless that was asked for.
          if (policy == on_hole::refuse) {
            CHECK(scan->report.records >= (how == ending::closed ? 6 : 5));
          }
        }
      }
    }
  }
}

TEST_CASE("log: damage before good records is corrupt, with its offset, and nothing is changed") {
  const bytes whole = log_of(6, ending::crashed);
  bytes changed = whole;
  const std::size_t third = storage::detail::log_header_size +
                            2 * storage::detail::record_overhead + payload(0).size() +
                            payload(1).size();
  changed[third + storage::detail::record_header_size] ^= std::byte{1};
  const log_directory dir;
  write_file(dir.file(), changed);
  bool visited = false;
  const auto opened = open_log::open(dir.file(), [&](const log_record&) -> status {
    visited = true;
    return {};
  });
  CHECK(opened == errc::corrupt);
  CHECK(opened.error().at == third);
  CHECK_FALSE(visited);
  CHECK(storage::read_file(dir.file().c_str()).value() == changed);
  // Nothing says that it was synced: a power cut may have done that.
  found all;
  auto cut = open_log::open(dir.file(), all, {.holes = on_hole::cut_unsynced});
  REQUIRE(cut);
  CHECK(all.records.size() == 2);
  CHECK(cut->report().first_bad_offset == third);
}

TEST_CASE("log: damage to what was synced is corrupt, whatever is asked for") {
  bytes changed = log_of(6, ending::synced, 4);
  changed[storage::detail::log_header_size + storage::detail::record_header_size +
          storage::detail::record_overhead] ^= std::byte{1};
  CHECK(storage::scan_log(changed, 0, on_hole::refuse) == errc::corrupt);
  CHECK(storage::scan_log(changed, 0, on_hole::cut_unsynced) == errc::corrupt);
}

TEST_CASE("log: records that are swapped, repeated, left out or of another log are no prefix") {
  const bytes whole = log_of(6, ending::closed);
  std::vector<bytes> parts;
  std::size_t at = storage::detail::log_header_size;
  const bytes header(whole.begin(), whole.begin() + std::ptrdiff_t(at));
  for (std::uint64_t n = 0; n < 6; ++n) {
    const std::size_t size = storage::detail::record_overhead + payload(n).size();
    parts.emplace_back(whole.begin() + std::ptrdiff_t(at),
                       whole.begin() + std::ptrdiff_t(at + size));
    at += size;
  }
  const auto joined = [&](std::initializer_list<std::size_t> order) {
    bytes out = header;
    for (const std::size_t n : order) out.insert(out.end(), parts[n].begin(), parts[n].end());
    return out;
  };
  CHECK(storage::scan_log(joined({0, 1, 2, 3})));
  CHECK(storage::scan_log(joined({0, 2, 1, 3})) == errc::corrupt);
  CHECK(storage::scan_log(joined({0, 1, 1, 2})) == errc::corrupt);
  CHECK(storage::scan_log(joined({0, 1, 3})) == errc::corrupt);
  CHECK(storage::scan_log(joined({1, 2})) == errc::corrupt);
  bytes behind_end = whole;
  behind_end.insert(behind_end.end(), parts[5].begin(), parts[5].end());
  CHECK(storage::scan_log(behind_end) == errc::corrupt);
  // A log of another content is not opened, and its records are not good in this one.
  CHECK(storage::scan_log(whole, 7) == errc::wrong_version);
  bytes other;
  const auto seed =
      storage::detail::put_header(other, {7, 0, 0, storage::detail::log_header_size, 0});
  CHECK(seed != 0);
  other.insert(other.end(), parts[0].begin(), parts[0].end());
  const auto scan = storage::scan_log(other, 7);
  REQUIRE(scan);
  CHECK(scan->report.records == 0);
  CHECK(scan->report.dropped_bytes == parts[0].size());
}

TEST_CASE("log: what is no log, of a newer version or too long is refused by name") {
  const bytes whole = log_of(2, ending::closed);
  CHECK(storage::scan_log({}) == errc::truncated);
  CHECK(storage::scan_log(bytes(100, std::byte{'x'})) == errc::malformed);
  bytes newer = whole;
  newer[8] = std::byte{2};
  CHECK(storage::scan_log(newer) == errc::wrong_version);
  const log_directory dir;
  write_file(dir.file(), whole);
  const auto longer = open_log::open(dir.file(), ignore, {.max_bytes = whole.size() - 1});
  CHECK(longer == errc::full);
  CHECK(longer.error().at == whole.size());
  ::unlink(dir.file().c_str());
  CHECK(open_log::open(dir.file(), ignore, {.missing = storage::on_missing::refuse}) == errc::io);
  REQUIRE(::symlink("/etc/hostname", dir.file().c_str()) == 0);
  CHECK(open_log::open(dir.file(), ignore) == errc::io);
}

TEST_CASE("log: a visitor that refuses a record refuses the log") {
  const log_directory dir;
  write_file(dir.file(), log_of(3, ending::closed));
  const auto opened = open_log::open(dir.file(), [](const log_record& r) -> status {
    return r.sequence == 1 ? status{error{errc::unknown, "test", r.at}} : status{};
  });
  CHECK(opened == errc::unknown);
  CHECK(storage::read_file(dir.file().c_str()).value() == log_of(3, ending::closed));
}

TEST_CASE("log: rewriting keeps the numbers and replaces the file whole") {
  const log_directory dir;
  {
    auto log = open_log::open(dir.file(), ignore);
    REQUIRE(log);
    for (std::uint64_t n = 0; n < 9; ++n) REQUIRE(log->append(payload(n)));
    const bytes a = payload(100);
    const bytes b = payload(101);
    const std::vector<std::span<const std::byte>> snapshot{a, b};
    const auto done = log->rewrite(snapshot);
    REQUIRE(done);
    CHECK(done->end == 11);
    CHECK(log->append(payload(102))->sequence == 11);
  }
  CHECK_FALSE(dir.has("s.tmp"));
  found all;
  all.first = 9;
  auto log = open_log::open(dir.file(), all);
  REQUIRE(log);
  CHECK(all.records == std::vector<bytes>{payload(100), payload(101), payload(102)});
}

TEST_CASE("log: what a rewrite put in place is never cut as a torn tail") {
  const log_directory dir;
  {
    auto log = open_log::open(dir.file(), ignore);
    REQUIRE(log);
    const bytes a = payload(3);
    const std::span<const std::byte> snapshot(a);
    REQUIRE(log->rewrite(std::span(&snapshot, 1)));
  }
  const bytes whole = storage::read_file(dir.file().c_str()).value();
  for (std::size_t n = 0; n < whole.size(); ++n) {
    CHECK(storage::scan_log(std::span(whole).first(n)) == errc::truncated);
    bytes changed = whole;
    changed[n] ^= std::byte{0xFF};
    CHECK_FALSE(storage::scan_log(changed));
    CHECK_FALSE(storage::scan_log(changed, 0, on_hole::cut_unsynced));
  }
}

TEST_CASE("log: a full one refuses, writes nothing and can still be closed") {
  const log_directory dir;
  const log_options small{.max_bytes = 300};
  {
    auto log = open_log::open(dir.file(), ignore, small);
    REQUIRE(log);
    std::uint64_t n = 0;
    while (log->append(payload(n))) ++n;
    CHECK(n > 2);
    CHECK(log->append(payload(n)) == errc::full);
    const bytes big(300);
    const std::span<const std::byte> one(big);
    CHECK(log->rewrite(std::span(&one, 1)) == errc::full);
    CHECK(log->close());
  }
  auto log = open_log::open(dir.file(), ignore, small);
  REQUIRE(log);
  CHECK(log->report().clean);
}

TEST_CASE("log: whatever call fails, what was acknowledged is there when it is opened again") {
  for (const int code : {EIO, ENOSPC, fault_files::short_write}) {
    for (int at = 1;; ++at) {
      CAPTURE(code, at);
      const log_directory dir;
      std::uint64_t acked = 0;
      bool rewritten = false;
      fault_files disk(at, code);
      bool done = false;
      {
        auto log = storage::log<faulty_disk>::open(faulty_disk{&disk}, dir.file(), ignore);
        bool broken = !log;
        for (std::uint64_t n = 0; log && n < 3; ++n) {
          const auto ack = log->append(payload(n));
          if (ack) {
            CHECK_FALSE(broken);
            ++acked;
          } else {
            CHECK((ack == errc::io || ack == errc::no_space));
            if (broken) CHECK(ack == errc::io);
            broken = true;
          }
          const auto synced = log->sync();
          if (broken) CHECK(synced == errc::io);
          if (!synced) broken = true;
        }
        if (log) {
          const bytes a = payload(50);
          const std::span<const std::byte> one(a);
          rewritten = static_cast<bool>(log->rewrite(std::span(&one, 1)));
          done = rewritten && log->close();
        }
      }
      CHECK(disk.still_open() == 0);
      std::vector<bytes> records;
      auto log = open_log::open(dir.file(), [&](const log_record& r) -> status {
        records.emplace_back(r.payload.begin(), r.payload.end());
        return {};
      });
      REQUIRE(log);
      if (rewritten || (!records.empty() && records[0] == payload(50))) {
        CHECK(records == std::vector<bytes>{payload(50)});
      } else {
        CHECK(records.size() >= acked);
        CHECK(is_prefix(records, 3));
      }
      if (done && !disk.failed()) break;
    }
  }
}

TEST_CASE("log: a tail that cannot be cut is an error, and is cut the next time") {
  const bytes whole = log_of(3, ending::crashed);
  const log_directory dir;
  write_file(dir.file(), {whole.begin(), whole.end() - 2});
  fault_files disk;
  faulty_disk files{&disk, true};
  CHECK(storage::log<faulty_disk>::open(files, dir.file(), ignore) == errc::io);
  CHECK(disk.still_open() == 0);
  files.truncates_fail = false;
  auto log = storage::log<faulty_disk>::open(files, dir.file(), ignore);
  REQUIRE(log);
  CHECK(log->report().records == 2);
}

TEST_CASE("log: random bytes behind it never become records") {
  const bytes whole = log_of(3, ending::crashed);
  counter_random draw(5, 1);
  for (int i = 0; i < 300; ++i) {
    bytes longer = whole;
    for (std::uint64_t n = draw() % 200 + 1; n > 0; --n) longer.push_back(std::byte(draw()));
    const auto scan = storage::scan_log(longer);
    REQUIRE(scan);
    CHECK(scan->report.records == 3);
    CHECK(scan->report.dropped_bytes == longer.size() - whole.size());
  }
  bytes zeros = whole;
  zeros.resize(zeros.size() + 4096);
  CHECK(storage::scan_log(zeros)->report.records == 3);
}

TEST_CASE("log: killed at any moment it keeps every record that was acknowledged") {
  counter_random draw(7, 3);
  for (int round = 0; round < 30; ++round) {
    CAPTURE(round);
    const log_directory dir;
    int acks[2];
    REQUIRE(::pipe(acks) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      ::close(acks[0]);
      auto log = open_log::open(dir.file(), ignore);
      for (std::uint64_t n = 0; log; ++n) {
        const auto ack = log->append(payload(n));
        if (!ack || ::write(acks[1], &n, sizeof n) != ssize_t(sizeof n)) break;
      }
      ::_exit(0);
    }
    ::close(acks[1]);
    std::uint64_t acked = 0;
    std::uint64_t n = 0;
    const std::uint64_t until = draw() % 300;
    while (acked < until && ::read(acks[0], &n, sizeof n) == ssize_t(sizeof n)) acked = n + 1;
    ::kill(child, SIGKILL);
    while (::read(acks[0], &n, sizeof n) == ssize_t(sizeof n)) acked = n + 1;
    ::close(acks[0]);
    REQUIRE(::waitpid(child, nullptr, 0) == child);
    found all;
    auto log = open_log::open(dir.file(), all);
    REQUIRE(log);
    CHECK(all.records.size() >= acked);
    CHECK(is_prefix(all.records, UINT64_MAX));
  }
}
