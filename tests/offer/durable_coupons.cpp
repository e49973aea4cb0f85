#include "tailor/offer/durable_coupons.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "../catch.hpp"
#include "../support/log_directory.hpp"
#include "tailor/core/random.hpp"
#include "tailor/storage/file.hpp"

using namespace tailor;
using offer::coupon_pool;
using offer::request_key;
using durable = offer::durable_coupons<>;
using tailor_test::fault_files;
using tailor_test::faulty_disk;
using tailor_test::log_directory;

namespace {

using bytes = std::vector<std::byte>;

request_key order(std::uint64_t n) { return {mix64(n), n}; }
timestamp day(std::int64_t n) { return timestamp{} + days(n); }
user_id shopper(std::uint64_t n) { return user_id{n}; }
coupon_pool::options usual() { return {.secret = {1, 2}}; }
// Not "CODE-" + ...: g++ 12 warns of an overlap that cannot be.
std::string code(std::uint64_t n, std::string stem = "CODE-") {
  stem += std::to_string(n);
  return stem;
}

}  // namespace

TEST_CASE("durable coupons: are after crashes what a pool in memory is") {
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    CAPTURE(seed);
    const log_directory dir;
    counter_random draw(seed, 4);
    coupon_pool memory = coupon_pool::make(usual()).value();
    std::int64_t today = 0;
    for (int session = 0; session < 6; ++session) {
      auto file = durable::open(dir.file(), usual(), {.compact_bytes = 2000});
      REQUIRE(file);
      CHECK(file->record() == memory.record());
      for (int i = 0; i < 80; ++i) {
        if (draw() % 4 == 0) today += std::int64_t(draw() % 30);
        const std::string c = code(draw() % 30);
        const user_id who = shopper(draw() % 10);
        switch (draw() % 6) {
          case 0:
            CHECK(file->load(c).code() == memory.load(c).code());
            break;
          case 1:
            CHECK(file->remove(c).code() == memory.remove(c).code());
            break;
          case 2:
          case 3: {
            const auto a = file->assign(who, day(today));
            const auto e = memory.assign(who, day(today));
            CHECK(a.code() == e.code());
            if (a && e) CHECK(a->text() == *e);
            break;
          }
          case 4: {
            const request_key o = order(draw() % 40);
            CHECK(file->redeem(c, who, o, day(today)).code() ==
                  memory.redeem(c, who, o, day(today)).code());
            break;
          }
          default:
            if (draw() % 4 == 0) {
              CHECK(file->forget(who));
              memory.forget(who);
            }
        }
        CHECK(file->log_bytes() < 8000);
      }
      // The last word is one that is written, so that both know the time.
      CHECK(file->load(code(std::uint64_t(session), "S-")));
      CHECK(memory.load(code(std::uint64_t(session), "S-")));
      CHECK(file->checkpoint());
      if (draw() % 2 == 0) CHECK(file->close());
    }
  }
}

TEST_CASE("durable coupons: the same answers after a crash, under the same secret only") {
  const log_directory dir;
  std::string mine;
  {
    auto c = durable::open(dir.file(), usual());
    REQUIRE(c);
    for (std::uint64_t n = 0; n < 5; ++n) CHECK(c->load(code(n)));
    mine = c->assign(shopper(1), day(0)).value().text();
    CHECK(c->redeem(mine, shopper(1), order(1), day(0)));
    CHECK(c->redeem(mine, shopper(1), order(2), day(0)) == errc::unknown);
  }
  CHECK(durable::open(dir.file(), {.secret = {1, 3}}) == errc::conflict);
  CHECK(durable::open(dir.file(), {.uses = 0}) == errc::out_of_range);
  auto c = durable::open(dir.file(), {.uses = 2, .secret = {1, 2}});
  REQUIRE(c);
  CHECK(c->assign(shopper(1), day(1)).value().text() == mine);
  CHECK(c->redeem(mine, shopper(1), order(1), day(1)));
  CHECK(c->redeem(mine, shopper(1), order(2), day(1)) == errc::unknown);
  CHECK(c->read([](const coupon_pool& p) { return p.stock(); }) == 4);
  CHECK(durable::open(dir.file(), usual()) == errc::conflict);
}

TEST_CASE("durable coupons: a forgotten shopper is in no byte of the file") {
  const log_directory dir;
  constexpr std::uint64_t id = 0x1122334455667788;
  bytes needle(8);
  tailor::detail::store_little(needle.data(), id);
  const auto holds = [&] {
    const bytes b = storage::read_file(dir.file().c_str()).value();
    return std::search(b.begin(), b.end(), needle.begin(), needle.end()) != b.end();
  };
  auto c = durable::open(dir.file(), usual());
  REQUIRE(c);
  CHECK(c->load("A"));
  CHECK(c->assign(shopper(id), day(0)));
  CHECK(holds());
  CHECK(c->forget(shopper(id)));
  CHECK_FALSE(holds());
  CHECK(c->read([](const coupon_pool& p) { return p.stock(); }) == 0);
}

TEST_CASE("durable coupons: the log cut or changed anywhere is an exact prefix or an error") {
  const log_directory dir;
  std::map<std::uint64_t, offer::coupon_record> states;
  {
    auto c = durable::open(dir.file(), usual());
    REQUIRE(c);
    const auto note = [&] { states[c->log_bytes()] = c->record(); };
    note();
    for (std::uint64_t n = 0; n < 3; ++n) {
      CHECK(c->load(code(n)));
      note();
    }
    const auto mine = c->assign(shopper(1), day(0));
    REQUIRE(mine);
    note();
    CHECK(c->redeem(mine->text(), {}, order(1), day(1)));
    note();
    CHECK(c->assign(shopper(2), day(1)));
    note();
  }
  const bytes whole = storage::read_file(dir.file().c_str()).value();
  REQUIRE(states.rbegin()->first == whole.size());
  const auto check = [&](const bytes& b, std::size_t intact) {
    REQUIRE(storage::replace_file(dir.file().c_str(), b));
    const auto c = durable::open(dir.file(), usual());
    if (!c) {
      CHECK((c == errc::corrupt || intact < states.begin()->first));
      return;
    }
    REQUIRE(intact >= states.begin()->first);
    CHECK(durable(std::move(const_cast<result<durable>&>(c)).value()).record() ==
          std::prev(states.upper_bound(intact))->second);
  };
  for (std::size_t n = 0; n < whole.size(); ++n) {
    CAPTURE(n);
    check({whole.begin(), whole.begin() + std::ptrdiff_t(n)}, n);
    bytes changed = whole;
    changed[n] ^= std::byte{0xFF};
    check(changed, n);
  }
}

TEST_CASE("durable coupons: threads get different codes, each the same one again") {
  const log_directory dir;
  auto c = durable::open(dir.file(), usual());
  REQUIRE(c);
  for (std::uint64_t n = 0; n < 300; ++n) REQUIRE(c->load(code(n)));
  std::vector<std::vector<std::string>> got(8);
  std::vector<std::thread> threads;
  for (std::uint64_t t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (std::uint64_t n = 0; n < 50; ++n) {
        const auto mine = c->assign(shopper(t << 32 | n), day(0));
        if (mine) got[t].emplace_back(mine->text());
        const auto again = c->assign(shopper(t << 32 | n), day(0));
        if (again.code() != mine.code() || (again && again->text() != mine->text())) got[t].clear();
      }
    });
  }
  for (std::thread& t : threads) t.join();
  std::set<std::string> all;
  for (const auto& g : got) all.insert(g.begin(), g.end());
  CHECK(all.size() == 300);
}

TEST_CASE("durable coupons: whatever call of the disk fails, what was answered is there again") {
  for (int when = 1;; ++when) {
    CAPTURE(when);
    const log_directory dir;
    fault_files disk(when, EIO);
    std::map<std::uint64_t, std::string> told;
    bool all = false;
    {
      auto c = offer::durable_coupons<faulty_disk>::open(faulty_disk{&disk}, dir.file(), usual(),
                                                         {.answers = storage::durability::power});
      for (std::uint64_t n = 0; c && n < 4; ++n) static_cast<void>(c->load(code(n)));
      for (std::uint64_t n = 0; c && n < 4; ++n) {
        if (const auto got = c->assign(shopper(n), day(0))) told[n] = got->text();
      }
      all = c && c->forget(shopper(3)) && c->close();
    }
    CHECK(disk.still_open() == 0);
    auto c = durable::open(dir.file(), usual());
    REQUIRE(c);
    for (const auto& [n, text] : told) {
      if (n == 3) continue;
      const auto again = c->assign(shopper(n), day(0));
      REQUIRE(again);
      CHECK(again->text() == text);
    }
    if (all && !disk.failed()) break;
  }
}

TEST_CASE("durable coupons: killed at any moment they give no code to two and use none twice") {
  struct ack {
    std::uint64_t shopper;
    char code[33];
    bool redeemed;
  };
  const log_directory dir;
  {
    auto c = durable::open(dir.file(), usual());
    REQUIRE(c);
    for (std::uint64_t n = 0; n < 1000; ++n) REQUIRE(c->load(code(n)));
  }
  std::map<std::uint64_t, std::string> told;
  std::map<std::string, std::uint64_t> owner;
  counter_random draw(3, 3);
  for (int round = 0; round < 20; ++round) {
    CAPTURE(round);
    int acks[2];
    REQUIRE(::pipe(acks) == 0);
    const std::uint64_t begin = std::uint64_t(round) * 40;
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      ::close(acks[0]);
      auto c = durable::open(dir.file(), usual(), {.compact_bytes = 60'000});
      if (!c) ::_exit(1);
      for (std::uint64_t n = begin; n < begin + 200; ++n) {
        const auto got = c->assign(shopper(n), day(0));
        if (!got) continue;
        ack a{n, {}, false};
        got->text().copy(a.code, 32);
        if (::write(acks[1], &a, sizeof a) != ssize_t(sizeof a)) ::_exit(2);
        a.redeemed = static_cast<bool>(c->redeem(a.code, shopper(n), order(n), day(1)));
        if (!a.redeemed) ::_exit(3);
        if (::write(acks[1], &a, sizeof a) != ssize_t(sizeof a)) ::_exit(2);
      }
      ::_exit(0);
    }
    ::close(acks[1]);
    bool same = true;
    std::set<std::uint64_t> redeemed;
    const auto hear = [&](std::uint64_t most) {
      ack a{};
      for (std::uint64_t n = 0; n < most; ++n) {
        if (::read(acks[0], &a, sizeof a) != ssize_t(sizeof a)) return;
        same = same && told.try_emplace(a.shopper, a.code).first->second == a.code &&
               owner.try_emplace(a.code, a.shopper).first->second == a.shopper;
        if (a.redeemed) redeemed.insert(a.shopper);
      }
    };
    hear(draw() % 300);
    ::kill(child, SIGKILL);
    hear(UINT64_MAX);
    ::close(acks[0]);
    int how = 0;
    REQUIRE(::waitpid(child, &how, 0) == child);
    CHECK((WIFSIGNALED(how) || WEXITSTATUS(how) == 0));
    CHECK(same);
    auto c = durable::open(dir.file(), usual());
    REQUIRE(c);
    for (const auto& [n, text] : told) {
      const std::string& his = text;
      const auto s = c->read([&](const coupon_pool& p) { return p.find(his, day(0)); });
      REQUIRE(s);
      if (s->owner != shopper(n)) FAIL("given to another");
      if (redeemed.count(n) != 0 && s->uses != 1) FAIL("used, and forgotten");
    }
  }
}
