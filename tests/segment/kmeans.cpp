#include "tailor/segment/kmeans.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/hash.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/segment/choose_k.hpp"
#include "tailor/segment/hamerly.hpp"

using namespace tailor;
using namespace tailor::segment;

namespace {

template <class Real>
std::vector<Real> clouds(std::uint64_t seed, std::size_t n, std::size_t d, double scale = 1,
                         double offset = 0) {
  counter_random g(seed, 9);
  std::vector<Real> out;
  out.reserve(n * d);
  for (std::size_t i = 0; i < n; ++i) {
    const double middle = 3 * static_cast<double>(uniform_below(g, 4));
    for (std::size_t j = 0; j < d; ++j) {
      out.push_back(static_cast<Real>(offset + scale * (middle * double(j % 2) + normal(g))));
    }
  }
  return out;
}

/// Whole numbers from 0 to 4: many equal points, and many as near to one centre as to another.
template <class Real>
std::vector<Real> lattice(std::uint64_t seed, std::size_t n, std::size_t d) {
  counter_random g(seed, 10);
  std::vector<Real> out(n * d);
  for (Real& x : out) x = static_cast<Real>(uniform_below(g, 5));
  return out;
}

/// Everything that a model says, to be compared bit by bit.
bool same(const kmeans_model& a, const kmeans_model& b) {
  return std::equal(a.centres().begin(), a.centres().end(), b.centres().begin(),
                    b.centres().end()) &&
         std::equal(a.counts().begin(), a.counts().end(), b.counts().begin(), b.counts().end()) &&
         a.labels() == b.labels() && a.inertia() == b.inertia() &&
         a.iterations() == b.iterations() && a.start() == b.start() &&
         a.converged() == b.converged();
}

struct slow_fit {
  std::vector<double> centres;
  std::vector<std::uint32_t> labels;
};

/// Lloyd's steps as they are written down, from the first k points.
template <class Real>
slow_fit slow_steps(const point_view<Real>& points, std::size_t k, int steps) {
  const std::size_t d = points.d();
  slow_fit out;
  for (std::size_t t = 0; t < k * d; ++t) out.centres.push_back(double(points(t / d, t % d)));
  out.labels.resize(points.n());
  for (int step = 0;; ++step) {
    std::vector<long double> sums(k * d), counts(k);
    for (std::size_t i = 0; i < points.n(); ++i) {
      long double least = std::numeric_limits<long double>::infinity();
      for (std::size_t c = 0; c < k; ++c) {
        long double apart = 0;
        for (std::size_t j = 0; j < d; ++j) {
          const long double along = points(i, j) - static_cast<long double>(out.centres[c * d + j]);
          apart += along * along;
        }
        if (apart < least) {
          least = apart;
          out.labels[i] = std::uint32_t(c);
        }
      }
      counts[out.labels[i]] += 1;
      for (std::size_t j = 0; j < d; ++j) sums[out.labels[i] * d + j] += points(i, j);
    }
    if (step == steps) return out;
    for (std::size_t t = 0; t < k * d; ++t) {
      if (counts[t / d] > 0) out.centres[t] = double(sums[t] / counts[t / d]);
    }
  }
}

template <class Real>
std::vector<double> first_rows(const point_view<Real>& points, std::size_t k) {
  std::vector<double> out;
  for (std::size_t t = 0; t < k * points.d(); ++t) {
    out.push_back(double(points(t / points.d(), t % points.d())));
  }
  return out;
}

/// blocked_by as it is for many steps: with the points sorted, where there are few columns.
template <class Vectors>
struct sorted_by {
  [[nodiscard]] squared_euclidean distance() const { return {}; }
  template <class Real, executor X>
  [[nodiscard]] auto over(const point_view<Real>& points, const extent& where, const search_load&,
                          X&& pool) const {
    auto search = blocked_by<Vectors>{}.over(points, where, {1000, 1000}, pool);
    CHECK(search.order().empty() == (points.d() > 4 || points.n() < 256));
    return search;
  }
};

template <class Assignment, class Real>
kmeans_model steps_of(const point_view<Real>& points, std::size_t k, std::uint32_t steps = 12) {
  const kmeans<given_centres, Assignment, keep_empty> fit(
      {.k = k, .max_iterations = steps, .restarts = 1}, given_centres(first_rows(points, k)));
  return fit.fit(points).value();
}

template <class Real>
void every_assignment_agrees(const point_view<Real>& points, std::size_t k) {
  const kmeans_model by_definition = steps_of<plain<>>(points, k);
  CHECK(same(steps_of<blocked>(points, k), by_definition));
  CHECK(same(steps_of<blocked_by<portable_vectors>>(points, k), by_definition));
#if defined(__AVX2__) && defined(__FMA__)
  CHECK(same(steps_of<blocked_by<avx2_vectors>>(points, k), by_definition));
#endif
  CHECK(same(steps_of<sorted_by<native_vectors>>(points, k), by_definition));
  CHECK(same(steps_of<sorted_by<portable_vectors>>(points, k), by_definition));
  CHECK(same(steps_of<hamerly>(points, k), by_definition));
}

}  // namespace

TEST_CASE("k-means: steps are those of the book") {
  const auto check = [](auto zero, std::uint64_t seed) {
    using real = decltype(zero);
    const std::size_t d = 1 + seed % 7, k = 1 + seed % 9, n = 200 + seed;
    const auto v = clouds<real>(seed, n, d);
    const point_view<real> points(v.data(), n, d);
    const kmeans_model ours = steps_of<blocked>(points, k, 5);
    if (ours.converged()) return;  // stops earlier than the book
    const slow_fit book = slow_steps(points, k, 5);
    for (std::size_t t = 0; t < k * d; ++t) {
      CHECK(ours.centres()[t] ==
            Approx(book.centres[t]).epsilon(0).margin(sizeof(real) == 4 ? 2e-6 : 1e-11));
    }
    for (std::size_t i = 0; i < n; ++i) REQUIRE(ours.labels()[i] == book.labels[i]);
  };
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    check(0.0, seed);
    check(0.0f, seed);
  }
}

TEST_CASE("k-means: every assignment gives the same bits") {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    CAPTURE(seed);
    const std::size_t d = 1 + seed * 3 % 11, k = 1 + seed * 5 % 23, n = 700 + 13 * seed;
    const auto wide = clouds<double>(seed, n, d);
    every_assignment_agrees(point_view<double>(wide.data(), n, d), k);
    const auto narrow = clouds<float>(seed, n, d);
    every_assignment_agrees(point_view<float>(narrow.data(), n, d), k);
    // Equal points as centres, and points in the middle between two.
    const auto ties = lattice<double>(seed, n, d);
    every_assignment_agrees(point_view<double>(ties.data(), n, d), k);
    const auto few = lattice<float>(seed, n, d);
    every_assignment_agrees(point_view<float>(few.data(), n, d), k);
  }
}

TEST_CASE("k-means: every assignment gives the same bits far from zero, and for large and small") {
  for (const double scale : {1e-150, 1e-30, 1e-3, 1.0, 1e3, 1e30, 1e120}) {
    for (const double offset : {0.0, 1e6, -1e9}) {
      CAPTURE(scale, offset);
      const auto v = clouds<double>(3, 500, 3, scale, offset * scale);
      every_assignment_agrees(point_view<double>(v.data(), 500, 3), 7);
      if (scale < 1e-30 || scale > 1e25) continue;
      const auto f = clouds<float>(3, 500, 3, scale, offset * scale);
      every_assignment_agrees(point_view<float>(f.data(), 500, 3), 7);
    }
  }
  // A few points very far away: most of the others are near zero then.
  auto v = clouds<float>(4, 600, 3);
  for (std::size_t t = 0; t < 6; ++t) v[t * 3 + t % 3] = 1e6f * float(t + 1);
  every_assignment_agrees(point_view<float>(v.data(), 600, 3), 11);
}

TEST_CASE("k-means: every assignment gives the same bits where rounding points tells nothing") {
  for (const std::size_t d : {5u, 8u, 16u}) {
    CAPTURE(d);
    // Two far places with clusters close to each other, so that all points are as far from the
    // mean.
    auto v = clouds<float>(13, 2000, d, 1e-4);
    for (std::size_t i = 0; i < 2000; ++i) v[i * d] += i % 2 == 0 ? 30.0f : -30.0f;
    every_assignment_agrees(point_view<float>(v.data(), 2000, d), 9);
    // Every fourth point is looked at for the scale: the farthest centres are none of these.
    auto w = clouds<float>(14, 4096, d);
    for (std::size_t t = d; t < 4 * d; ++t) w[t] *= 40;
    every_assignment_agrees(point_view<float>(w.data(), 4096, d), 9);
  }
}

TEST_CASE("k-means: more clusters than a byte names, and than have a tag") {
  const auto v = clouds<float>(8, 3000, 2);
  const point_view<float> points(v.data(), 3000, 2);
  every_assignment_agrees(points, 700);
  const kmeans_model m = steps_of<blocked>(points, 700, 3);
  CHECK(m.labels().bytes().empty());
  CHECK(m.labels().words().size() == 3000);
  const auto w = clouds<double>(9, 900, 3);
  every_assignment_agrees(point_view<double>(w.data(), 900, 3), 300);
}

TEST_CASE("k-means: the same bits for any number of threads, with and without weights") {
  const auto v = clouds<float>(5, 9000, 3);
  const point_view<float> points(v.data(), 9000, 3);
  counter_random g(6);
  std::vector<double> weights(9000);
  for (double& w : weights) w = uniform01(g) * 10;
  const kmeans<> fit({.k = 9, .seed = 4});
  const kmeans_model alone = fit.fit(points).value();
  const kmeans_model weighted =
      fit.fit(points, std::span<const double>(weights), serial_executor{}).value();
  CHECK_FALSE(same(alone, weighted));
  for (const std::size_t threads : {1u, 2u, 3u, 5u}) {
    thread_pool pool(threads);
    CHECK(same(fit.fit(points, pool).value(), alone));
    CHECK(same(fit.fit(points, std::span<const double>(weights), pool).value(), weighted));
    CHECK(alone.assign(points, pool).value() == alone.labels());
  }
}

TEST_CASE("k-means: points sorted or rounded fill empty clusters as they do by definition") {
  for (std::uint64_t seed = 0; seed < 14; ++seed) {
    CAPTURE(seed);
    const std::size_t d = 1 + seed % 7, k = 20, n = 600 + seed;
    const auto v = clouds<float>(seed, n, d);
    const point_view<float> points(v.data(), n, d);
    counter_random g(seed, 11);
    std::vector<double> weights(n);
    for (double& w : weights) w = double(uniform_below(g, 5));
    std::vector<double> centres = first_rows(points, k);
    for (std::size_t t = 0; t < 4 * d; ++t) centres[t] = 1e3;  // four that nobody is near to
    const auto by = [&]<class Assignment>(Assignment) {
      const kmeans<given_centres, Assignment, farthest_point> fit({.k = k, .max_iterations = 15},
                                                                  given_centres(centres));
      return fit.fit(points, std::span<const double>(weights), serial_executor{}).value();
    };
    const kmeans_model expected = by(plain<>{});
    CHECK(same(by(sorted_by<native_vectors>{}), expected));
    CHECK(same(by(sorted_by<portable_vectors>{}), expected));
    CHECK(expected.assign(points, serial_executor{}, sorted_by<native_vectors>{}).value() ==
          expected.assign(points).value());
  }
}

TEST_CASE("k-means: the same bits on every machine, whatever it multiplies and adds at once") {
  counter_random g(9);
  std::vector<double> v(3 * 4'000);
  for (double& x : v) x = uniform01(g) + double(uniform_below(g, 3));
  const point_view<double> points(v.data(), 4'000, 3);
  const kmeans<given_centres> fit({.k = 9}, given_centres(first_rows(points, 9)));
  const kmeans_model m = fit.fit(points).value();
  std::uint64_t bits = 0;
  const auto take = [&bits](std::uint64_t x) { bits = mix64(bits ^ x); };
  for (const double c : m.centres()) take(std::bit_cast<std::uint64_t>(c));
  for (std::size_t i = 0; i < points.n(); ++i) take(m.labels()[i]);
  take(std::bit_cast<std::uint64_t>(m.inertia()));
  CHECK(bits == 0xbf2cf90a0752ec28);
}

TEST_CASE("k-means: columns and parts of a larger matrix are points as rows are") {
  const auto rows = clouds<double>(7, 300, 4);
  std::vector<double> columns(300 * 4), part(300 * 9, 1e9);
  for (std::size_t i = 0; i < 300; ++i) {
    for (std::size_t j = 0; j < 4; ++j) {
      columns[j * 300 + i] = part[i * 9 + 2 * j] = rows[i * 4 + j];
    }
  }
  const kmeans<> fit({.k = 5});
  const kmeans_model expected = fit.fit(point_view<double>(rows.data(), 300, 4)).value();
  CHECK(same(fit.fit(point_view<double>(columns.data(), 300, 4, 1, 300)).value(), expected));
  CHECK(same(fit.fit(point_view<double>(part.data(), 300, 4, 9, 2)).value(), expected));
  const point_view<double> backwards(rows.data() + 299 * 4, 300, 4, -4, 1);
  CHECK(fit.fit(backwards).value().inertia() == Approx(expected.inertia()).epsilon(0.2));
}

TEST_CASE("k-means: a weight is as many points, and points of no weight do not count") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    const auto few = clouds<double>(seed, 120, 2);
    counter_random g(seed);
    std::vector<double> many, weights;
    for (std::size_t i = 0; i < 120; ++i) {
      const std::uint64_t times = i < 6 ? 1 : uniform_below(g, 4);
      weights.push_back(double(times));
      for (std::uint64_t t = 0; t < times; ++t) {
        many.insert(many.end(), {few[2 * i], few[2 * i + 1]});
      }
    }
    const point_view<double> single(few.data(), 120, 2), repeated(many.data(), many.size() / 2, 2);
    const kmeans<given_centres> fit({.k = 4}, given_centres(first_rows(single, 4)));
    const auto a = fit.fit(single, std::span<const double>(weights), serial_executor{}).value();
    const auto b = fit.fit(repeated).value();
    for (std::size_t t = 0; t < 8; ++t)
      CHECK(a.centres()[t] == Approx(b.centres()[t]).margin(1e-9));
    CHECK(a.inertia() == Approx(b.inertia()));
    for (double& w : weights) w *= 0.3;  // the same in another unit
    const auto c = fit.fit(single, std::span<const double>(weights), serial_executor{}).value();
    for (std::size_t t = 0; t < 8; ++t)
      CHECK(a.centres()[t] == Approx(c.centres()[t]).margin(1e-7));
    CHECK(c.inertia() == Approx(a.inertia() * 0.3));
  }
}

TEST_CASE("k-means: labels, counts, inertia and centres of a model agree") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const std::size_t n = 150 + 11 * seed, d = 1 + seed % 4, k = 2 + seed % 6;
    const auto v = clouds<double>(seed, n, d);
    const point_view<double> points(v.data(), n, d);
    const kmeans_model m = kmeans<>({.k = k, .seed = seed}).fit(points).value();
    CHECK(m.converged());
    CHECK(m.k() == k);
    CHECK(m.dimensions() == d);
    std::vector<std::uint64_t> counts(k);
    std::vector<double> means(k * d);
    double inertia = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const std::span<const double> row(v.data() + i * d, d);
      REQUIRE(m.labels()[i] == m.nearest(row));
      ++counts[m.labels()[i]];
      for (std::size_t j = 0; j < d; ++j) means[m.labels()[i] * d + j] += row[j];
      inertia += squared_euclidean{}(row, m.centre(m.labels()[i]));
    }
    CHECK(std::equal(counts.begin(), counts.end(), m.counts().begin(), m.counts().end()));
    CHECK(m.inertia() == Approx(inertia));
    for (std::size_t t = 0; t < k * d; ++t) {
      CHECK(m.centres()[t] == Approx(means[t] / double(counts[t / d])).margin(1e-9));
    }
    CHECK(m.assign(points).value() == m.labels());
    CHECK(m.assign(points, serial_executor{}, plain<>{}).value() == m.labels());
  }
}

TEST_CASE("k-means: the inertia never rises from step to step") {
  const auto v = clouds<float>(11, 2000, 3);
  const point_view<float> points(v.data(), 2000, 3);
  double before = std::numeric_limits<double>::infinity();
  for (std::uint32_t steps = 1; steps < 40; ++steps) {
    const kmeans_model m = steps_of<blocked>(points, 12, steps);
    CHECK(m.inertia() <= before * (1 + 1e-12));
    CHECK(m.iterations() <= steps);
    before = m.inertia();
  }
}

TEST_CASE("k-means: the best start is kept, and a share of the points may go on moving") {
  const auto v = clouds<double>(12, 3000, 4);
  const point_view<double> points(v.data(), 3000, 4);
  double least = std::numeric_limits<double>::infinity();
  std::uint32_t best = 0;
  for (std::uint32_t starts = 1; starts <= 6; ++starts) {
    const kmeans_model m = kmeans<random_points>({.k = 10, .restarts = starts}).fit(points).value();
    CHECK(m.inertia() <= least);
    if (m.inertia() < least) best = starts - 1;
    CHECK(m.start() == best);
    least = m.inertia();
    CHECK(m.assign(points).value() == m.labels());
  }
  const kmeans_options options{.k = 10, .restarts = 1};
  kmeans_options loose = options;
  loose.tolerance = 0.02;
  const kmeans_model exact = kmeans<>(options).fit(points).value();
  const kmeans_model sooner = kmeans<>(loose).fit(points).value();
  CHECK(sooner.converged());
  CHECK(sooner.iterations() < exact.iterations());
  CHECK(sooner.assign(points).value() == sooner.labels());
}

TEST_CASE("k-means: one cluster, as many as points, equal points, constant columns") {
  const std::vector<double> v = {5, 2, 1, 2, 9, 2};
  const point_view<double> three(v.data(), 3, 2);
  const kmeans_model one = kmeans<>({.k = 1}).fit(three).value();
  CHECK(one.centres()[0] == Approx(5));
  CHECK(one.centres()[1] == 2);
  CHECK(one.inertia() == Approx(32));
  const kmeans_model all = kmeans<>({.k = 3}).fit(three).value();
  CHECK(all.inertia() == 0);
  CHECK(std::count(all.counts().begin(), all.counts().end(), 1) == 3);
  const std::vector<float> equal(24, 3.5f);
  const point_view<float> same_points(equal.data(), 12, 2);
  const kmeans_model m = kmeans<>({.k = 1}).fit(same_points).value();
  CHECK(m.inertia() == 0);
  CHECK(m.centres()[0] == 3.5);
  CHECK(m.counts()[0] == 12);
  const auto two = kmeans<>({.k = 2}).fit(same_points);
  CHECK(two == errc::too_few);
  CHECK(two.error().what == std::string("different points"));
  const kmeans<given_centres> given({.k = 2}, given_centres({3.5, 3.5, 8, 8}));
  const kmeans_model kept = given.fit(same_points).value();
  CHECK(kept.counts()[0] == 12);
  CHECK(kept.counts()[1] == 0);
  CHECK(kept.centres()[2] == 8);
}

TEST_CASE("k-means: bad input is refused with its place") {
  std::vector<double> v = clouds<double>(1, 20, 2);
  const point_view<double> points(v.data(), 20, 2);
  const std::vector<double> ones(20, 1.0);
  const auto code = [&](const kmeans_options& o) { return kmeans<>(o).fit(points).error(); };
  CHECK(code({.k = 0}) == errc::out_of_range);
  CHECK(code({.k = 0}).what == std::string("k"));
  CHECK(code({.k = 21}) == errc::too_few);
  CHECK(code({.k = 21}).at == 21);
  CHECK(code({.k = std::size_t{1} << 40}) == errc::out_of_range);
  CHECK(code({.k = 2, .max_iterations = 0}).what == std::string("max_iterations"));
  CHECK(code({.k = 2, .restarts = 0}).what == std::string("restarts"));
  for (const double t : {-0.1, 1.0, std::nan("")}) {
    CHECK(code({.k = 2, .tolerance = t}).what == std::string("tolerance"));
  }
  CHECK(kmeans<>({.k = 2}).fit(point_view<double>()) == errc::too_few);
  CHECK(kmeans<>({.k = 2}).fit(point_view<double>(v.data(), 20, 0)) == errc::too_few);
  const auto with = [&](std::vector<double> w) {
    return kmeans<>({.k = 2}).fit(points, std::span<const double>(w), serial_executor{}).error();
  };
  CHECK(with(std::vector<double>(19, 1.0)) == errc::malformed);
  std::vector<double> w = ones;
  w[7] = -1;
  CHECK(with(w) == errc::out_of_range);
  CHECK(with(w).at == 7);
  w[7] = std::nan("");
  CHECK(with(w) == errc::not_finite);
  w[7] = std::numeric_limits<double>::infinity();
  CHECK(with(w) == errc::not_finite);
  CHECK(with(std::vector<double>(20, 0.0)) == errc::too_few);
  for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity(),
                           -std::numeric_limits<double>::infinity()}) {
    v[13] = bad;
    CHECK(kmeans<>({.k = 2}).fit(points) == errc::not_finite);
    CHECK(kmeans<>({.k = 2}).fit(points).error().at == 6);
  }
  v[13] = 1e200;
  CHECK(kmeans<>({.k = 2}).fit(points) == errc::out_of_range);
  std::vector<float> f(40, 1.0f);
  f[21] = 3e38f;
  CHECK(kmeans<>({.k = 1}).fit(point_view<float>(f.data(), 20, 2)) == errc::out_of_range);
  v[13] = 0;
  const kmeans_model m = kmeans<>({.k = 2}).fit(points).value();
  CHECK(m.assign(point_view<double>(v.data(), 10, 4)) == errc::malformed);
  CHECK(m.assign(point_view<double>(v.data(), 0, 2)).value().size() == 0);
  v[3] = std::nan("");
  CHECK(m.assign(points) == errc::not_finite);
  CHECK(m.assign(points).error().at == 1);
}

TEST_CASE("k-means: other points are assigned however far away they are") {
  const auto v = clouds<float>(13, 400, 3);
  const kmeans_model m = kmeans<>({.k = 6}).fit(point_view<float>(v.data(), 400, 3)).value();
  for (const float scale : {1e-20f, 1.0f, 1e6f, 1e20f}) {
    auto other = clouds<float>(14, 100, 3);
    for (float& x : other) x *= scale;
    const point_view<float> points(other.data(), 100, 3);
    const cluster_labels labels = m.assign(points).value();
    for (std::size_t i = 0; i < 100; ++i) {
      const std::vector<double> row(other.begin() + std::ptrdiff_t(3 * i),
                                    other.begin() + std::ptrdiff_t(3 * i + 3));
      REQUIRE(labels[i] == m.nearest(row));
    }
  }
}

TEST_CASE("k-means: a fitter of centres") {
  static_assert(centre_fitter<kmeans<>, double> && centre_fitter<kmeans<>, float>);
  const auto v = clouds<double>(15, 200, 2);
  const point_view<double> points(v.data(), 200, 2);
  const auto centres = kmeans<>({.k = 3})(points, 4).value();
  const kmeans_model m = kmeans<>({.k = 4}).fit(points).value();
  CHECK(std::equal(centres.begin(), centres.end(), m.centres().begin(), m.centres().end()));
  CHECK(kmeans<>()(points, 201) == errc::too_few);
}

TEST_CASE("k-means: relative entropy groups by shares, whatever the amount") {
  std::vector<double> v;
  counter_random g(3);
  for (std::size_t i = 0; i < 60; ++i) {
    const double amount = 1 + 9 * uniform01(g);
    const double share = i % 2 == 0 ? 0.9 : 0.1;
    v.insert(v.end(), {share + 0.01 * amount, 1.1 - share - 0.01 * amount});
  }
  const point_view<double> points(v.data(), 60, 2);
  const kmeans<greedy_plus_plus, plain<relative_entropy>> fit({.k = 2});
  const kmeans_model m = fit.fit(points).value();
  for (std::size_t i = 0; i < 60; ++i) CHECK(m.labels()[i] == m.labels()[i % 2]);
  CHECK(m.labels()[0] != m.labels()[1]);
  CHECK(m.assign(points, serial_executor{}, plain<relative_entropy>{}).value() == m.labels());
}
