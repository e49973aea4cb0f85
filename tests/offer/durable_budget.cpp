#include "tailor/offer/durable_budget.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "../catch.hpp"
#include "../support/log_directory.hpp"
#include "slow_budget.hpp"
#include "tailor/core/random.hpp"
#include "tailor/storage/file.hpp"

using namespace tailor;
using offer::request_key;
using offer::sharded_budget;
using storage::durability;
using storage::journal_options;
using durable = offer::durable_budget<>;
using tailor_test::fault_files;
using tailor_test::faulty_disk;
using tailor_test::log_directory;

static_assert(offer::budget<durable>);
static_assert(storage::replayable<offer::detail::logged_budget>);

namespace {

request_key key(std::uint64_t n) { return {mix64(n), mix64(~n)}; }
timestamp at(std::int64_t us) { return {us}; }

sharded_budget::options of(std::int64_t cap) {
  return {.cap = cap, .ttl = microseconds(100), .remember = microseconds(5000)};
}

using bytes = std::vector<std::byte>;
bytes content(const std::string& path) { return storage::read_file(path.c_str()).value(); }
void put(const std::string& path, std::span<const std::byte> b) {
  REQUIRE(storage::replace_file(path.c_str(), b));
}

}  // namespace

TEST_CASE("durable budget: is after a crash what it was, and answers retries alike") {
  const log_directory dir;
  offer::ticket first;
  {
    auto b = durable::open(dir.file(), of(10));
    REQUIRE(b);
    first = b->reserve(key(1), 5, at(0)).value();
    CHECK(b->reserve(key(2), 5, at(1)));
    CHECK(b->reserve(key(3), 1, at(2)) == errc::full);
    CHECK(b->commit(key(1), 4, at(3)));
    CHECK(b->release(key(2)));
  }
  {
    auto b = durable::open(dir.file(), of(10));
    REQUIRE(b);
    CHECK_FALSE(b->report().clean);
    CHECK(b->totals() == offer::budget_totals{10, 0, 4});
    CHECK(b->reserve(key(1), 5, at(4)).value() == first);
    CHECK(b->commit(key(1), 4, at(4)));
    CHECK(b->commit(key(1), 5, at(4)) == errc::conflict);
    CHECK(b->reserve(key(2), 5, at(4)) == errc::stale);
    CHECK(b->give_back(key(1), 1));
    CHECK(b->reserve(key(4), 7, at(5)));
    CHECK(b->close());
    CHECK(b->reserve(key(5), 1, at(5)) == errc::io);
    CHECK(b->close() == errc::io);
  }
  auto b = durable::open(dir.file(), of(10));
  REQUIRE(b);
  CHECK(b->report().clean);
  CHECK(b->give_back(key(1), 1));
  CHECK(b->give_back(key(1), 2) == errc::conflict);
  CHECK(b->totals() == offer::budget_totals{10, 7, 3});
  CHECK(*b->expire(at(105)) == 7);
  CHECK(b->commit(key(4), 7, at(105)) == errc::stale);
  CHECK(durable::open(dir.file(), of(10)) == errc::conflict);
}

TEST_CASE("durable budget: another cap holds from the next opening, one below what is taken not") {
  const log_directory dir;
  {
    auto b = durable::open(dir.file(), of(10));
    REQUIRE(b);
    CHECK(b->reserve(key(1), 8, at(0)));
  }
  CHECK(durable::open(dir.file(), of(7)) == errc::conflict);
  {
    auto b = durable::open(dir.file(), of(8));
    REQUIRE(b);
    CHECK(b->reserve(key(2), 1, at(1)) == errc::full);
  }
  auto b = durable::open(dir.file(), {.cap = 20, .ttl = microseconds(7), .remember = hours(1)});
  REQUIRE(b);
  CHECK(b->reserve(key(2), 12, at(2)));
  CHECK(b->commit(key(1), 8, at(99)));
  CHECK(durable::open(dir.path + "/none/s", of(1)) == errc::io);
  CHECK(durable::open(dir.file(), of(-1)) == errc::out_of_range);
}

TEST_CASE("durable budget: agrees with a slow model over random crashes, and stays short") {
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    CAPTURE(seed);
    const log_directory dir;
    counter_random draw(seed, 4);
    const sharded_budget::options o{.cap = std::int64_t(1 + draw() % 40),
                                    .ttl = microseconds(20),
                                    .remember = microseconds(std::int64_t(draw() % 60))};
    const journal_options options{.compact_bytes = 3000};
    tailor_test::slow_budget slow(o);
    std::int64_t clock = 0;
    for (int session = 0; session < 6; ++session) {
      auto fast = durable::open(dir.file(), o, options);
      REQUIRE(fast);
      CHECK(fast->record().latest <= at(clock));
      for (int i = 0; i < 150; ++i) {
        clock += std::int64_t(draw() % 4);
        const timestamp now = at(clock);
        const request_key k = key(draw() % 25);
        const auto amount = std::int64_t(draw() % 12) - 1;
        slow.pass(now);
        static_cast<void>(fast->expire(now));  // release and give_back take the latest time
        switch (draw() % 7) {
          case 0:
          case 1:
          case 2: {
            const auto a = fast->reserve(k, amount, now);
            const auto e = slow.reserve(k, amount, now);
            CHECK(a.code() == e.code());
            if (a && e) CHECK(*a == *e);
            break;
          }
          case 3:
          case 4:
            CHECK(fast->commit(k, amount, now).code() == slow.commit(k, amount, now).code());
            break;
          case 5:
            CHECK(fast->release(k).code() == slow.release(k).code());
            break;
          default:
            CHECK(fast->give_back(k, amount).code() == slow.give_back(k, amount).code());
        }
        CHECK(fast->totals() == slow.totals());
        CHECK(fast->log_bytes() < 8000);
      }
      if (draw() % 3 == 0) CHECK(fast->close());
      if (draw() % 3 == 0) static_cast<void>(fast->checkpoint());
    }
  }
}

TEST_CASE("durable budget: a clock that jumps back does the same again when it is opened") {
  const log_directory dir;
  offer::budget_record before;
  {
    auto b = durable::open(dir.file(), of(10));
    REQUIRE(b);
    CHECK(b->reserve(key(1), 4, at(1000)));
    CHECK(b->reserve(key(2), 20, at(1050)) == errc::full);  // moves time, and is not written
    CHECK(b->reserve(key(3), 2, at(-7)));
    CHECK(b->find(key(3))->until == at(1150));
    CHECK(b->reserve(key(4), 20, at(1100)) == errc::full);  // and this one lets key 1 expire
    CHECK(b->commit(key(1), 4, at(3)) == errc::stale);
    before = b->record();
  }
  auto b = durable::open(dir.file(), of(10));
  REQUIRE(b);
  CHECK(b->record() == before);
  CHECK(b->commit(key(1), 4, at(3)) == errc::stale);
  CHECK(b->find(key(3))->until == at(1150));
}

TEST_CASE("durable budget: its log cut or changed anywhere is an exact prefix or an error") {
  const log_directory dir;
  std::map<std::uint64_t, offer::budget_record> states;  // by the length of the log
  {
    auto b = durable::open(dir.file(), of(10));
    REQUIRE(b);
    const auto note = [&] { states[b->log_bytes()] = b->record(); };
    note();
    CHECK(b->reserve(key(1), 4, at(0)));
    note();
    CHECK(b->reserve(key(2), 6, at(1)));
    note();
    CHECK(b->commit(key(1), 3, at(2)));
    note();
    CHECK(b->release(key(2)));
    note();
    CHECK(b->give_back(key(1), 1));
    note();
    CHECK(b->reserve(key(3), 2, at(50)));
    note();
    CHECK(*b->expire(at(200)) == 2);
    note();
  }
  const bytes whole = content(dir.file());
  const auto shortest = states.begin()->first;
  CHECK(states.size() == 8);
  CHECK(states.rbegin()->first == whole.size());
  const auto check = [&](const bytes& b, std::size_t intact) {
    put(dir.file(), b);
    const auto opened = durable::open(dir.file(), of(10));
    if (intact < shortest) {
      CHECK_FALSE(opened);
      return;
    }
    const bool last = intact >= std::prev(states.end(), 2)->first;
    if (!opened) {
      CHECK(opened == errc::corrupt);
      CHECK_FALSE(last);
      return;
    }
    durable reopened = durable(std::move(const_cast<result<durable>&>(opened)).value());
    CHECK(reopened.record() == std::prev(states.upper_bound(intact))->second);
    CHECK_FALSE(reopened.report().clean);
  };
  for (std::size_t n = 0; n < whole.size(); ++n) {
    CAPTURE(n);
    check({whole.begin(), whole.begin() + std::ptrdiff_t(n)}, n);
    bytes changed = whole;
    changed[n] ^= std::byte{0xFF};
    check(changed, n);
  }
}

TEST_CASE("durable budget: operations that cannot be are refused under sound checksums") {
  const log_directory dir;
  const auto ignore = [](const storage::log_record&) -> status { return {}; };
  const auto opens_with = [&](const bytes& record, bool snapshot_before) {
    ::unlink(dir.file().c_str());
    if (snapshot_before) {
      REQUIRE(durable::open(dir.file(), of(10)));
    }
    {
      auto log = storage::log<>::open(dir.file(), ignore, {.content = durable::content});
      REQUIRE(log);
      REQUIRE(log->append(record));
    }
    return static_cast<bool>(durable::open(dir.file(), of(10)));
  };
  const auto operation = [](std::uint8_t kind, std::uint8_t step, std::int64_t amount) {
    bytes out;
    byte_writer w(out);
    w.u8(kind);
    w.u8(step);
    w.i64(1);
    w.u64(2);
    w.u64(3);
    w.i64(amount);
    return out;
  };
  CHECK(opens_with(operation('O', 1, 10), true));
  CHECK(opens_with(operation('O', 5, 0), true));
  CHECK_FALSE(opens_with(operation('O', 1, 11), true));
  CHECK_FALSE(opens_with(operation('O', 1, 0), true));
  CHECK_FALSE(opens_with(operation('O', 2, 1), true));
  CHECK_FALSE(opens_with(operation('O', 3, 1), true));
  CHECK_FALSE(opens_with(operation('O', 4, 1), true));
  CHECK_FALSE(opens_with(operation('O', 0, 1), true));
  CHECK_FALSE(opens_with(operation('O', 6, 1), true));
  CHECK_FALSE(opens_with(operation('S', 1, 1), true));
  CHECK_FALSE(opens_with(operation('x', 1, 1), true));
  CHECK_FALSE(opens_with({}, true));
  CHECK_FALSE(opens_with(operation('O', 1, 10), false));
  bytes cut = operation('O', 1, 10);
  cut.pop_back();
  CHECK_FALSE(opens_with(cut, true));
}

TEST_CASE("durable budget: threads share the log, and what they were told is there again") {
  for (const durability level : {durability::process, durability::power}) {
    const log_directory dir;
    std::atomic<std::int64_t> granted{0};
    const std::uint64_t tries = level == durability::process ? 200 : 12;
    {
      auto b = durable::open(dir.file(), {.cap = 100}, {.answers = level, .compact_bytes = 5000});
      REQUIRE(b);
      std::vector<std::thread> threads;
      for (std::uint64_t t = 0; t < 16; ++t) {
        threads.emplace_back([&, t] {
          for (std::uint64_t n = 0; n < tries; ++n) {
            const request_key k = key(t << 32 | n);
            if (!b->reserve(k, 1, at(std::int64_t(n)))) continue;
            if (n % 3 == 0) {
              static_cast<void>(b->release(k));
            } else if (b->commit(k, 1, at(std::int64_t(n)))) {
              ++granted;
            }
          }
        });
      }
      for (std::thread& t : threads) t.join();
      CHECK(granted == 100);
    }
    auto b = durable::open(dir.file(), {.cap = 100});
    REQUIRE(b);
    CHECK(b->totals() == offer::budget_totals{100, 0, granted});
  }
}

TEST_CASE("durable budget: whatever call of the disk fails, what was answered is there again") {
  for (const int code : {EIO, fault_files::short_write}) {
    for (int when = 1;; ++when) {
      CAPTURE(code, when);
      const log_directory dir;
      fault_files disk(when, code);
      std::map<std::uint64_t, bool> told;
      bool all = false;
      {
        auto b = offer::durable_budget<faulty_disk>::open(
            faulty_disk{&disk}, dir.file(), of(4),
            {.answers = durability::power, .compact_bytes = 900});
        bool broken = false;
        for (std::uint64_t n = 0; b && n < 6; ++n) {
          const auto got = b->reserve(key(n), 1, at(0));
          if (broken) CHECK_FALSE(got);
          if (got) told[n] = true;
          broken = broken || got == errc::io || got == errc::no_space;
        }
        all = b && b->close();
      }
      CHECK(disk.still_open() == 0);
      auto b = durable::open(dir.file(), of(4));
      REQUIRE(b);
      for (const auto& [n, yes] : told) CHECK(b->find(key(n)));
      for (std::uint64_t n = 0; n < 6; ++n) static_cast<void>(b->reserve(key(n), 1, at(0)));
      CHECK(b->totals() == offer::budget_totals{4, 4, 0});
      if (all && !disk.failed()) break;
    }
  }
}

TEST_CASE(
    "durable budget: killed at any moment it grants nothing twice and nothing above the cap") {
  constexpr std::int64_t cap = 6000;
  struct ack {
    std::uint64_t key;
    std::int64_t until;
    bool committed;
  };
  const log_directory dir;
  const sharded_budget::options o{.cap = cap, .ttl = hours(1), .remember = hours(1)};
  const journal_options options{.compact_bytes = 20'000};
  std::map<std::uint64_t, ack> told;
  counter_random draw(11, 2);
  std::int64_t committed = 0;
  for (int round = 0; round < 120; ++round) {
    CAPTURE(round);
    int acks[2];
    REQUIRE(::pipe(acks) == 0);
    const std::uint64_t begin = std::uint64_t(round) * 60;  // the last ones again, as retries
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      ::close(acks[0]);
      auto b = durable::open(dir.file(), o, options);
      if (!b) ::_exit(1);
      for (std::uint64_t n = begin; n < begin + 400; ++n) {
        const auto got = b->reserve(key(n), 1, at(std::int64_t(n)));
        if (!got) continue;
        ack a{n, got->until.us, false};
        if (::write(acks[1], &a, sizeof a) != ssize_t(sizeof a)) ::_exit(2);
        if (n % 2 == 0) continue;
        if (!b->commit(key(n), 1, at(std::int64_t(n)))) ::_exit(3);
        a.committed = true;
        if (::write(acks[1], &a, sizeof a) != ssize_t(sizeof a)) ::_exit(2);
      }
      ::_exit(0);
    }
    ::close(acks[1]);
    const std::uint64_t until = draw() % 500;
    bool same = true;
    const auto hear = [&](std::uint64_t most) {
      ack a{};
      for (std::uint64_t n = 0; n < most; ++n) {
        if (::read(acks[0], &a, sizeof a) != ssize_t(sizeof a)) return;
        const auto [known, fresh] = told.try_emplace(a.key, a);
        if (!fresh) {
          same = same && known->second.until == a.until;
          known->second.committed = known->second.committed || a.committed;
        }
      }
    };
    hear(until);
    ::kill(child, SIGKILL);
    hear(UINT64_MAX);
    ::close(acks[0]);
    int how = 0;
    REQUIRE(::waitpid(child, &how, 0) == child);
    CHECK((WIFSIGNALED(how) || WEXITSTATUS(how) == 0));
    CHECK(same);
    auto b = durable::open(dir.file(), o, options);
    REQUIRE(b);
    const auto totals = b->totals();
    CHECK(totals.left() >= 0);
    CHECK(totals.spent >= committed);  // what was spent stays spent
    committed = totals.spent;
    std::int64_t missing = 0;
    for (const auto& [n, a] : told) {
      const auto found = b->find(key(n));
      const bool there = found && found->until.us == a.until &&
                         (!a.committed || found->state == offer::reservation_state::committed);
      missing += there ? 0 : 1;
    }
    CHECK(missing == 0);
    CHECK(std::int64_t(told.size()) <= totals.spent + totals.reserved);
  }
  auto b = durable::open(dir.file(), o, options);
  REQUIRE(b);
  for (std::uint64_t n = 100'000; b->totals().left() > 0; ++n) {
    REQUIRE(b->reserve(key(n), 1, at(5000)));
  }
  CHECK(b->reserve(key(99'999), 1, at(5000)) == errc::full);
  CHECK(b->totals().reserved + b->totals().spent == cap);
}
