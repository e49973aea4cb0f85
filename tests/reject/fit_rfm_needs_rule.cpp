// A score rule says where scores begin, or why there are none: bare points cannot.
// expect: result<score_cuts> cuts
// expect: segment::score_rule
#include <cstdint>
#include <span>
#include <vector>

#include <tailor/segment/rfm_fit.hpp>

using namespace tailor::segment;

struct halves {
#if TAILOR_REJECT
  std::vector<std::int64_t> cuts(std::span<const std::int64_t> all, better) const {
    return {all[all.size() / 2]};
  }
#else
  tailor::result<score_cuts> cuts(std::span<const std::int64_t> all, better what) const {
    return tied_quantiles{}.cuts(all, what);
  }
#endif
};

int main() {
  const std::vector<rfm_row> rows(3);
  return fit_rfm(rows, {}, ten_groups(), halves{}) ? 0 : 1;
}
