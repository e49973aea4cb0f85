// A thousand uses, three thousand checkouts on 64 threads, and a process that is killed again and
// again: exactly a thousand are granted.
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "tailor/offer/durable_budget.hpp"

using namespace tailor;

namespace {

constexpr hash_key secret{0x243f6a8885a308d3, 0x13198a2e03707344};
constexpr int checkouts = 3'000;
constexpr offer::sharded_budget::options thousand_uses{.cap = 1'000, .ttl = days(1)};

/// All checkouts, also those that were done before: they are retries. How many were granted, or -1.
int sell(const std::string& path, timestamp now) {
  auto budget = offer::durable_budget<>::open(path, thousand_uses);
  if (!budget) return -1;
  std::atomic<int> next{0};
  std::atomic<int> granted{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 64; ++t) {
    threads.emplace_back([&] {
      for (int i = next++; i < checkouts; i = next++) {
        const auto key = offer::key_of(secret, "checkout " + std::to_string(i));
        if (budget->reserve(key, 1, now) && budget->commit(key, 1, now)) ++granted;
      }
    });
  }
  for (std::thread& t : threads) t.join();
  return budget->close() ? granted.load() : -1;
}

long size_of(const std::string& path) {
  struct stat about{};
  return ::stat(path.c_str(), &about) == 0 ? static_cast<long>(about.st_size) : 0;
}

}  // namespace

int main() {
  char directory[] = "/tmp/tailor-rush-XXXXXX";
  if (::mkdtemp(directory) == nullptr) return 1;
  const std::string path = std::string(directory) + "/uses";
  const timestamp now = timestamp{} + days(20'000);

  for (int round = 0; round < 4; ++round) {  // shops that die in the middle of it
    const long before = size_of(path);
    const pid_t shop = ::fork();
    if (shop < 0) return 1;
    if (shop == 0) {
      static_cast<void>(sell(path, now));
      ::_exit(0);
    }
    // It dies when its log has grown a little: in the middle of what it grants.
    for (int i = 0; i < 500 && size_of(path) < before + 3'000; ++i) ::usleep(200);
    ::kill(shop, SIGKILL);
    ::waitpid(shop, nullptr, 0);
  }
  const int granted = sell(path, now);  // and one that lives
  auto budget = offer::durable_budget<>::open(path, thousand_uses);
  if (!budget) return 1;
  const auto totals = budget->totals();
  std::printf(
      "%d checkouts, each tried up to five times: %d granted, %d of %d uses spent, %d held\n",
      checkouts, granted, int(totals.spent), int(totals.cap), int(totals.reserved));
  const bool exact = granted == 1'000 && totals.spent == 1'000;
  ::unlink(path.c_str());
  ::unlink((path + ".lock").c_str());
  ::rmdir(directory);
  return exact ? 0 : 1;
}
