// Synthetic (row, item) matrices that have the shape of well-known public ones: the same number of
// rows, items and entries, and the same kind of skew. They are not these data.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "tailor/core/distributions.hpp"
#include "tailor/core/draw_table.hpp"
#include "tailor/core/random.hpp"
#include "tailor/similar/incidence.hpp"

namespace bench {

/// A row has exp(N(mean, spread)) items, at least `least` and at most five eighths of all, scaled
/// to `entries` in all. It belongs to two of `clusters` clusters of items and draws a share of
/// `inside` of its items from them, the rest from everywhere. Popularity inside and outside falls
/// with the rank as (rank + flat * items)^-fall.
struct shape {
  std::string_view name;
  std::uint32_t rows, items;
  std::size_t entries;
  double spread;
  std::uint32_t least;
  double fall, flat;
  std::uint32_t clusters;
  double inside;
};

inline constexpr shape shapes[] = {
    {"gowalla_shaped", 29858, 40981, 810128, 1.25, 8, 1.0, 0.001, 400, 0.6},
    {"amazonbook_shaped", 52643, 91599, 2380730, 1.27, 10, 1.0, 0.0013, 600, 0.6},
    {"amazonbook_sparse", 52643, 91599, 603378, 1.25, 2, 1.0, 0.0015, 600, 0.6},
    {"ml1m_shaped", 6040, 3706, 994169, 1.03, 20, 1.2, 0.01, 40, 0.4},
};

inline tailor::similar::sparse_rows make_shaped(const shape& s, std::uint64_t seed = 1) {
  tailor::counter_random draw(seed, s.rows);
  std::vector<double> size(s.rows);
  double sum = 0;
  for (double& n : size) sum += n = std::exp(s.spread * tailor::normal(draw));
  const auto popularity = [&](std::size_t count) {
    std::vector<std::uint64_t> weights(count);
    for (std::size_t r = 0; r < count; ++r) {
      const double at = static_cast<double>(r) + 1 + s.flat * static_cast<double>(count);
      weights[r] = static_cast<std::uint64_t>(std::pow(at, -s.fall) * 0x1p40) + 1;
    }
    return tailor::draw_table(weights);
  };
  const std::uint32_t per_cluster = s.items / s.clusters;
  const tailor::draw_table everywhere = popularity(s.items);
  const tailor::draw_table within = popularity(per_cluster);
  std::vector<std::uint32_t> name(s.items);  // popularity must not follow the index
  for (std::uint32_t i = 0; i < s.items; ++i) name[i] = i;
  tailor::shuffle(std::span(name), draw);

  tailor::similar::sparse_rows out;
  std::vector<char> has(s.items);
  std::vector<std::uint32_t> row;
  const double spare = static_cast<double>(s.entries) - double{1} * s.least * s.rows;
  double owed = 0;
  for (std::uint32_t r = 0; r < s.rows; ++r) {
    owed += s.least + size[r] / sum * spare;
    const std::size_t wanted =
        (std::min)(static_cast<std::size_t>(owed), std::size_t{s.items / 8 * 5});
    owed -= std::floor(owed);
    const std::uint64_t home[] = {tailor::uniform_below(draw, s.clusters),
                                  tailor::uniform_below(draw, s.clusters)};
    row.clear();
    for (std::size_t tries = 0; row.size() < wanted && tries < 40 * wanted; ++tries) {
      std::size_t rank = 0;
      // Clusters are interleaved, so that each has popular and rare items.
      if (tailor::bernoulli(draw, s.inside)) {
        rank = within(draw) * s.clusters + home[tailor::uniform_below(draw, 2)];
      } else {
        rank = everywhere(draw);
      }
      const std::uint32_t item = name[rank];
      if (has[item]) continue;
      has[item] = 1;
      row.push_back(item);
    }
    std::sort(row.begin(), row.end());
    for (const std::uint32_t i : row) has[i] = 0;
    out.columns.insert(out.columns.end(), row.begin(), row.end());
    out.begin.push_back(static_cast<std::uint32_t>(out.columns.size()));
  }
  return out;
}

/// Rows of item indices as an incidence whose ids are the indices.
inline tailor::similar::incidence numbered(tailor::similar::sparse_rows rows, std::uint32_t items) {
  std::vector<tailor::item_id> ids;
  for (std::uint32_t i = 0; i < items; ++i) ids.push_back(tailor::item_id{i});
  return tailor::similar::incidence::make(std::move(rows), std::move(ids)).value();
}

}  // namespace bench
