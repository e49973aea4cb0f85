// The pages of a small shop: four slots, rules of the house, receipts, and why something is
// missing.
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "support/camping_shop.hpp"
#include "tailor/recommend/page.hpp"
#include "tailor/recommend/receipt_text.hpp"
#include "tailor/recommend/slot.hpp"
#include "tailor/recommend/strategies.hpp"
#include "tailor/recommend/verify_receipt.hpp"
#include "tailor/recommend/why_not.hpp"
#include "tailor/similar/incidence_of.hpp"
#include "tailor/similar/neighbour_lists.hpp"

using namespace tailor;
using namespace tailor::recommend;
using camping_shop::now;
using camping_shop::section;

void print(const char* slot, const answer& a) {
  std::printf("%s:\n", slot);
  for (const placed& p : a.items) {
    const char* why = p.how == placed_by::pin ? "pinned" : name_of(p.reason);
    std::printf("  %s, %s\n", camping_shop::name(p.item).data(), why);
  }
  if (a.why != shortness::none) std::printf("  no more: %s\n", name_of(a.why));
}

int main() {
  const item_table items = camping_shop::items();
  const events::timeline past = camping_shop::past();

  // Models are learnt at night. Sources refer to them; slots hold sources in stages.
  const auto bought = similar::incidence_of(past, similar::bought_by_shopper{});
  if (!bought) return 1;
  const auto pairs = similar::neighbour_lists<>::fit(*bought, {.k = 10, .min_support = 3});
  const std::vector<item_id> sellers{item_id{7}, item_id{1}, item_id{9}, item_id{3}, item_id{10}};
  const slot home(slot_options{.count = 4}, as_ranked{},
                  blend(weighted{for_you_by_neighbours(pairs)}, weighted{recently_viewed(), 30u}),
                  blend(weighted{favourites(sellers)}));
  const slot product(slot_options{.count = 3}, as_ranked{},
                     blend(weighted{bought_together(pairs)}));
  const slot cart(slot_options{.count = 3}, as_ranked{}, blend(weighted{goes_with_cart(pairs)}),
                  unfiltered(blend(weighted{favourites(sellers)})));

  // Rules are checked when they are loaded, against the number of places.
  const std::vector<rule> wrong{{"camping week", filter{only_with{section, 1}}},
                                {"no camping", filter{not_with{section, 1}}}};
  for (const rule_fault& f : faults_of(wrong, 4)) {
    std::printf("refused: \"%s\" %s, \"%s\"\n", wrong[f.rule].name.c_str(), f.what,
                wrong[f.other].name.c_str());
  }
  const auto house = merchandising::make({{"not again", filter{not_bought{}}},
                                          {"cook more", boost{section, 2, 150}},
                                          {"voucher last", pin{camping_shop::voucher, 3}},
                                          {"two a section", limit_per{section, 2}}},
                                         4);
  const auto small = merchandising::make({{"small things", filter{priced{0, 4500}}}}, 3);
  if (!house || !small) return 1;

  // A page: what one slot shows, the next does not.
  std::vector<touch> history;
  history_of(past, user_id{1}, now, history);
  const std::vector<item_id> about{camping_shop::sleeping_bag}, in_cart{camping_shop::mugs};
  const context c{.user = user_id{1}, .now = now, .history = history, .state = 1};
  decltype(home)::scratch at_home;  // one of each per thread
  decltype(product)::scratch at_product;
  decltype(cart)::scratch at_cart;
  answer shown, more;
  page first_page;
  first_page.fill(home, c, items, *house, at_home, shown);
  print("home", shown);
  first_page.fill(product, {.now = now, .page = about}, items, {}, at_product, more);
  print("below, with the sleeping bag", more);
  cart.recommend({.now = now, .cart = in_cart}, items, *small, at_cart, more);
  print("cart with mugs", more);
  cart.recommend({.now = now}, items, {}, at_cart, more);
  print("e-mail to a stranger", more);

  // On demand: why it is there, and why something is not.
  receipt r;
  if (!write_receipt(home, c, items, *house, shown, 0, at_home, r)) return 1;
  std::string sentence;
  explain(r, camping_shop::name, sentence);
  const status sound = verify(r, home, c, items, *house, {}, at_home);
  std::printf("%s%s\n%s\n", sentence.c_str(), sound ? ", verified:" : ", stale:",
              text_of(r, house->rules(), camping_shop::name).c_str());
  for (const std::uint64_t i : {1u, 4u, 5u, 9u}) {
    const auto w = why_not(item_id{i}, home, c, items, *house, {}, at_home, shown);
    const bool by_rule = w.because.why == removal::rule;
    std::printf("%s: %s, %s\n", camping_shop::name(item_id{i}).data(), name_of(w.what),
                by_rule ? house->rules()[w.because.rule].name.c_str() : name_of(w.because.why));
  }
}
