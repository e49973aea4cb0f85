#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../catch.hpp"
#include "shop.hpp"
#include "tailor/recommend/explain.hpp"
#include "tailor/recommend/receipt_text.hpp"
#include "tailor/recommend/slot.hpp"
#include "tailor/recommend/strategies.hpp"
#include "tailor/recommend/verify_receipt.hpp"

using namespace tailor;
using namespace tailor::recommend;
using events::event_kind;

namespace {

constexpr timestamp now{1'700'000'000'000'000};

struct counted_pairs {
  std::int64_t people = 7;
  std::int64_t operator()(item_id, item_id) const { return people; }
};
using learnt = weights_of<similar::item_weights, history_items, counted_pairs>;

auto make_slot(const similar::item_weights& weights, const std::vector<item_id>& best,
               std::uint32_t percent = 50) {
  return slot(slot_options{.count = 6}, as_ranked{},
              blend(weighted{learnt(weights)}, weighted{favourites(best), percent}));
}

struct fixture {
  item_table items = shop::make_items(4, 40);
  similar::item_weights weights = shop::make_weights(4, 40);
  std::vector<touch> history{{item_id{1}, event_kind::purchase, now - days(2)},
                             {item_id{2}, event_kind::view_item, now - days(1)}};
  std::vector<item_id> best{item_id{30}, item_id{31}};
  merchandising rules =
      merchandising::make({{"lift", boost{shop::brand, 2, 300}}, {"first", pin{item_id{9}, 0}}}, 6)
          .value();
  context c;

  fixture() {
    c.user = user_id{5};
    c.now = now;
    c.history = history;
    c.state = 77;
  }
};

struct names {
  std::string_view operator()(item_id item) const {
    return item == item_id{1} ? "a red hat" : item == item_id{2} ? "boots" : "";
  }
};

/// One source, one seed that says `a`, another that says `b`.
receipt made(std::int64_t a, std::int64_t b, std::int64_t people) {
  receipt r;
  r.item = {item_id{9}, std::int64_t{1} << score_bits, strategy::for_you};
  r.parts = {{item_id{1}, seed_reason::bought, 1, a, {people}},
             {item_id{2}, seed_reason::viewed, 1, b, {people}}};
  r.sources = {{strategy::for_you, 0, 1, 100, a + b, a + b, 0, 2}};
  REQUIRE(check(r));
  return r;
}
std::string sentence(const receipt& r, const explain_options& o = {}) {
  std::string out = "left over";
  explain(r, names{}, out, o);
  return out;
}

}  // namespace

TEST_CASE("receipt: every place verifies, and tells of the slightest change as it should") {
  fixture f;
  const auto s = make_slot(f.weights, f.best);
  decltype(s)::scratch scratch;
  answer out;
  s.recommend(f.c, f.items, f.rules, scratch, out);
  REQUIRE(out.items.size() == 6);
  const similar::item_weights other_weights = shop::make_weights(5, 40);
  std::size_t with_parts = 0;
  for (std::size_t place = 0; place < 6; ++place) {
    receipt r;
    REQUIRE(write_receipt(s, f.c, f.items, f.rules, out, place, scratch, r));
    CHECK(r.place == place);
    CHECK(r.user == user_id{5});
    const auto asked = [&](const auto& slot, const context& c, const receipt& of) {
      typename std::remove_cvref_t<decltype(slot)>::scratch memory;
      return verify(of, slot, c, f.items, f.rules, {}, memory);
    };
    REQUIRE(asked(s, f.c, r));

    context later = f.c;
    later.now = now + seconds(1);
    CHECK(asked(s, later, r).error() == errc::stale);
    later = f.c;
    later.state = 78;
    CHECK(asked(s, later, r).error() == errc::stale);
    CHECK(verify(r, s, f.c, f.items, {}, {}, scratch).error() == errc::stale);
    if (r.parts.empty()) continue;  // pinned
    ++with_parts;

    // A receipt is about the sources that it names.
    const bool by_list = (r.item.from >> 1 & 1) != 0;
    CHECK(bool(asked(make_slot(f.weights, f.best, 51), f.c, r)) != by_list);
    if (by_list) {
      const std::vector<item_id> turned{item_id{31}, item_id{30}};
      CHECK(asked(make_slot(f.weights, turned), f.c, r).error() == errc::stale);
    }
    if (r.item.from & 1) {
      const status changed = asked(make_slot(other_weights, f.best), f.c, r);
      CHECK(changed.error() == errc::stale);
      CHECK(std::string(changed.error().what) == "receipt source");
    }

    receipt forged = r;
    forged.parts.front().amount += 1;
    CHECK(asked(s, f.c, forged).error() == errc::corrupt);
    forged = r;
    forged.item.score += 1;
    CHECK(asked(s, f.c, forged).error() == errc::corrupt);
    forged = r;
    forged.sources.front().first = 1'000'000;
    CHECK(asked(s, f.c, forged).error() == errc::corrupt);
    forged = r;
    forged.sources.front().best = 0;
    CHECK(asked(s, f.c, forged).error() == errc::corrupt);
    forged = r;  // its sums are right, but that is not what the model says
    forged.parts.front().because.both = 1'000;
    CHECK(asked(s, f.c, forged).error() == errc::corrupt);
    forged.state = 0;
    later.state = 0;
    CHECK(asked(s, later, forged).error() == errc::stale);  // nobody vouches for the state
    forged = r;
    forged.place += 1;
    CHECK(asked(s, f.c, forged).error() == errc::stale);
    forged = r;
    forged.sources.push_back(r.sources.front());
    CHECK_FALSE(asked(s, f.c, forged));
    forged.sources.clear();
    CHECK_FALSE(asked(s, f.c, forged));
  }
  CHECK(with_parts >= 4);
  receipt r;
  CHECK(write_receipt(s, f.c, f.items, f.rules, out, 6, scratch, r).error() == errc::out_of_range);
  // The answer of one model and the receipt of another do not go together.
  const auto other = make_slot(other_weights, f.best);
  decltype(other)::scratch memory;
  std::size_t refused = 0;
  for (std::size_t place = 0; place < 6; ++place) {
    const status written = write_receipt(other, f.c, f.items, f.rules, out, place, memory, r);
    if (!written) CHECK(written.error() == errc::stale);
    refused += !written;
  }
  CHECK(refused > 0);
}

TEST_CASE("receipt: what a forger may write is refused without harm") {
  receipt r = made(10, 20, 9);
  CHECK(main_reason(r) != nullptr);
  r.sources[0].score = 0;
  CHECK(main_reason(r) == nullptr);
  CHECK(recomputed(r).error() == errc::corrupt);
  r = made(10, 20, 9);
  r.sources[0].best = r.sources[0].score - 1;
  CHECK(recomputed(r).error() == errc::corrupt);
  r = made(10, 20, 9);
  r.sources[0].parts = UINT32_MAX;
  CHECK(recomputed(r).error() == errc::corrupt);
  r = made(10, 20, 9);
  r.parts[0].times = UINT32_MAX;
  r.parts[0].amount = INT64_MAX;
  r.parts[1].times = UINT32_MAX;
  r.parts[1].amount = INT64_MIN;
  CHECK(main_reason(r) == nullptr);
  r.parts[1].amount = INT64_MAX;
  r.sources[0].score = r.sources[0].best = INT64_MAX;
  r.sources[0].percent = UINT32_MAX;
  r.item.score = recomputed(r).value();
  CHECK(main_reason(r) == &r.parts[0]);
  for (int n = 0; n < 100; ++n) r.boosts.push_back({0, UINT32_MAX});
  CHECK(recomputed(r).value() == INT64_MAX);
}

TEST_CASE("explain: a seed is named when it says 30 per cent and enough people stand behind it") {
  CHECK(sentence(made(70, 30, 5)) == "Because you bought a red hat");
  CHECK(sentence(made(30, 70, 5)) == "Because you looked at boots");
  CHECK(sentence(made(70, 30, 4)) == "Chosen for you");
  CHECK(sentence(made(70, 30, 4), {.min_people = 4}) == "Because you bought a red hat");
  CHECK(sentence(made(70, 30, 5), {.min_percent = 70}) == "Because you bought a red hat");
  CHECK(sentence(made(69, 31, 5), {.min_percent = 70}) == "Chosen for you");
  CHECK(sentence(made(50, 50, 5)) == "Because you bought a red hat");
  receipt r = made(70, 30, 5);
  r.parts[0].seed = item_id{3};  // has no name
  CHECK(sentence(r) == "Chosen for you");
  r.item.how = placed_by::pin;
  CHECK(sentence(r) == "Shown by the shop");
  r = made(70, 30, 0);
  r.item.reason = strategy::recently_viewed;
  r.parts[0].seed = r.item.item;
  CHECK(sentence(r) == "You looked at it");
  CHECK(main_reason(r) == &r.parts[0]);  // what he did with the item itself needs nobody else
  // Half of the score comes from elsewhere: 35 per cent are left of 70.
  r = made(70, 30, 5);
  r.parts.push_back({no_item, seed_reason::none, 1, 4, {}});
  r.sources.push_back({strategy::trending, 0, 1, 100, 4, 4, 2, 1});
  r.item.score *= 2;
  CHECK(sentence(r) == "Because you bought a red hat");
  CHECK(sentence(r, {.min_percent = 36}) == "Chosen for you");
  for (int s = 0; s < 16; ++s) {
    r = made(1, 1, 0);
    r.item.reason = static_cast<strategy>(s);
    CHECK(!sentence(r).empty());
    CHECK(std::string(name_of(static_cast<strategy>(s))) != "unnamed");
  }
}

TEST_CASE("receipt: as lines and as JSON, with names where there are some") {
  fixture f;
  receipt r = made(70, 30, 5);
  r.item.item = item_id{2};
  r.item.stage = 1;
  r.item.score *= 3;
  r.boosts = {{0, 300}};
  r.user = user_id{UINT64_MAX};
  r.state = 0xabc;
  r.parts[1].seed = item_id{8};
  REQUIRE(check(r));
  CHECK(text_of(r, f.rules.rules(), names{}) ==
        "place 1: \"boots\", for you, stage 2, score 12884901888\n"
        "  for you: 100 of at most 100, counts 100 %\n"
        "    1 x 70, bought \"a red hat\", 5 people\n"
        "    1 x 30, viewed 8, 5 people\n"
        "  boost \"lift\": 300 %\n");
  const std::string_view json =
      R"({"item":2,"name":"boots","place":0,"score":12884901888,"reason":"for you","stage":1,)"
      R"("placed_by":"score","user":18446744073709551615,"now":0,"state":"0000000000000abc",)"
      R"("rules":"0000000000000000","sources":[{"kind":"for you","bits":0,)"
      R"("model":"0000000000000001","percent":100,"best":100,"score":100,"parts":[)"
      R"({"seed":1,"name":"a red hat","reason":"bought","times":1,"amount":70,"both":5,)"
      R"("source":0,"target":0,"population":0,"weight":0,"column":"0000000000000000"},)"
      R"({"seed":8,"reason":"viewed","times":1,"amount":30,"both":5,)"
      R"("source":0,"target":0,"population":0,"weight":0,"column":"0000000000000000"}]}],)"
      R"("boosts":[{"rule":0,"rule_name":"lift","percent":300}]})";
  CHECK(json_of(r, f.rules.rules(), names{}) == json);
  r = {};
  r.item = {item_id{7}, 0, strategy::custom, 0, placed_by::pin, 1};
  CHECK(text_of(r, f.rules.rules(), names{}) ==
        "place 1: 7, custom, pinned by \"first\", score 0\n");
  CHECK(text_of(r, {}, names{}) == "place 1: 7, custom, pinned by rule 1, score 0\n");
}

TEST_CASE("receipt: the digest of rules tells all that they say, and not their names") {
  const std::vector<item_id> one{item_id{1}}, two{item_id{1}, item_id{2}};
  const std::vector<merchandise> all{filter{not_bought{}},
                                     filter{not_viewed{}},
                                     filter{not_bought{days(3)}},
                                     filter{not_in_cart{}},
                                     filter{not_shown_often{}},
                                     filter{only_listed{one}},
                                     filter{not_listed{one}},
                                     filter{not_listed{two}},
                                     filter{only_with{shop::brand, 1}},
                                     filter{not_with{shop::brand, 1}},
                                     filter{sensitive{shop::brand, 1}},
                                     filter{only_with{shop::category, 1}},
                                     filter{same_as_page{shop::brand}},
                                     filter{other_than_page{shop::brand}},
                                     filter{priced{1, 2}},
                                     filter{priced{2, 2}},
                                     filter{priced_near_page{}},
                                     pin{item_id{1}, 0},
                                     pin{item_id{1}, 1},
                                     pin_with{shop::brand, 1, 0},
                                     boost{shop::brand, 1, 150},
                                     boost{shop::brand, 1, 151},
                                     boost_listed{one, 150},
                                     quota{shop::brand, 1, 1, 2},
                                     quota{shop::brand, 1, 1, 3},
                                     limit_per{shop::brand, 1},
                                     limit_per{shop::category, 1}};
  std::vector<std::uint64_t> digests{0};
  for (const merchandise& what : all) {
    rule r{"a", what};
    const std::uint64_t digest = digest_of(std::vector<rule>{r});
    r.name = "b";
    CHECK(digest == digest_of(std::vector<rule>{r}));
    for (const std::uint64_t d : digests) CHECK(d != digest);
    digests.push_back(digest);
    r.segment = 1;
    CHECK(digest != digest_of(std::vector<rule>{r}));
    r.segment = 0;
    r.until = now;
    CHECK(digest != digest_of(std::vector<rule>{r}));
  }
  CHECK(digest_of({}) == 0);
}
