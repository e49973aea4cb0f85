#ifndef TAILOR_RECOMMEND_RERANKER_HPP
#define TAILOR_RECOMMEND_RERANKER_HPP
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../core/ids.hpp"
namespace tailor::inline v0::recommend {
struct ranked_input {
  item_id item{};
  double relevance = 0;
};
template <class R>
concept reranker =
    requires(const R& r, std::span<const ranked_input> c, std::size_t count, typename R::scratch& s,
             std::vector<std::uint32_t>& out) { r(c, count, s, out); };
struct as_ranked {
  struct scratch {};
  void operator()(std::span<const ranked_input> c, std::size_t count, scratch&,
                  std::vector<std::uint32_t>& out) const {
    out.clear();
    for (std::uint32_t n = 0; n < c.size() && n < count; ++n) out.push_back(n);
  }
};
}  // namespace tailor::inline v0::recommend
#endif
