#ifndef TAILOR_TESTS_SIMILAR_SLOW_SESSIONS_HPP
#define TAILOR_TESTS_SIMILAR_SLOW_SESSIONS_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "tailor/similar/session_knn.hpp"

namespace tailor_test {

using tailor::item_id;
using tailor::timestamp;
using tailor::user_id;
using tailor::similar::session_id;

/// A session with memory of its own.
struct kept_session {
  session_id id{};
  user_id owner{};
  timestamp end{};
  std::vector<item_id> clicks;

  [[nodiscard]] tailor::similar::session view() const { return {id, owner, end, clicks}; }
  /// Distinct, in the order of their last clicks.
  [[nodiscard]] std::vector<item_id> row() const {
    std::vector<item_id> out;
    for (std::size_t n = 0; n < clicks.size(); ++n) {
      if (std::find(clicks.begin() + static_cast<std::ptrdiff_t>(n) + 1, clicks.end(), clicks[n]) ==
          clicks.end()) {
        out.push_back(clicks[n]);
      }
    }
    return out;
  }
};

/// Random sessions of few items, some of them popular; several end at one moment.
inline kept_session random_session(std::mt19937_64& random, std::uint64_t id, std::int64_t end,
                                   std::uint64_t items, std::uint64_t longest) {
  kept_session s{session_id{id}, user_id{random() % 12}, timestamp{end}, {}};
  for (std::uint64_t n = 1 + random() % longest; n > 0; --n) {
    const std::uint64_t top = random() % 2 == 0 ? items : 1 + items / 6;
    s.clicks.push_back(item_id{5 + 7 * (random() % top)});
  }
  return s;
}

inline std::vector<item_id> random_clicks(std::mt19937_64& random, std::uint64_t items,
                                          std::uint64_t longest) {
  std::vector<item_id> out;
  for (std::uint64_t n = random() % (longest + 1); n > 0; --n) {
    out.push_back(item_id{random() % 10 == 0 ? 1 : 5 + 7 * (random() % items)});  // 1: unknown
  }
  return out;
}

inline tailor::similar::session_index index_of(const std::map<std::uint64_t, kept_session>& all,
                                               std::uint32_t max_items = 128) {
  std::vector<tailor::similar::session> views;
  for (const auto& [id, s] : all) views.push_back(s.view());
  return tailor::similar::session_index::make({max_items}, views).value();
}

struct slow_neighbour {
  const kept_session* session;
  double similarity;
  std::size_t place;
};

inline bool newer(const slow_neighbour& a, const slow_neighbour& b) {
  return std::pair(a.session->end, a.session->id) > std::pair(b.session->end, b.session->id);
}

/// V-SKNN word by word: every session is compared with the running one.
template <class Weights>
std::vector<slow_neighbour> slow_neighbours(const std::map<std::uint64_t, kept_session>& all,
                                            std::span<const item_id> running,
                                            const tailor::similar::session_knn_options& options,
                                            const Weights& weights) {
  const std::size_t size = (std::min)(options.last, running.size());
  std::vector<item_id> newest_first;
  for (std::size_t n = 0; n < size; ++n) newest_first.push_back(running[running.size() - 1 - n]);
  std::map<item_id, std::size_t> place;
  for (std::size_t n = size; n-- > 0;) place[newest_first[n]] = n;
  double squares = 0;
  for (const auto& [item, p] : place) {
    const double w = double{weights.click(std::uint32_t(p), std::uint32_t(size))};
    squares += w * w;
  }
  std::vector<slow_neighbour> out;
  for (const auto& [id, s] : all) {
    slow_neighbour n{&s, 0, SIZE_MAX};
    for (const item_id item : s.row()) {
      const auto p = place.find(item);
      if (p == place.end()) continue;
      n.similarity += double{weights.click(std::uint32_t(p->second), std::uint32_t(size))};
      n.place = (std::min)(n.place, p->second);
    }
    if (n.place != SIZE_MAX) out.push_back(n);
  }
  std::sort(out.begin(), out.end(), newer);
  if (out.size() > options.recent) out.resize(options.recent);
  if constexpr (!tailor::similar::plain_similarity<Weights>) {
    for (slow_neighbour& n : out) {
      const tailor::duration age = (std::max)(tailor::duration{}, options.now - n.session->end);
      n.similarity = double{weights.similarity(
          float(n.similarity),
          {float(std::sqrt(squares)), std::uint32_t(n.session->row().size()), age})};
    }
  }
  std::sort(out.begin(), out.end(), [](const slow_neighbour& a, const slow_neighbour& b) {
    return a.similarity != b.similarity ? a.similarity > b.similarity : newer(a, b);
  });
  if (out.size() > options.neighbours) out.resize(options.neighbours);
  return out;
}

/// Scores from the neighbours, each item with its sum.
template <class Weights>
std::map<item_id, double> slow_scores(const std::map<std::uint64_t, kept_session>& all,
                                      std::span<const item_id> running,
                                      const tailor::similar::session_knn_options& options,
                                      const Weights& weights) {
  double entries = 0;
  std::map<item_id, double> with;
  for (const auto& [id, s] : all) {
    for (const item_id item : s.row()) {
      ++with[item];
      ++entries;
    }
  }
  std::map<item_id, double> out;
  const std::size_t size = (std::min)(options.last, running.size());
  const auto looked_at = running.subspan(running.size() - size);
  const std::size_t distinct = std::set<item_id>(looked_at.begin(), looked_at.end()).size();
  for (const slow_neighbour& n : slow_neighbours(all, running, options, weights)) {
    const std::vector<item_id> row = n.session->row();
    const item_id shared = running[running.size() - 1 - n.place];
    const auto at = std::find(row.begin(), row.end(), shared) - row.begin();
    for (std::ptrdiff_t i = 0; i < std::ssize(row); ++i) {
      double more = n.similarity * double{weights.shared(std::uint32_t(n.place))};
      if constexpr (!tailor::similar::plain_places<Weights>) {
        more *= double{weights.near(std::uint32_t(std::abs(i - at)))};
      }
      out[row[std::size_t(i)]] += more;
    }
  }
  const std::size_t shown =
      options.seen == tailor::similar::seen_items::all_but_last ? running.size() - 1 : 0;
  if (!running.empty()) {
    for (const item_id item : running.subspan(shown)) out.erase(item);
  }
  for (auto& [item, score] : out) {
    score *= weights.item_factor(std::log(entries) - std::log(with[item])) *
             weights.scale(std::uint32_t(distinct));
  }
  std::erase_if(out, [](const auto& s) { return !(s.second > 0); });
  return out;
}

}  // namespace tailor_test

#endif  // TAILOR_TESTS_SIMILAR_SLOW_SESSIONS_HPP
