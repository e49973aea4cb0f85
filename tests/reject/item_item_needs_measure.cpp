// A measure says how alike two items are.
// expect: double operator()(const pair_evidence&) const
// expect: similar::measure
#include <tailor/similar/item_item.hpp>

struct share {
#if TAILOR_REJECT
  double operator()(int both, int source) const { return double(both) / source; }
#else
  double operator()(const tailor::similar::pair_evidence& e) const {
    return double(e.both) / double(e.source);
  }
#endif
};

int main() {
  const tailor::similar::item_item<share> also;
  return int(also.neighbours(tailor::item_id{1}).size());
}
