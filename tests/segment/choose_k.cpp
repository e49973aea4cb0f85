#include "tailor/segment/choose_k.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "plain_fit.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"
#include "tailor/core/thread_pool.hpp"

using namespace tailor;
using segment::choose_k;
using segment::point_view;
using segment::verdict;

using tailor_test::plain_fit;

namespace {

/// Points around places on a circle of radius 10.
std::vector<double> clouds(std::uint64_t seed, std::size_t places, std::size_t n, double width) {
  counter_random g(seed, 2);
  std::vector<double> out;
  for (std::size_t i = 0; i < n; ++i) {
    const double at = 6.283185307179586 * double(i % places) / double(places);
    out.push_back(10 * std::cos(at) + width * normal(g));
    out.push_back(10 * std::sin(at) + width * normal(g));
  }
  return out;
}

point_view<double> view(const std::vector<double>& v) { return {v.data(), v.size() / 2, 2}; }

}  // namespace

TEST_CASE("choosing k: as many as there are clouds") {
  for (std::size_t places = 2; places <= 6; ++places) {
    CAPTURE(places);
    const auto v = clouds(places, places, 900, 0.7);
    const auto c = choose_k(view(v), {}, plain_fit).value();
    CHECK(c.k == places);
    CHECK(c.looked_at == 900);
    REQUIRE(c.table.size() == 11);
    for (std::size_t i = 0; i < c.table.size(); ++i) {
      CHECK(c.table[i].k == i + 2);
      CHECK((c.table[i].what == verdict::chosen) == (c.table[i].k == places));
    }
    CHECK(c.table[places - 2].stability > 0.99);
  }
}

TEST_CASE("choosing k: ties of the silhouette go to BIC, then to the smaller") {
  using segment::k_candidate;
  const auto row = [](std::size_t k, double silhouette, double bic, verdict what) {
    return k_candidate{k, 0, silhouette, bic, 1, what};
  };
  segment::k_choice c;
  c.table = {row(2, 0.50, -90, verdict::beaten), row(3, 0.505, -80, verdict::beaten),
             row(4, 0.508, -80, verdict::beaten), row(5, 0.9, 0, verdict::unstable)};
  segment::detail::decide(c, 0.01);
  CHECK(c.k == 3);
  CHECK(c.table[1].what == verdict::chosen);
  c.table[1].what = verdict::beaten;
  segment::detail::decide(c, 0.001);
  CHECK(c.k == 4);
}

TEST_CASE("choosing k: refused, with the reason, when halves disagree") {
  const auto v = clouds(1, 3, 600, 20);
  // Cuts into slices at an angle that depends on the points given: no two fits agree.
  const auto fickle = [](const point_view<double>& points, std::size_t k) {
    counter_random g(static_cast<std::uint64_t>(points.n()), k);
    for (std::size_t i = 0; i < points.n(); ++i) {
      if (points(i, 0) > 9) g = counter_random(g(), static_cast<std::uint64_t>(i));
    }
    std::vector<double> c(2 * k);
    for (double& x : c) x = 20 * normal(g);
    return result<std::vector<double>>(c);
  };
  const auto c = choose_k(view(v), {}, fickle, {.least = 8, .most = 10}).value();
  CHECK(c.k == 0);
  for (const auto& r : c.table) CHECK(r.what == verdict::unstable);
  CHECK(std::string(name_of(c.table[0].what)) == "unstable");
}

TEST_CASE("choosing k: the sample does not depend on the order of the points") {
  const auto v = clouds(5, 4, 2000, 1.5);
  std::vector<std::uint64_t> ids(2000);
  std::iota(ids.begin(), ids.end(), std::uint64_t{1000});
  const segment::choice_options options{.most = 6, .sample = 500};
  const auto c = choose_k(view(v), ids, plain_fit, options).value();
  CHECK(c.looked_at == 500);
  std::vector<double> reversed;
  for (std::size_t i = 2000; i-- > 0;) reversed.insert(reversed.end(), {v[2 * i], v[2 * i + 1]});
  std::reverse(ids.begin(), ids.end());
  const auto r = choose_k(view(reversed), ids, plain_fit, options).value();
  CHECK(r.k == c.k);
  for (std::size_t i = 0; i < c.table.size(); ++i) {
    CHECK(r.table[i].inertia == c.table[i].inertia);
    CHECK(r.table[i].stability == c.table[i].stability);
  }
  const auto other =
      choose_k(view(v), {}, plain_fit, {.most = 6, .sample = 500, .seed = 9}).value();
  CHECK(other.table[0].inertia != c.table[0].inertia);
}

TEST_CASE("choosing k: the same for any number of threads") {
  thread_pool three(3);
  const segment::choice_options options{.most = 6, .sample = 300};
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    CAPTURE(seed);
    const auto v = clouds(seed, 3, 500, 3);
    const auto one = choose_k(view(v), {}, plain_fit, options).value();
    const auto many = choose_k(view(v), {}, plain_fit, options, three).value();
    CHECK(many.k == one.k);
    for (std::size_t i = 0; i < one.table.size(); ++i) {
      CHECK(many.table[i].what == one.table[i].what);
      CHECK(many.table[i].inertia == one.table[i].inertia);
      CHECK(many.table[i].silhouette == one.table[i].silhouette);
      CHECK(many.table[i].stability == one.table[i].stability);
    }
    const auto fails = [](const point_view<double>& points, std::size_t k) {
      if (k < 4) return plain_fit(points, k);
      return result<std::vector<double>>(error{errc::full, "k", k});
    };
    CHECK(choose_k(view(v), {}, fails, options, three).error().at == 4);
  }
}

TEST_CASE("choosing k: no points, one, equal ones, fewer than k, a fit that fails") {
  const std::vector<double> none;
  CHECK(choose_k(view(none), {}, plain_fit) == errc::too_few);
  const std::vector<double> one = {3, 4};
  const auto single = choose_k(view(one), {}, plain_fit).value();
  CHECK(single.k == 0);
  CHECK(single.table[0].what == verdict::too_few);
  const std::vector<double> equal(200, 1.0);
  const auto same = choose_k(view(equal), {}, plain_fit).value();
  CHECK(same.k == 0);
  for (const auto& r : same.table) CHECK(r.what == verdict::too_few);
  const auto few = clouds(3, 3, 12, 0.1);
  CHECK(choose_k(view(few), {}, plain_fit).value().table.back().what == verdict::too_few);
  const auto fails = [](const point_view<double>&, std::size_t) {
    return result<std::vector<double>>(error{errc::not_finite, "point", 7});
  };
  CHECK(choose_k(view(few), {}, fails).error().at == 7);
}
