#ifndef TAILOR_TESTS_SIMILAR_SESSION_TRIAL_HPP
#define TAILOR_TESTS_SIMILAR_SESSION_TRIAL_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "tailor/adapters/csv.hpp"
#include "tailor/similar/session_knn.hpp"

namespace tailor_test {

/// The clicks of a file of sessions, grouped; by time within a session, those of one second in the
/// order of the file.
struct visit {
  tailor::similar::session_id id{};
  std::vector<tailor::item_id> clicks;
  std::vector<tailor::timestamp> times;  // of the clicks

  [[nodiscard]] std::size_t distinct() const {
    return std::set<tailor::item_id>(clicks.begin(), clicks.end()).size();
  }
};

inline std::uint64_t number(std::string_view text) {
  std::uint64_t n = 0;
  for (const char c : text) n = 10 * n + static_cast<std::uint64_t>(c - '0');
  return n;
}

inline std::vector<visit> read_visits(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  auto csv = tailor::adapters::csv_reader::make(text).value();
  std::vector<std::tuple<std::uint64_t, std::uint64_t, std::size_t, std::uint64_t>> lines;
  while (csv.next()) {
    lines.emplace_back(number(csv[0]), number(csv[2]), lines.size(), number(csv[1]));
  }
  std::sort(lines.begin(), lines.end());
  std::vector<visit> out;
  for (const auto& [session, time, line, item] : lines) {
    if (out.empty() || raw(out.back().id) != session) {
      out.push_back({tailor::similar::session_id{session}, {}, {}});
    }
    out.back().times.push_back(tailor::timestamp{} +
                               tailor::seconds(static_cast<std::int64_t>(time)));
    out.back().clicks.push_back(tailor::item_id{item});
  }
  return out;
}

inline tailor::similar::session_index index_of(const std::vector<visit>& visits,
                                               std::uint32_t max_items) {
  std::vector<tailor::similar::session> all;
  for (const visit& v : visits) {
    all.push_back({v.id, tailor::user_id{raw(v.id)}, v.times.back(), v.clicks});
  }
  return tailor::similar::session_index::make({max_items}, all).value();
}

inline std::map<tailor::item_id, std::uint64_t> clicks_by_item(const std::vector<visit>& visits) {
  std::map<tailor::item_id, std::uint64_t> out;
  for (const visit& v : visits) {
    for (const tailor::item_id item : v.clicks) ++out[item];
  }
  return out;
}

/// What step 6 of the protocol measures.
struct trial {
  double mrr = 0, ndcg = 0, hit_rate = 0, popularity = 0, precision = 0, coverage = 0, recall = 0;
  std::size_t positions = 0;

  [[nodiscard]] double f1() const { return 2 * precision * recall / (precision + recall); }
};

/// `answer(visit, its clicks up to here)` gives a list of items. `clicks_of` counts the clicks of
/// the training sessions by item.
template <class Answer>
trial try_out(const std::vector<visit>& visits,
              const std::map<tailor::item_id, std::uint64_t>& clicks_of, std::size_t list,
              const Answer& answer) {
  trial out;
  std::uint64_t most = 0;
  for (const auto& c : clicks_of) most = (std::max)(most, c.second);
  std::set<tailor::item_id> listed;
  const auto gain = [](std::size_t place) {  // from 1
    return place <= 2 ? 1.0 : 1 / std::log2(static_cast<double>(place));
  };
  for (const visit& v : visits) {
    const std::span<const tailor::item_id> clicks = v.clicks;
    for (std::size_t at = 1; at < clicks.size(); ++at) {
      ++out.positions;
      const auto rest = clicks.subspan(at);
      const std::set<tailor::item_id> wanted(rest.begin(), rest.end());
      const auto items = answer(v, clicks.first(at));
      double found = 0, ideal = 0, popularity = 0;
      std::size_t hits = 0;
      for (std::size_t n = 0; n < items.size(); ++n) {
        listed.insert(items[n].item);
        if (items[n].item == rest[0]) {
          out.hit_rate += 1;
          out.mrr += 1 / static_cast<double>(n + 1);
        }
        if (wanted.count(items[n].item) != 0) {
          ++hits;
          found += gain(n + 1);
        }
        const auto c = clicks_of.find(items[n].item);
        popularity +=
            c == clicks_of.end() ? 0 : static_cast<double>(c->second) / static_cast<double>(most);
      }
      for (std::size_t n = 0; n < (std::min)(rest.size(), list); ++n) ideal += gain(n + 1);
      out.ndcg += found / ideal;
      if (!items.empty()) out.popularity += popularity / static_cast<double>(items.size());
      out.precision += static_cast<double>(hits) / static_cast<double>(list);
      out.recall += static_cast<double>(hits) / static_cast<double>(rest.size());
    }
  }
  const auto positions = static_cast<double>(out.positions);
  for (double* m :
       {&out.mrr, &out.ndcg, &out.hit_rate, &out.popularity, &out.precision, &out.recall}) {
    *m /= positions;
  }
  out.coverage = static_cast<double>(listed.size()) / static_cast<double>(clicks_of.size());
  return out;
}

/// The clicks of one shop in three parts, and sessions of the first.
struct shop_visits {
  explicit shop_visits(const std::string& train_file, const std::string& test_file,
                       const std::string& valid_file)
      : train(read_visits(train_file)),
        test(read_visits(test_file)),
        valid(read_visits(valid_file)) {}

  std::vector<visit> train;
  std::vector<visit> test;
  std::vector<visit> valid;
  std::map<tailor::item_id, std::uint64_t> clicks_of = clicks_by_item(train);
  tailor::similar::session_index index = index_of(train, 15);

  /// Lists of 20 for these visits.
  template <class Weights>
  [[nodiscard]] trial run(const std::vector<visit>& visits,
                          const tailor::similar::session_knn_options& options,
                          const Weights& weights) const {
    tailor::similar::session_scratch scratch;
    std::vector<tailor::similar::next_item> out;
    return try_out(visits, clicks_of, 20,
                   [&](const visit& v, std::span<const tailor::item_id> clicks) {
                     tailor::similar::session_knn_options o = options;
                     o.now = v.times[clicks.size() - 1];
                     next_in_session(index, clicks, o, weights, scratch, out);
                     return std::span<const tailor::similar::next_item>(out);
                   });
  }
};

}  // namespace tailor_test

#endif  // TAILOR_TESTS_SIMILAR_SESSION_TRIAL_HPP
