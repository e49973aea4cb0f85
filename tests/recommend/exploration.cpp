#include "tailor/recommend/exploration.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "../catch.hpp"
#include "tailor/recommend/explain.hpp"
#include "tailor/recommend/reranker.hpp"
#include "tailor/recommend/slot.hpp"
#include "tailor/recommend/strategies.hpp"
#include "tailor/recommend/verify_receipt.hpp"
#include "tailor/recommend/write_receipt.hpp"

using namespace tailor;
using namespace tailor::recommend;

namespace {

constexpr timestamp now{1'700'000'000'000'000};
constexpr timestamp in_spring = now - days(10);

std::map<item_id, std::int64_t> asked(const exploration& e, const context& c) {
  std::map<item_id, std::int64_t> out;
  exploration::scratch s;
  e.candidates(c, s, [&](item_id item, std::int64_t score) {
    CHECK(score > 0);
    CHECK(out.emplace(item, score).second);
    std::int64_t told = 0;
    e.explain(c, item, s, [&](const part& p) { told += p.times * p.amount; });
    CHECK(told == score);
  });
  return out;
}

item_id best_of(const exploration& e, const context& c) {
  const auto all = asked(e, c);
  return std::max_element(all.begin(), all.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

}  // namespace

TEST_CASE("exploration: young items alone, the same for a shopper and a day") {
  const std::vector<item_trial> trials{{item_id{4}, now - days(30)},
                                       {item_id{3}, now - days(30) + microseconds(1), 5, 1},
                                       {item_id{1}, now},
                                       {item_id{2}, now + microseconds(1)}};
  const exploration e = exploration::make(trials).value();
  const context c{.user = user_id{7}, .now = now};
  const auto first = asked(e, c);
  REQUIRE(first.size() == 2);
  CHECK(first.count(item_id{3}) == 1);
  CHECK(first.count(item_id{1}) == 1);
  context later = c;
  later.now = timestamp{now.us / days(1).us * days(1).us};  // when that day began
  const exploration in_order = exploration::make(std::vector<item_trial>{trials[1]}).value();
  CHECK(asked(in_order, later) == asked(in_order, c));
  CHECK(asked(in_order, c).at(item_id{3}) == first.at(item_id{3}));  // whoever else is tried
  later.now = later.now - microseconds(1);
  CHECK(asked(in_order, later) != asked(in_order, c));
  CHECK(asked(e, {.user = user_id{8}, .now = now}) != first);
  CHECK(asked(exploration::make(trials, {.seed = 1}).value(), c) != first);
  // Times at the ends of what can be said.
  const exploration old = exploration::make({{{item_id{1}, timestamp{INT64_MIN}}}}).value();
  CHECK(asked(old, {.now = timestamp{INT64_MAX}}).empty());
  CHECK(asked(old, {.now = timestamp{INT64_MIN}}).size() == 1);
}

TEST_CASE("exploration: an item is best as often as its rate may be") {
  // Two new ones alike, one that fared well, one that fared badly.
  const std::vector<item_trial> trials{{item_id{1}, in_spring},
                                       {item_id{2}, in_spring},
                                       {item_id{3}, in_spring, 400, 60},
                                       {item_id{4}, in_spring, 400, 4}};
  const exploration e = exploration::make(trials).value();
  std::map<item_id, int> best;
  double sum = 0;
  constexpr int shoppers = 20'000;
  for (std::uint64_t u = 1; u <= shoppers; ++u) {
    const context c{.user = user_id{u}, .now = now};
    ++best[best_of(e, c)];
    sum += static_cast<double>(asked(e, c).at(item_id{3})) / (1 << 30) / shoppers;
  }
  CHECK(sum == Approx(61.0 / 420).epsilon(0.01));
  // P(beta(1, 19) > beta(61, 359)) is about (1 - .145)^19 = .051, so each new one is first for some
  // five in a hundred.
  CHECK(best[item_id{1}] == Approx(0.05 * shoppers).epsilon(0.15));
  CHECK(best[item_id{2}] == Approx(best[item_id{1}]).epsilon(0.15));
  CHECK(best[item_id{3}] > 0.85 * shoppers);
  CHECK(best[item_id{4}] == 0);
}

TEST_CASE("exploration: in a blend, with its receipt and its sentence") {
  const exploration tried =
      exploration::make(std::vector<item_trial>{{item_id{9}, in_spring, 100, 12}}).value();
  const std::vector<item_id> best{item_id{1}, item_id{2}, item_id{3}};
  const auto s = slot(slot_options{.count = 3}, as_ranked{},
                      blend(weighted{favourites(best)}, weighted{tried, 70u}));
  decltype(s)::scratch scratch;
  answer out;
  const context c{.user = user_id{5}, .now = now, .state = 1};
  s.recommend(c, no_catalogue{}, {}, scratch, out);
  REQUIRE(out.items.size() == 3);
  CHECK(out.items[0].item == item_id{1});
  CHECK(out.items[1].item == item_id{9});  // seven tenths, before the second at two thirds
  CHECK(out.items[1].reason == strategy::exploration);
  receipt r;
  REQUIRE(write_receipt(s, c, no_catalogue{}, {}, out, 1, scratch, r));
  CHECK(r.parts[0].because.target == 12);
  CHECK(r.parts[0].because.population == 100);
  CHECK(verify(r, s, c, no_catalogue{}, {}, {}, scratch));
  context tomorrow = c;
  tomorrow.now = now + days(1);
  CHECK(verify(r, s, tomorrow, no_catalogue{}, {}, {}, scratch) == errc::stale);
  std::string sentence;
  explain(r, [](item_id) { return std::string_view("it"); }, sentence);
  CHECK(sentence == "Something new");
  CHECK(std::string(name_of(out.items[1].reason)) == "exploration");
}

TEST_CASE("exploration: what it refuses") {
  const auto code = [](std::vector<item_trial> trials, const exploration_options& o = {}) {
    const auto made = exploration::make(trials, o);
    return made ? errc::ok : made.error().code;
  };
  CHECK(code({}) == errc::ok);
  CHECK(code({{no_item, now}}) == errc::empty_id);
  CHECK(code({{item_id{1}, now, 3, 4}}) == errc::malformed);
  CHECK(code({}, {.prior_chosen = 0}) == errc::out_of_range);
  CHECK(code({}, {.prior_chosen = 20}) == errc::out_of_range);
  CHECK(code({}, {.young = duration{}}) == errc::out_of_range);
  CHECK(code({}, {.redraw = duration{-1}}) == errc::out_of_range);
  const std::vector<item_trial> twice{{item_id{2}, now}, {item_id{1}, now}, {item_id{2}, now}};
  const auto made = exploration::make(twice);
  REQUIRE(!made);
  CHECK(made.error().code == errc::duplicate);
  CHECK(made.error().at == 2);
  CHECK(exploration::make(std::vector<item_trial>{twice[0]}).value().digest() !=
        exploration::make(std::vector<item_trial>{twice[1]}).value().digest());
}
