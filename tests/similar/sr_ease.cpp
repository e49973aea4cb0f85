#include "tailor/similar/sr_ease.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <set>
#include <vector>

#include "../catch.hpp"
#include "random_matrix.hpp"
#include "tailor/core/thread_pool.hpp"

using namespace tailor;
using namespace tailor::similar;

namespace {

using dense = std::vector<std::vector<double>>;

incidence rows_of(const std::vector<std::set<std::uint32_t>>& rows) {
  return tailor_test::matrix{rows, {}}.to_incidence();
}

/// A plain inverse by Gauss and Jordan with pivots.
dense inverse(dense a) {
  const std::size_t n = a.size();
  dense out(n, std::vector<double>(n));
  for (std::size_t i = 0; i < n; ++i) out[i][i] = 1;
  for (std::size_t c = 0; c < n; ++c) {
    std::size_t pivot = c;
    for (std::size_t r = c; r < n; ++r) {
      if (std::fabs(a[r][c]) > std::fabs(a[pivot][c])) pivot = r;
    }
    std::swap(a[c], a[pivot]);
    std::swap(out[c], out[pivot]);
    const double by = 1 / a[c][c];
    for (std::size_t k = 0; k < n; ++k) a[c][k] *= by, out[c][k] *= by;
    for (std::size_t r = 0; r < n; ++r) {
      if (r == c) continue;
      const double times = a[r][c];
      for (std::size_t k = 0; k < n; ++k) {
        a[r][k] -= times * a[c][k];
        out[r][k] -= times * out[c][k];
      }
    }
  }
  return out;
}

/// The weighted Gram matrix by the book, in the units that the library rounds weights to.
dense slow_gram(const incidence& rows, double beta, int bits) {
  const std::size_t n = rows.items().size();
  dense g(n, std::vector<double>(n));
  for (std::size_t r = 0; r < rows.rows().rows(); ++r) {
    const auto row = rows.rows()[r];
    const double w = std::ldexp(
        std::floor(std::ldexp(std::pow(static_cast<double>(row.size()), -beta), bits) + 0.5),
        -bits);
    for (const std::uint32_t i : row) {
      for (const std::uint32_t k : row) g[i][k] += w;
    }
  }
  return g;
}

/// EASE over all items: B = -P / diag(P), P = (G + Λ)^-1.
dense slow_ease(const incidence& rows, const sr_ease_options& o, int bits) {
  dense g = slow_gram(rows, o.beta, bits);
  const std::size_t n = g.size();
  for (std::size_t i = 0; i < n; ++i) g[i][i] += o.l2 + o.dropout * std::pow(g[i][i], o.gamma);
  const dense p = inverse(g);
  dense b(n, std::vector<double>(n));
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      if (i != j) b[i][j] = -p[i][j] / p[j][j];
    }
  }
  return b;
}

std::vector<std::set<std::uint32_t>> random_rows(std::uint64_t seed, std::size_t rows,
                                                 std::uint32_t items, std::size_t longest) {
  std::mt19937_64 random(seed);
  std::vector<std::set<std::uint32_t>> out(rows);
  for (auto& row : out) {
    const std::size_t size = 1 + random() % longest;
    for (std::size_t n = 0; n < size; ++n) {
      const auto top = static_cast<std::uint32_t>(random() % 2 == 0 ? items : 1 + items / 6);
      row.insert(static_cast<std::uint32_t>(random() % top));
    }
  }
  return out;
}

}  // namespace

TEST_CASE("sr ease: the toy of the textbook, in double precision") {
  const incidence rows = rows_of({{0, 1}, {0, 1, 2}, {1, 2}, {2, 3}, {0, 3}});
  sr_ease_options o{.support = 10, .beta = 0, .l2 = 1, .dropout = 0};
  const double want[4][4] = {{0, 6.0 / 13, -.125, 1.0 / 3},
                             {.5625, 0, .5625, -1.0 / 3},
                             {-.125, 6.0 / 13, 0, 1.0 / 3},
                             {.375, -4.0 / 13, .375, 0}};
  const gram g =
      gram::count(rows, {0, 1024}, serial_executor{}, [](const gram::column&, std::size_t) {});
  gram::scratch scratch;
  ridge_system<double> system;
  std::vector<std::uint32_t> items;
  const dense counts = slow_gram(rows, 0, 0);
  for (std::uint32_t j = 0; j < 4; ++j) {
    std::vector<support_lists::entry> from;
    for (std::uint32_t i = 0; i < 4; ++i) {
      if (i != j) {
        from.push_back({i, static_cast<std::uint32_t>(std::ldexp(counts[i][j], g.bits()))});
      }
    }
    write_system(g, o, from, scratch, items, system);
    REQUIRE(solve_by_factors(system));
    for (std::size_t k = 0; k < 3; ++k) {
      CHECK(std::fabs(system.x[k] - want[from[k].item][j]) < 1e-12);
    }
  }
  const sr_ease model = sr_ease::fit(rows, o).value();
  item_weights::scratch s;
  std::vector<weighed_item> out;
  const std::vector<item_id> user{item_id{0}, item_id{1}};
  model.weights().recommend(std::span<const item_id>(user), 4, s, out);
  REQUIRE(out.size() == 1);  // item 3: .333333 - .333333 rounds to nothing
  CHECK(out[0].item == item_id{2});
  CHECK(std::fabs(std::ldexp(static_cast<double>(out[0].score), -16) - .4375) < 1e-4);
}

TEST_CASE("sr ease: with a support of everything it is EASE") {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const incidence rows =
        rows_of(random_rows(seed, 20 + seed * 3, static_cast<std::uint32_t>(4 + seed), 8));
    const auto n = static_cast<std::uint32_t>(rows.items().size());
    const sr_ease_options o{.support = n,
                            .beta = seed % 2 == 0 ? 0 : 0.25,
                            .l2 = 2,
                            .dropout = seed % 3 == 0 ? 0 : 1.5,
                            .gamma = seed % 5 == 0 ? 0.5 : 1};
    const gram g = gram::count(rows, {o.beta, 1 << 20}, serial_executor{},
                               [](const gram::column&, std::size_t) {});
    const dense want = slow_ease(rows, o, g.bits());
    gram::scratch scratch;
    ridge_system<double> system;
    std::vector<std::uint32_t> items;
    const dense shared = slow_gram(rows, o.beta, g.bits());
    const sr_ease model = sr_ease::fit(rows, o).value();
    for (std::uint32_t j = 0; j < n; ++j) {
      std::vector<support_lists::entry> from;
      for (std::uint32_t i = 0; i < n; ++i) {
        if (i == j) continue;
        from.push_back({i, static_cast<std::uint32_t>(std::ldexp(shared[i][j], g.bits()))});
      }
      write_system(g, o, from, scratch, items, system);
      REQUIRE(solve_by_factors(system));
      for (std::size_t k = 0; k < from.size(); ++k) {
        const double b = want[from[k].item][j];
        REQUIRE(std::fabs(system.x[k] - b) <= 1e-6 * std::fabs(b) + 1e-12);
        const double rounded =
            std::ldexp(model.weights().weight(rows.items()[from[k].item], rows.items()[j]), -16);
        REQUIRE(std::fabs(rounded - b) <= 0x1p-17 + 1e-9);
      }
    }
  }
}

TEST_CASE("sr ease: pairs are those of the book, in the head and beyond it") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const incidence rows =
        rows_of(random_rows(seed, 60, static_cast<std::uint32_t>(5 + 3 * seed), 9));
    const std::size_t n = rows.items().size();
    for (const std::size_t head : {std::size_t{0}, std::size_t{400}, std::size_t{1} << 20}) {
      const gram g = gram::count(rows, {0.25, head}, serial_executor{},
                                 [](const gram::column&, std::size_t) {});
      const dense want = slow_gram(rows, 0.25, g.bits());
      std::mt19937_64 random(seed);
      std::vector<std::uint32_t> support;
      for (std::uint32_t i = 0; i < n; ++i) {
        if (random() % 3 != 0) support.push_back(i);
      }
      std::shuffle(support.begin(), support.end(), random);
      const std::size_t m = support.size();
      gram::scratch s;
      std::vector<double> out(m * m, -1);
      g.gather(std::span<const std::uint32_t>(support), s, out.data(), m);
      for (std::size_t a = 0; a < m; ++a) {
        for (std::size_t b = 0; b < m; ++b) {
          REQUIRE(std::ldexp(out[a * m + b], -g.bits()) == want[support[a]][support[b]]);
        }
      }
    }
  }
}

TEST_CASE("sr ease: a support holds the best by shared weight over popularity, exactly") {
  CHECK(support_rule::step_of(1) == 0);
  CHECK(support_rule::step_of(2) == 4);
  CHECK(support_rule::step_of(3) == 6);  // 4 log2 3 = 6.34
  CHECK(support_rule::step_of(1024) == 40);
  CHECK(support_rule::step_of(1023) == 39);
  CHECK(support_rule::step_of(UINT32_MAX) == 127);
  CHECK(support_rule::step_of(0) == 0);

  const incidence rows = rows_of(random_rows(5, 300, 120, 10));
  const sr_ease_options o{.support = 7};
  const support_rule rule{7, 0.5};
  const gram g = gram::count(rows, {o.beta, 1 << 20}, serial_executor{},
                             [](const gram::column&, std::size_t) {});
  const dense shared = slow_gram(rows, o.beta, g.bits());
  const sr_ease model = sr_ease::fit(rows, o).value();
  const auto degree = column_sizes(rows.rows(), rows.items().size());
  for (std::uint32_t j = 0; j < rows.items().size(); ++j) {
    std::vector<std::pair<double, std::uint32_t>> all;
    for (std::uint32_t i = 0; i < rows.items().size(); ++i) {
      if (i == j || shared[i][j] == 0) continue;
      const double key = std::ldexp(shared[i][j], g.bits()) *
                         static_cast<double>(rule.factor_of(support_rule::step_of(degree[i])));
      all.emplace_back(-key, i);
    }
    std::sort(all.begin(), all.end());
    for (std::size_t n = 0; n < all.size(); ++n) {
      const item_id i = rows.items()[all[n].second];
      if (n >= 7) REQUIRE(model.weights().weight(i, rows.items()[j]) == 0);
    }
  }
}

TEST_CASE("sr ease: conjugate gradients come as close as weights are rounded") {
  const incidence rows = rows_of(random_rows(9, 900, 150, 14));
  const sr_ease_options o{.support = 60};
  const sr_ease model = sr_ease::fit(rows, o).value();  // 60 > 24: by gradients
  const gram g = gram::count(rows, {o.beta, 1 << 20}, serial_executor{},
                             [](const gram::column&, std::size_t) {});
  const dense shared = slow_gram(rows, o.beta, g.bits());
  gram::scratch scratch;
  ridge_system<double> system;
  std::vector<std::uint32_t> items;
  double worst = 0;
  for (std::uint32_t j = 0; j < rows.items().size(); ++j) {
    std::vector<support_lists::entry> from;
    for (std::uint32_t i = 0; i < rows.items().size(); ++i) {
      if (model.weights().weight(rows.items()[i], rows.items()[j]) == 0) continue;
      from.push_back({i, static_cast<std::uint32_t>(std::ldexp(shared[i][j], g.bits()))});
    }
    if (from.size() != 60) continue;
    write_system(g, o, from, scratch, items, system);
    REQUIRE(solve_by_factors(system));
    for (std::size_t k = 0; k < from.size(); ++k) {
      const double got =
          std::ldexp(model.weights().weight(rows.items()[from[k].item], rows.items()[j]), -16);
      worst = (std::max)(worst, std::fabs(got - system.x[k]));
    }
  }
  CHECK(worst > 0);
  CHECK(worst < 2e-5);
}

TEST_CASE("sr ease: the same for any number of threads and any head") {
  const incidence rows = rows_of(random_rows(3, 500, 90, 12));
  const sr_ease one = sr_ease::fit(rows, {.support = 30}).value();
  for (const std::size_t threads : {2u, 3u, 7u}) {
    thread_pool pool(threads);
    sr_ease_options o{.support = 30};
    CHECK(sr_ease::fit(rows, o, pool).value() == one);
    o.head_bytes = 2000;
    CHECK(sr_ease::fit(rows, o, pool).value().weights() == one.weights());
  }
}

TEST_CASE("sr ease: without a shopper it is, bit by bit, what it had been without him") {
  std::size_t solved = 0, columns = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    auto rows =
        random_rows(seed, 40 + 5 * (seed % 40), static_cast<std::uint32_t>(10 + 4 * seed), 7);
    const sr_ease_options o{.support = seed % 3 == 0 ? 8u : 40u, .alpha = seed % 4 == 0 ? 0.2 : 0};
    const sr_ease before = sr_ease::fit(rows_of(rows), o).value();
    std::mt19937_64 random(seed);
    // The most active, some at random, one who changes his mind, one who is new.
    std::vector<std::size_t> gone{0};
    for (std::size_t r = 0; r < rows.size(); ++r) {
      if (rows[r].size() > rows[gone[0]].size()) gone[0] = r;
    }
    for (std::uint64_t n = seed % 3; n > 0; --n) gone.push_back(random() % rows.size());
    std::vector<item_id> changed;
    const auto note = [&](const std::set<std::uint32_t>& row) {
      for (const std::uint32_t i : row) changed.push_back(item_id{i});
    };
    for (const std::size_t r : gone) {
      note(rows[r]);
      rows[r].clear();
    }
    if (seed % 5 == 0) {
      note(rows[1]);
      rows[1] = {1, 2, 4};
      note(rows[1]);
      rows.push_back({3, 5, 1000});
      note(rows.back());
    }
    const incidence now = rows_of(rows);
    const sr_ease again = before.refit(now, changed).value();
    REQUIRE(again == sr_ease::fit(now, o).value());
    solved += again.solved();
    columns += now.items().size();
  }
  CHECK(solved < columns * 9 / 10);
}

TEST_CASE("sr ease: a change of units or of the solver is seen") {
  // 2^15 + 1 rows with one item take another unit than 2^15 rows.
  std::vector<std::set<std::uint32_t>> rows(70'000, {1, 2});
  rows.push_back({2, 3});
  rows.push_back({5, 3});
  const sr_ease before = sr_ease::fit(rows_of(rows)).value();
  rows.resize(30'000);
  rows.push_back({5, 3});
  const std::vector<item_id> changed{item_id{1}, item_id{2}, item_id{3}};
  CHECK(before.refit(rows_of(rows), changed).value() == sr_ease::fit(rows_of(rows)).value());

  // From a support of everything to one that is not.
  auto few = random_rows(2, 50, 30, 6);
  few.push_back({});
  const sr_ease_options o{.support = 29};
  const sr_ease full = sr_ease::fit(rows_of(few), o).value();
  few.back() = {70, 71};
  const std::vector<item_id> added{item_id{70}, item_id{71}};
  CHECK(full.refit(rows_of(few), added).value() == sr_ease::fit(rows_of(few), o).value());
}

TEST_CASE("sr ease: little data and bad options are answered") {
  CHECK(sr_ease::fit(incidence{}).value().weights().items().empty());
  CHECK(sr_ease::fit(rows_of({{7}})).value().weights().size() == 0);
  CHECK(sr_ease::fit(rows_of({{1, 2, 3}}), {.support = 0}).value().weights().size() == 0);
  CHECK(sr_ease::fit(rows_of({{1, 2, 3}}), {.support = UINT32_MAX}).value().weights().size() == 6);
  const incidence rows = rows_of({{1, 2}, {2, 3}});
  const auto refused = [&](sr_ease_options o) {
    const auto made = sr_ease::fit(rows, o);
    return !made && made.error().code == errc::out_of_range;
  };
  CHECK(refused({.l2 = 0}));
  CHECK(refused({.l2 = -1}));
  CHECK(refused({.l2 = std::nan("")}));
  CHECK(refused({.beta = -0.1}));
  CHECK(refused({.dropout = std::nan("")}));
  CHECK(refused({.gamma = 99}));
  CHECK(refused({.alpha = std::nan("")}));
  CHECK(refused({.popularity = -1}));
}
