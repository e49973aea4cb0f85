#ifndef TAILOR_RECOMMEND_LIKE_PAGE_HPP
#define TAILOR_RECOMMEND_LIKE_PAGE_HPP

#include <cstdint>
#include <utility>

#include "blend.hpp"
#include "catalogue.hpp"
#include "context.hpp"

namespace tailor::inline v0::recommend {

/// A blend that keeps to what the page is about: as a stage of a slot it proposes only items that
/// have the main value of the page's first item. Stages of a wider attribute each loosen a category
/// step by step: what is of the same shelf first, then of the same aisle, and nothing of another
/// department, so that places may stay free. Where the page is about nothing, or its item has no
/// value of the attribute, it proposes nothing. Unlike the filter `same_as_page` it holds for one
/// stage alone.
template <class Blend>
class like_page : public Blend {
 public:
  like_page(attribute of, Blend what) : Blend(std::move(what)), of_(of) {}

  template <catalogue Catalogue>
  [[nodiscard]] auto admitted(const context& c, const Catalogue& known) const {
    const std::uint64_t wanted = c.page.empty() ? 0 : known.value(c.page.front(), of_);
    return [wanted, of = of_, &known, wrapped = Blend::admitted(c, known)](item_id item) {
      return wanted != 0 && known.has(item, of, wanted) && wrapped(item);
    };
  }

 private:
  attribute of_;
};

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_LIKE_PAGE_HPP
