#ifndef TAILOR_RECOMMEND_ANSWERS_OF_HPP
#define TAILOR_RECOMMEND_ANSWERS_OF_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "source.hpp"

namespace tailor::inline v0::recommend {

/// An item with a floating score, as a model's own question gives it.
struct answered {
  item_id item{};
  double score = 0;
};

/// Asks a model whose question is not one of seeds: `a(context, scratch, out)` fills a vector of
/// `answered`, in any order, and `A::scratch` is the memory it works in; `a.digest()`, where there
/// is one, stands for its model. Sessions, next baskets, what is due again, a search in the
/// catalogue: a lambda will not do, a struct of two lines will.
template <class A>
concept answerer = requires(const A& a, const context& c, typename A::scratch& s,
                            std::vector<answered>& out) { a(c, s, out); };

/// Proposes what an answerer says. Its parts are not known, so each score is one part. Scores are
/// in units of 2^-24, held below 2^62; those of 0 or less, of no number and of repeated items (all
/// but the best) do not count. Cost: an answer, also to explain one item.
template <class Answerer>
class answers_of {
  static_assert(answerer<Answerer>,
                "answers_of<Answerer>: Answerer needs  using scratch = ...;  and  void "
                "operator()(const context&, scratch&, std::vector<answered>&) const  "
                "[recommend::answerer]");

 public:
  struct scratch {
    typename Answerer::scratch own;
    std::vector<answered> answers;
  };

  /// `digest`: of its model, where the answerer does not tell.
  explicit answers_of(Answerer answerer, strategy kind = strategy::custom, std::uint64_t digest = 0)
      : answerer_(std::move(answerer)), digest_(digest), kind_(kind) {}

  template <class F>
  void candidates(const context& c, scratch& s, F&& f) const {
    ask(c, s);
    for (const answered& a : s.answers) f(a.item, units_of(a));
  }
  template <class F>
  void explain(const context& c, item_id item, scratch& s, F&& f) const {
    ask(c, s);
    for (const answered& a : s.answers) {
      if (a.item == item) f(part{no_item, seed_reason::none, 1, units_of(a), {}});
    }
  }

  [[nodiscard]] strategy kind() const { return kind_; }
  [[nodiscard]] int bits() const { return 24; }
  [[nodiscard]] std::uint64_t digest() const {
    if constexpr (requires {
                    { answerer_.digest() } -> std::same_as<std::uint64_t>;
                  }) {
      return answerer_.digest();
    } else {
      return digest_;
    }
  }

 private:
  [[nodiscard]] static std::int64_t units_of(const answered& a) {
    return in_units(a.score, 24, std::int64_t{1} << 62);
  }
  void ask(const context& c, scratch& s) const {
    s.answers.clear();
    answerer_(c, s.own, s.answers);
    std::erase_if(s.answers, [](const answered& a) { return units_of(a) <= 0; });
    std::sort(s.answers.begin(), s.answers.end(), [](const answered& a, const answered& b) {
      return a.item != b.item ? a.item < b.item : a.score > b.score;
    });
    const auto same = [](const answered& a, const answered& b) { return a.item == b.item; };
    s.answers.erase(std::unique(s.answers.begin(), s.answers.end(), same), s.answers.end());
  }

  [[no_unique_address]] Answerer answerer_;
  std::uint64_t digest_;
  strategy kind_;
};

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_ANSWERS_OF_HPP
