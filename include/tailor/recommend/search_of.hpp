#ifndef TAILOR_RECOMMEND_SEARCH_OF_HPP
#define TAILOR_RECOMMEND_SEARCH_OF_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "answers_of.hpp"

namespace tailor::inline v0::recommend {

/// Knows which items fit words: `m.matches(words, count, scratch, out)` fills a vector of
/// `answered` with at most `count` items, scores above 0, more is better. Words are the host's
/// numbers, in the order in which they were typed; unknown ones are none. `M::scratch` is the
/// memory it works in; `m.digest()`, where there is one, stands for it. Must be pure and safe to
/// ask from several threads.
template <class M>
concept word_index = requires(const M& m, std::span<const std::uint64_t> words, std::size_t count,
                              typename M::scratch& s,
                              std::vector<answered>& out) { m.matches(words, count, s, out); };

/// Answers a search that found nothing with what comes near, as an answerer: of all its words, or
/// of some. Refers to the index, which has to outlive it. No query, no answer; later stages of the
/// slot say what then.
template <class Index>
class search_of {
  static_assert(word_index<Index>,
                "search_of<Index>: Index needs  using scratch = ...;  and  void "
                "matches(std::span<const std::uint64_t>, std::size_t count, scratch&, "
                "std::vector<answered>&) const  [recommend::word_index]");

 public:
  using scratch = typename Index::scratch;

  explicit search_of(const Index& index, std::size_t count = 200) : index_(&index), count_(count) {}

  void operator()(const context& c, scratch& s, std::vector<answered>& out) const {
    if (!c.query.empty()) index_->matches(c.query, count_, s, out);
  }
  [[nodiscard]] std::uint64_t digest() const {
    if constexpr (requires {
                    { index_->digest() } -> std::same_as<std::uint64_t>;
                  }) {
      return index_->digest();
    } else {
      return 0;
    }
  }

 private:
  const Index* index_;
  std::size_t count_;
};

/// What comes near to a search that found nothing.
template <word_index Index>
[[nodiscard]] answers_of<search_of<Index>> search_recovery(const Index& index) {
  return answers_of<search_of<Index>>(search_of<Index>(index), strategy::search_recovery);
}

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_SEARCH_OF_HPP
