#include "tailor/recommend/search_of.hpp"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/hash.hpp"
#include "tailor/recommend/lists_by.hpp"
#include "tailor/recommend/slot.hpp"
#include "tailor/recommend/strategies.hpp"

using namespace tailor;
using namespace tailor::recommend;

namespace {

std::uint64_t word(std::string_view text) { return fnv1a64(text); }

/// A host's index: titles of items, word by word. An item scores by the share of the words it has.
struct titles {
  struct scratch {};
  std::vector<std::pair<item_id, std::vector<std::uint64_t>>> all;
  std::uint64_t version = 1;

  void add(std::uint64_t item, std::initializer_list<std::string_view> words) {
    all.emplace_back();
    all.back().first = item_id{item};
    for (const std::string_view w : words) all.back().second.push_back(word(w));
  }
  void matches(std::span<const std::uint64_t> words, std::size_t count, scratch&,
               std::vector<answered>& out) const {
    for (const auto& [item, title] : all) {
      double found = 0;
      for (const std::uint64_t w : words)
        found += double(std::count(title.begin(), title.end(), w));
      if (found > 0 && out.size() < count) out.push_back({item, found / double(words.size())});
    }
  }
  std::uint64_t digest() const { return version; }
};

/// The category that a search means, where one of its words names it.
struct meant_category {
  std::uint64_t operator()(const context& c) const {
    for (const std::uint64_t w : c.query) {
      if (w == word("boots")) return 1;
      if (w == word("hats")) return 2;
    }
    return 0;
  }
};

}  // namespace

TEST_CASE(
    "search: what comes near, then what trends in the category that is meant, then the rest") {
  titles index;
  index.add(1, {"red", "rain", "boots"});
  index.add(2, {"blue", "boots"});
  index.add(3, {"red", "scarf"});
  const std::vector<item_id> boots{item_id{2}, item_id{10}}, hats{item_id{20}, item_id{21}};
  const std::vector<item_id> sellers{item_id{30}, item_id{1}, item_id{31}, item_id{32}};
  const auto trends = lists_by<meant_category>::make(
                          {}, {{1, favourites(boots)}, {2, favourites(hats)}}, strategy::trending)
                          .value();
  const auto empty_search = slot(
      slot_options{.count = 5}, as_ranked{}, blend(weighted{search_recovery(index)}),
      blend(weighted{trends}), blend(weighted{list_of::in_order(sellers, strategy::best_sellers)}));
  decltype(empty_search)::scratch s;
  answer out;
  const auto shown_for = [&](std::initializer_list<std::string_view> words) {
    std::vector<std::uint64_t> query;
    for (const std::string_view w : words) query.push_back(word(w));
    context c;
    c.query = query;
    empty_search.recommend(c, no_catalogue{}, {}, s, out);
    std::string text;
    for (const placed& p : out.items) {
      text += std::to_string(raw(p.item)) + " " + name_of(p.reason) + ", ";
    }
    return text;
  };
  CHECK(shown_for({"red", "boots"}) ==
        "1 search recovery, 2 search recovery, 3 search recovery, 10 trending, 30 best sellers, ");
  CHECK(shown_for({"green", "hats"}) ==
        "20 trending, 21 trending, 30 best sellers, 1 best sellers, 31 best sellers, ");
  CHECK(shown_for({"umbrella"}) ==
        "30 best sellers, 1 best sellers, 31 best sellers, 32 best sellers, ");
  CHECK(out.why == shortness::few_proposed);
  CHECK(shown_for({}).substr(0, 15) == "30 best sellers");
  CHECK(search_recovery(index).digest() == 1);
  CHECK(search_recovery(index).kind() == strategy::search_recovery);
}
