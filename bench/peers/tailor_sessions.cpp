// tailor beside Serenade, for sessions.py: `tailor_sessions DIR SESSIONS ITEMS` writes clicks.tsv
// and running.txt there, then reads settings from standard input and answers each with quantiles.
// Not an interface for use.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "../similar/clicks.hpp"
#include "tailor/similar/session_knn.hpp"

using namespace tailor;
using namespace tailor::similar;

namespace {

double micros_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start)
      .count();
}

}  // namespace

int main(int count, char** values) {
  if (count != 4) return 2;
  const std::string directory = values[1];
  const auto sessions = static_cast<std::size_t>(std::atoll(values[2]));
  const bench::visits source(static_cast<std::size_t>(std::atoll(values[3])));
  counter_random random(1, 0);
  std::vector<item_id> clicks;
  std::vector<std::size_t> begin{0};
  for (std::size_t s = 0; s < sessions; ++s) {
    source.draw(random, clicks);
    begin.push_back(clicks.size());
  }
  std::vector<std::vector<item_id>> running;
  while (running.size() < 20'000) running.push_back(source.begun(random));

  std::FILE* out = std::fopen((directory + "/clicks.tsv").c_str(), "w");
  if (out == nullptr) return 1;
  std::fprintf(out, "SessionId\tItemId\tTime\n");
  for (std::size_t s = 0; s < sessions; ++s) {
    for (std::size_t c = begin[s]; c < begin[s + 1]; ++c) {
      std::fprintf(out, "%zu\t%llu\t%zu\n", s + 1, static_cast<unsigned long long>(raw(clicks[c])),
                   1'600'000'000 + 100 * s);
    }
  }
  std::fclose(out);
  out = std::fopen((directory + "/running.txt").c_str(), "w");
  if (out == nullptr) return 1;
  for (const auto& visit : running) {
    for (const item_id i : visit)
      std::fprintf(out, "%llu ", static_cast<unsigned long long>(raw(i)));
    std::fprintf(out, "\n");
  }
  std::fclose(out);

  std::vector<session> all;
  for (std::size_t s = 0; s < sessions; ++s) {
    all.push_back({session_id{s}, user_id{s}, timestamp{} + seconds(static_cast<std::int64_t>(s)),
                   std::span(clicks).subspan(begin[s], begin[s + 1] - begin[s])});
  }
  const auto start = std::chrono::steady_clock::now();
  const session_index index = session_index::make({}, all).value();
  std::printf("build %.3f\n", micros_since(start) / 1e6);
  std::fflush(stdout);

  session_scratch scratch;
  std::vector<next_item> next;
  session_knn_options o{.count = 21};
  while (std::scanf("%zu %zu %zu", &o.recent, &o.neighbours, &o.last) == 3) {
    std::vector<double> times;
    double items = 0;
    for (const auto& visit : running) {
      const auto asked = std::chrono::steady_clock::now();
      next_in_session(index, visit, o, vmis{}, scratch, next);
      times.push_back(micros_since(asked));
      items += static_cast<double>(next.size());
    }
    std::sort(times.begin(), times.end());
    const auto at = [&](double q) {
      return times[static_cast<std::size_t>(q * static_cast<double>(times.size() - 1))];
    };
    std::printf("%.2f %.2f %.2f %.0f\n", at(.5), at(.9), at(.99), items);
    std::fflush(stdout);
  }
}
