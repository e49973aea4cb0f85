// Items that nobody has touched yet, and searches that found nothing: by what the catalogue says.
#include <cstdint>
#include <cstdio>
#include <span>
#include <string_view>
#include <vector>

#include "tailor/similar/item_features.hpp"
#include "tailor/similar/item_vectors.hpp"

using namespace tailor;

namespace {

struct product {
  std::uint64_t id;
  std::string_view title, category, brand;
  float embedding[4];  // from a model of yours
};

constexpr product catalogue[] = {
    {1, "Trail running shoe", "shoes/running/trail", "acme", {.9f, .1f, .3f, 0}},
    {2, "Road running shoe", "shoes/running/road", "acme", {.9f, .2f, 0, 0}},
    {3, "Trail running shoe, waterproof", "shoes/running/trail", "bolt", {.8f, .1f, .5f, 0}},
    {4, "Leather boot", "shoes/boots", "bolt", {.5f, 0, .2f, .6f}},
    {5, "Running hat", "hats", "acme", {.1f, .9f, .1f, 0}},
    {6, "Wool hat", "hats", "bolt", {0, .8f, 0, .5f}},
};

similar::feature_set features_of(const product& p) {
  similar::feature_set out;
  out.add_words("title", p.title);
  out.add_path("category", p.category);
  out.add("brand", p.brand);
  return out;
}

void print(const char* what, const std::vector<similar::vector_neighbour>& list) {
  std::printf("%s:", what);
  for (const auto& n : list) std::printf("  %d %.2f", int(raw(n.item)), n.score);
  std::printf("\n");
}

}  // namespace

int main() {
  std::vector<similar::feature_set> sets;
  for (const product& p : catalogue) sets.push_back(features_of(p));
  std::vector<similar::item_features::row> rows;
  std::vector<similar::item_vectors::row> vectors;
  for (std::size_t n = 0; n < sets.size(); ++n) {
    rows.push_back({item_id{catalogue[n].id}, &sets[n]});
    vectors.push_back({item_id{catalogue[n].id}, catalogue[n].embedding});
  }
  const auto by_features = similar::item_features::make(rows).value();
  const auto by_vectors = similar::item_vectors::make(vectors).value();

  similar::item_features::scratch scratch;
  std::vector<similar::vector_neighbour> out;
  by_features.neighbours(item_id{1}, 3, scratch, out);
  print("like 1, by features", out);
  similar::item_vectors::scratch memory;
  by_vectors.neighbours(item_id{1}, 3, memory, out);
  print("like 1, by vectors", out);

  // An item of tomorrow needs no place in the index to be asked about.
  by_features.nearest(
      features_of({7, "Waterproof trail shoe", "shoes/running/trail", "newcomer", {}}), 3, scratch,
      out);
  print("like the newcomer", out);

  // A search that found nothing is a set of words.
  similar::feature_set words;
  words.add_words("title", "Waterproof running hats!");
  by_features.nearest(words, 3, scratch, out);
  print("instead of no result", out);

  // What is known is judged by what is done with it.
  for (const int shoppers : {0, 5, 20, 200}) {
    std::printf("%d shoppers: %.0f %% behaviour\n", shoppers,
                100 * similar::behaviour_share(shoppers));
  }

  // Vectors come from outside: what is none is refused.
  vectors.push_back({item_id{8}, std::span(catalogue[0].embedding).first(3)});
  const auto wrong = similar::item_vectors::make(vectors);
  std::printf("%s, %s, row %d\n", name_of(wrong.error().code), wrong.error().what,
              int(wrong.error().at));
}
