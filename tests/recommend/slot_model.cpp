#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "shop.hpp"
#include "tailor/recommend/mmr.hpp"
#include "tailor/recommend/slot.hpp"
#include "tailor/recommend/strategies.hpp"
#include "tailor/recommend/write_receipt.hpp"

using namespace tailor;
using namespace tailor::recommend;

namespace {

constexpr timestamp now{1'700'000'000'000'000};
constexpr std::uint32_t items_in_shop = 60;

/// What a source says, gathered without the slot.
struct slow_source {
  std::map<item_id, std::int64_t> scores;
  std::uint32_t percent = 100;
  strategy kind = strategy::custom;
};
struct slow_stage {
  std::vector<slow_source> sources;
  obeys filters = obeys::all;
};

/// The whole slot by its definition: lists, sums, sorting, one place after the other.
class slow_slot {
 public:
  slow_slot(const slot_options& o, const item_table& items, const merchandising& rules,
            const filter_desk& desk)
      : o_(o), items_(items), desk_(desk), places_(o.count, placed{no_item}) {
    for (std::uint32_t n = 0; n < rules.rules().size(); ++n) {
      if (rules.rules()[n].active(desk.asked())) active_.emplace_back(n, rules.rules()[n].what);
    }
  }

  std::vector<placed> answer(const std::vector<slow_stage>& stages) {
    for (const auto& [n, what] : active_) {
      const auto* p = std::get_if<pin>(&what);
      if (p == nullptr || used(p->item) || !is_free(p->place)) continue;
      if (desk_.ask(p->item, items_)) continue;
      places_[p->place] = {p->item, 0, strategy::custom, 0, placed_by::pin, n, 0};
    }
    std::vector<placed> left;
    for (std::uint32_t stage = 0; stage < stages.size() && free() > 0; ++stage) {
      std::vector<candidate> pool = collect(stages[stage], stage);
      for (const auto& [n, what] : active_) {
        if (const auto* p = std::get_if<pin_with>(&what)) place_value_pin(n, *p, pool);
      }
      for (const candidate& c : pool) {
        if (used(c.shown.item) || free() == 0) continue;
        if (fits(c.shown.item) && leaves_room(c.shown.item)) {
          append(c.shown);
        } else {
          left.push_back(c.shown);
        }
      }
    }
    for (const placed& p : left) {
      if (free() > 0 && !used(p.item) && fits(p.item)) append(p);
    }
    std::vector<placed> out;
    for (const placed& p : places_) {
      if (p.item != no_item) out.push_back(p);
    }
    return out;
  }

 private:
  struct candidate {
    placed shown;
    std::int64_t plain = 0;
    bool buried = false;
  };

  bool is_free(std::uint32_t place) const { return places_[place].item == no_item; }
  bool used(item_id item) const {
    return std::any_of(places_.begin(), places_.end(),
                       [&](const placed& p) { return p.item == item; });
  }
  std::size_t free() const {
    return std::size_t(std::count_if(places_.begin(), places_.end(),
                                     [](const placed& p) { return p.item == no_item; }));
  }
  void append(const placed& p) {
    *std::find_if(places_.begin(), places_.end(),
                  [](const placed& q) { return q.item == no_item; }) = p;
  }
  std::size_t having(attribute of, std::uint64_t value) const {
    return std::size_t(std::count_if(places_.begin(), places_.end(), [&](const placed& p) {
      return p.item != no_item && items_.value(p.item, of) == value;
    }));
  }
  bool fits(item_id item) const {
    for (const auto& [n, what] : active_) {
      if (const auto* q = std::get_if<quota>(&what)) {
        if (items_.value(item, q->of) == q->value && having(q->of, q->value) >= q->at_most) {
          return false;
        }
      }
      if (const auto* l = std::get_if<limit_per>(&what)) {
        const std::uint64_t value = items_.value(item, l->of);
        if (value != 0 && having(l->of, value) >= l->at_most) return false;
      }
    }
    return true;
  }
  bool leaves_room(item_id item) const {
    std::map<attribute, std::map<std::uint64_t, std::size_t>> asked;
    for (const auto& [n, what] : active_) {
      const auto* q = std::get_if<quota>(&what);
      if (q == nullptr) continue;
      std::size_t& least = asked[q->of][q->value];
      least = (std::max)(least, std::size_t{q->at_least});
    }
    std::size_t before = 0, after = 0;
    for (const auto& [of, values] : asked) {
      std::size_t missing = 0;
      for (const auto& [value, least] : values) {
        const std::size_t have = having(of, value);
        const std::size_t with = have + (items_.value(item, of) == value ? 1 : 0);
        before += least > have ? least - have : 0;
        missing += least > with ? least - with : 0;
      }
      if (missing > free() - 1) return false;
      after += missing;
    }
    return after < before || after <= free() - 1;
  }
  std::int64_t lifted(item_id item, std::int64_t score) const {
    for (const auto& [n, what] : active_) {
      std::uint32_t percent = 100;
      if (const auto* b = std::get_if<boost>(&what)) {
        if (items_.has(item, b->of, b->value)) percent = b->percent;
      }
      if (const auto* b = std::get_if<boost_listed>(&what)) {
        if (std::count(b->items.begin(), b->items.end(), item) > 0) percent = b->percent;
      }
      if (percent != 100) score = (std::max)(score * percent / 100, std::int64_t{1});
    }
    return score;
  }
  std::vector<candidate> collect(const slow_stage& stage, std::uint32_t number) const {
    std::map<item_id, candidate> sums;
    std::map<item_id, std::int64_t> strongest;
    for (std::size_t n = 0; n < stage.sources.size(); ++n) {
      std::vector<std::tuple<std::int64_t, item_id, std::int64_t>> kept;
      for (const auto& [item, score] : stage.sources[n].scores) {
        if (used(item) || desk_.ask(item, items_, stage.filters)) continue;
        kept.emplace_back(-lifted(item, score), item, score);
      }
      std::sort(kept.begin(), kept.end());
      if (kept.size() > o_.pool) kept.resize(o_.pool);
      std::int64_t best = 0;
      for (const auto& k : kept) best = (std::max)(best, std::get<2>(k));
      for (const auto& [key, item, score] : kept) {
        const int128 share = (int128{score} << 32) / best * stage.sources[n].percent / 100;
        candidate& c = sums[item];
        c.shown.item = item;
        c.plain += std::int64_t(share);
        c.shown.from |= std::uint64_t{1} << n;
        const bool more = strongest.count(item) == 0 || share > strongest[item];
        if (!more) continue;
        strongest[item] = std::int64_t(share);
        c.shown.reason = stage.sources[n].kind;
      }
    }
    std::vector<candidate> out;
    for (auto& [item, c] : sums) {
      c.shown.score = lifted(item, c.plain);
      c.shown.stage = number;
      c.buried = o_.unavailable == when_unavailable::bury && !items_.available(item);
      if (c.plain > 0) out.push_back(c);
    }
    std::sort(out.begin(), out.end(), [](const candidate& a, const candidate& b) {
      return std::tuple(a.buried, -a.shown.score, a.shown.item) <
             std::tuple(b.buried, -b.shown.score, b.shown.item);
    });
    return out;
  }
  void place_value_pin(std::uint32_t rule, const pin_with& p, std::vector<candidate>& pool) {
    if (!is_free(p.place)) return;
    std::vector<candidate> fitting;
    for (const candidate& c : pool) {
      const item_id item = c.shown.item;
      if (!used(item) && items_.has(item, p.of, p.value) && fits(item)) fitting.push_back(c);
    }
    const auto best = std::min_element(fitting.begin(), fitting.end(),
                                       [](const candidate& a, const candidate& b) {
                                         return std::tuple(a.buried, -a.plain, a.shown.item) <
                                                std::tuple(b.buried, -b.plain, b.shown.item);
                                       });
    if (best == fitting.end()) return;
    placed chosen = best->shown;
    chosen.score = best->plain;
    chosen.how = placed_by::value_pin;
    chosen.rule = rule;
    places_[p.place] = chosen;
  }

  slot_options o_;
  const item_table& items_;
  const filter_desk& desk_;
  std::vector<placed> places_;
  std::vector<std::pair<std::uint32_t, merchandise>> active_;
};

template <class Source>
slow_source gathered(const Source& source, std::uint32_t percent, const context& c) {
  typename Source::scratch s;
  slow_source out{{}, percent, source.kind()};
  source.candidates(c, s, [&](item_id item, std::int64_t score) { out.scores[item] = score; });
  return out;
}

merchandise make_what(counter_random& draw, std::uint32_t count) {
  const auto value = [&] { return 1 + uniform_below(draw, 4); };
  const auto some = [&] {
    std::vector<item_id> out;
    for (std::uint64_t i = 1; i <= items_in_shop; i += 1 + uniform_below(draw, 5)) {
      out.push_back(item_id{i});
    }
    return out;
  };
  const auto place = static_cast<std::uint32_t>(uniform_below(draw, count));
  switch (uniform_below(draw, 16)) {
    case 0:
      return filter{only_with{shop::category, value()}};
    case 1:
      return filter{not_with{shop::category, value()}};
    case 2:
      return filter{not_bought{}};
    case 3:
      return filter{priced_near_page{50, 100}};
    case 4:
      return filter{not_listed{some()}};
    case 5:
      return filter{only_listed{some()}};
    case 6:
      return pin{item_id{1 + uniform_below(draw, items_in_shop)}, place};
    case 7:
    case 8:
      return pin_with{shop::category, value(), place};
    case 9:
      return boost{shop::brand, value(), std::uint32_t(1 + uniform_below(draw, 400))};
    case 10:
      return boost_listed{some(), std::uint32_t(1 + uniform_below(draw, 400))};
    case 11:
    case 12:
      return quota{shop::category, value(), place, std::uint32_t(uniform_below(draw, 7))};
    case 13:
      return quota{shop::brand, value(), place, std::uint32_t(uniform_below(draw, 7))};
    default:
      return limit_per{shop::brand, 1 + place};
  }
}

std::vector<rule> make_rules(counter_random& draw, std::uint32_t count) {
  std::vector<rule> rules;
  for (std::uint64_t n = uniform_below(draw, 7); n > 0; --n) {
    rule r{"", make_what(draw, count)};
    if (uniform_below(draw, 4) == 0) r.segment = 1 + uniform_below(draw, 2);
    if (uniform_below(draw, 8) == 0) r.from = now + hours(1);
    rules.push_back(r);
    if (!faults_of(rules, count).empty()) rules.pop_back();
  }
  return rules;
}

}  // namespace

TEST_CASE("slot: three stages of several sources answer as the slow definition does") {
  std::size_t full = 0, empty = 0, fell_back = 0, value_pins = 0, boosted_items = 0, unfilter = 0;
  for (std::uint64_t trial = 0; trial < 1'500; ++trial) {
    counter_random draw(trial, 21);
    const item_table items = shop::make_items(trial, items_in_shop);
    const similar::item_weights weights = shop::make_weights(trial, items_in_shop);
    const std::vector<touch> history = shop::make_history(trial, items_in_shop, now);
    const std::vector<item_id> page{item_id{1 + uniform_below(draw, items_in_shop)}};
    const std::vector<std::uint64_t> segments{1};
    std::vector<item_id> best, fresh;
    for (std::uint64_t i = 1; i <= items_in_shop; ++i) {
      if (trial % 5 != 0 && uniform_below(draw, 3) == 0) best.push_back(item_id{i});
      if (trial % 7 != 0 && uniform_below(draw, 6) == 0)
        fresh.push_back(item_id{items_in_shop + 1 - i});
    }
    context c;
    c.now = now;
    c.history = history;
    c.segments = segments;
    if (trial % 3 == 0) c.page = page;
    slot_options o;
    o.count = static_cast<std::uint32_t>(1 + uniform_below(draw, 12));
    o.at_least = 0;
    o.pool = trial % 4 == 0 ? 12 : 200;
    o.unavailable = static_cast<when_unavailable>(uniform_below(draw, 3));
    const merchandising rules = merchandising::make(make_rules(draw, o.count), o.count).value();

    const auto learnt = for_you(weights);
    const auto recent = recently_viewed();
    const auto news = new_arrivals(fresh);
    const auto sellers = favourites(best);
    const auto percent = static_cast<std::uint32_t>(uniform_below(draw, 300));
    const auto s = slot(o, as_ranked{},
                        blend(weighted{learnt}, weighted{recent, percent}, weighted{news, 40u}),
                        blend(weighted{news, 70u}), unfiltered(blend(weighted{sellers})));
    const std::vector<slow_stage> stages{
        {{gathered(learnt, 100, c), gathered(recent, percent, c), gathered(news, 40, c)}},
        {{gathered(news, 70, c)}},
        {{gathered(sellers, 100, c)}, obeys::denials}};

    const std::vector<item_id> taken{item_id{3}, item_id{30}};
    decltype(s)::scratch scratch;
    answer out;
    s.recommend(c, items, rules, taken, scratch, out);
    filter_desk desk;
    desk.open(c, rules, taken, o.unavailable);
    const std::vector<placed> slow = slow_slot(s.options(), items, rules, desk).answer(stages);
    INFO("trial " << trial);
    REQUIRE(out.items == slow);
    REQUIRE((out.why == shortness::none) == (slow.size() == o.count));

    full += slow.size() == o.count;
    empty += slow.empty();
    for (std::size_t place = 0; place < slow.size(); ++place) {
      const placed& p = slow[place];
      fell_back += p.stage > 0;
      value_pins += p.how == placed_by::value_pin;
      unfilter += p.stage == 2 && bool(desk.ask(p.item, items));
      receipt r;
      REQUIRE(write_receipt(s, c, items, rules, out, place, scratch, r));
      REQUIRE(check(r));
      boosted_items += !r.boosts.empty();
    }
  }
  CHECK(full > 500);
  CHECK(empty > 5);
  CHECK(fell_back > 300);
  CHECK(value_pins > 100);
  CHECK(boosted_items > 300);
  CHECK(unfilter > 100);
}

TEST_CASE("slot: minima of one attribute are met whenever some choice of candidates meets them") {
  std::size_t met = 0, impossible = 0, scarce = 0;
  for (std::uint64_t trial = 0; trial < 2'000; ++trial) {
    counter_random draw(trial, 22);
    const item_table items = shop::make_items(trial, 20);
    std::vector<item_id> best;
    for (std::uint64_t i = 1; i <= 20; ++i) {
      if (uniform_below(draw, 2) == 0) best.push_back(item_id{1 + (i * 7) % 20});
    }
    const auto count = static_cast<std::uint32_t>(1 + uniform_below(draw, 6));
    std::vector<rule> rules;
    std::map<std::uint64_t, std::pair<std::uint32_t, std::uint32_t>> asked;
    for (std::uint64_t value = 1; value <= 4; ++value) {
      const auto least = static_cast<std::uint32_t>(uniform_below(draw, 3));
      const auto most = least + static_cast<std::uint32_t>(uniform_below(draw, 3));
      rules.push_back({"", quota{shop::category, value, least, most}});
      if (!faults_of(rules, count).empty()) {
        rules.pop_back();
      } else {
        asked[value] = {least, most};
      }
    }
    const merchandising m = merchandising::make(rules, count).value();
    const auto s = slot(slot_options{.count = count, .unavailable = when_unavailable::show},
                        as_ranked{}, blend(weighted{favourites(best)}));
    decltype(s)::scratch scratch;
    answer out;
    s.recommend({}, items, m, scratch, out);
    std::map<std::uint64_t, std::uint32_t> have, there;
    for (const placed& p : out.items) ++have[items.value(p.item, shop::category)];
    for (const item_id i : best) ++there[items.value(i, shop::category)];
    // For one attribute it is enough to look at each value: minima fit in the places together.
    for (const auto& [value, q] : asked) {
      INFO("trial " << trial << ", value " << value);
      REQUIRE(have[value] >= (std::min)(q.first, there[value]));
      REQUIRE(have[value] <= q.second);
      met += q.first > 0 && there[value] >= q.first;
      impossible += there[value] < q.first;
    }
    // Nothing is left out that would still fit.
    if (out.items.size() < count) {
      ++scarce;
      for (const item_id i : best) {
        const auto is_it = [i](const placed& p) { return p.item == i; };
        if (std::any_of(out.items.begin(), out.items.end(), is_it)) continue;
        const std::uint64_t value = items.value(i, shop::category);
        REQUIRE(asked.count(value) == 1);
        REQUIRE(have[value] == asked[value].second);
      }
    }
  }
  CHECK(met > 1'000);
  CHECK(impossible > 50);
  CHECK(scarce > 100);
}

TEST_CASE("slot: one of a category and one of a brand are met whenever they can be") {
  std::size_t met = 0, impossible = 0, by_one = 0;
  for (std::uint64_t trial = 0; trial < 3'000; ++trial) {
    counter_random draw(trial, 23);
    const item_table items = shop::make_items(trial, 15);
    std::vector<item_id> best;
    for (std::uint64_t i = 1; i <= 15; ++i) {
      if (uniform_below(draw, 2) == 0) best.push_back(item_id{1 + (i * 7) % 15});
    }
    const auto count = static_cast<std::uint32_t>(1 + uniform_below(draw, 4));
    const std::uint64_t category = 1 + uniform_below(draw, 4), brand = 1 + uniform_below(draw, 5);
    const merchandising m =
        merchandising::make(
            {{"", quota{shop::category, category, 1}}, {"", quota{shop::brand, brand, 1}}}, count)
            .value();
    const auto s = slot(slot_options{.count = count, .unavailable = when_unavailable::show},
                        as_ranked{}, blend(weighted{favourites(best)}));
    decltype(s)::scratch scratch;
    answer out;
    s.recommend({}, items, m, scratch, out);
    const auto of = [&](item_id i) { return items.value(i, shop::category) == category; };
    const auto by = [&](item_id i) { return items.value(i, shop::brand) == brand; };
    const auto both = [&](item_id i) { return of(i) && by(i); };
    const bool one = std::any_of(best.begin(), best.end(), both);
    const bool two = count > 1 && std::any_of(best.begin(), best.end(), of) &&
                     std::any_of(best.begin(), best.end(), by);
    const auto shows = [&](const auto& is) {
      return std::any_of(out.items.begin(), out.items.end(),
                         [&](const placed& p) { return is(p.item); });
    };
    INFO("trial " << trial);
    REQUIRE(out.items.size() == (std::min)(best.size(), std::size_t{count}));
    if (one || two) REQUIRE((shows(of) && shows(by)));
    met += one || two;
    by_one += one && !two;
    impossible += !one && !two;
  }
  CHECK(met > 1'000);
  CHECK(by_one > 50);
  CHECK(impossible > 200);
}

TEST_CASE("slot: what cannot be bought stays behind whatever the order says") {
  struct all_alike {
    double operator()(item_id, item_id) const { return 0; }
  };
  std::vector<item_table::row> rows;
  std::vector<item_id> best;
  for (std::uint64_t i = 1; i <= 20; ++i) {
    rows.push_back({item_id{i}, 1, i % 2 == 0, {}});
    best.push_back(item_id{i});
  }
  const item_table items = item_table::make(rows).value();
  const auto s = slot(slot_options{.count = 12, .unavailable = when_unavailable::bury},
                      mmr(all_alike{}), blend(weighted{favourites(best)}));
  decltype(s)::scratch scratch;
  answer out;
  s.recommend({}, items, {}, scratch, out);
  REQUIRE(out.items.size() == 12);
  for (std::size_t n = 0; n < 12; ++n) CHECK(items.available(out.items[n].item) == (n < 10));
}
