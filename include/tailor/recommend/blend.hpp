#ifndef TAILOR_RECOMMEND_BLEND_HPP
#define TAILOR_RECOMMEND_BLEND_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

#include "../core/int128.hpp"
#include "../core/topk.hpp"
#include "catalogue.hpp"
#include "context.hpp"
#include "filter.hpp"
#include "source.hpp"

namespace tailor::inline v0::recommend {

/// A source and how much it counts in a blend, in per cent; with 0 it says nothing.
template <class Source>
struct weighted {
  static_assert(candidate_source<Source>,
                "weighted<Source>: Source needs  candidates, explain, kind, bits, digest and a "
                "scratch  [recommend::candidate_source]");
  Source source;
  std::uint32_t percent = 100;
};
template <class Source>
weighted(Source) -> weighted<Source>;
template <class Source, class N>
weighted(Source, N) -> weighted<Source>;

/// The unit of blended scores: 2^-score_bits. 1 is the best of a source that counts 100 per cent.
inline constexpr int score_bits = 32;

/// What a source says for an item, in units of blended scores: its score as a share of the source's
/// best, times how much the source counts. Rounded down. Precondition: 0 < score <= best.
[[nodiscard]] constexpr std::int64_t share_of(std::int64_t score, std::int64_t best,
                                              std::uint32_t percent) {
  const int128 share = (int128{score} << score_bits) / best;
  return held(share * percent / 100);
}

/// A blended score after a boost. Rounded down, but what counted at all still does.
[[nodiscard]] constexpr std::int64_t boosted(std::int64_t score, std::uint32_t percent) {
  const std::int64_t out = held(int128{score} * percent / 100);
  return score > 0 && out == 0 ? 1 : out;
}

namespace detail {

/// What a source said of an item.
struct offered {
  item_id item{};
  std::int64_t score = 0;
  std::uint32_t source = 0;
  friend constexpr bool operator<(const offered& a, const offered& b) { return a.item < b.item; }
};

/// An item with all that a blend says for it.
struct blended {
  item_id item{};
  std::int64_t score = 0;       // boosts included
  std::int64_t plain = 0;       // without them
  std::uint32_t strongest = 0;  // source
  std::uint64_t from = 0;       // a bit for each source that counts
  std::uint32_t stage = 0;
  strategy reason = strategy::custom;
  bool buried = false;
};

}  // namespace detail

/// Several sources in one list: scores are made comparable by the best that each source has here,
/// weighted and added up. Each source brings its `pool` best. An item that a source names twice
/// counts once, by its best score.
template <class... Sources>
class blend {
  static_assert(sizeof...(Sources) > 0 && sizeof...(Sources) <= 64,
                "blend<Sources...>: needs 1 to 64 sources");

 public:
  static constexpr std::size_t size = sizeof...(Sources);
  /// Filters that this stage of a slot obeys; see `unfiltered`.
  static constexpr obeys filters = obeys::all;

  struct scratch {
    std::tuple<typename Sources::scratch...> own;
    top_k<std::int64_t, detail::offered> best;
    std::vector<detail::offered> offers;
  };

  explicit blend(weighted<Sources>... sources) : sources_(std::move(sources)...) {}

  /// What this stage of a slot may propose in a context, as `f(item)`; see `like_page`.
  template <catalogue Catalogue>
  [[nodiscard]] auto admitted(const context&, const Catalogue&) const {
    return [](item_id) { return true; };
  }

  /// Appends to `out` what the sources propose and `keep(item)` lets stay, ascending by item.
  /// `key(item, score)` ranks within a source; it is at most `score` times `most_percent` / 100,
  /// rounded up. `bests`, of `size` elements, gets the best score that each source brings; 0: none.
  template <class Keep, class Key>
  void collect(const context& c, std::size_t pool, std::int64_t most_percent, const Keep& keep,
               const Key& key, scratch& s, std::int64_t* bests,
               std::vector<detail::blended>& out) const {
    s.offers.clear();
    for_each(
        [&](std::size_t n, const auto& source, auto& own) {
          s.best.reset(pool);
          source.source.candidates(c, own, [&](item_id item, std::int64_t score) {
            if (score <= 0 || item == no_item) return;
            if (s.best.is_hopeless(at_most(score, most_percent))) return;
            const std::int64_t rank = key(item, score);
            if (s.best.is_hopeless(rank) || !keep(item)) return;
            s.best.push(rank, {item, score, static_cast<std::uint32_t>(n)});
          });
          bests[n] = 0;
          for (const auto& b : s.best.take()) {
            s.offers.push_back(b.id);
            bests[n] = (std::max)(bests[n], b.id.score);
          }
        },
        s.own);
    std::sort(s.offers.begin(), s.offers.end(), [](const auto& a, const auto& b) {
      if (a.item != b.item) return a.item < b.item;
      return a.source != b.source ? a.source < b.source : a.score > b.score;
    });
    const std::array<std::uint32_t, size> percents = percents_of_all();
    for (std::size_t n = 0; n < s.offers.size();) {
      detail::blended sum{.item = s.offers[n].item};
      std::int64_t most = -1;
      for (; n < s.offers.size() && s.offers[n].item == sum.item; ++n) {
        const detail::offered& o = s.offers[n];
        const std::uint64_t bit = std::uint64_t{1} << o.source;
        if ((sum.from & bit) != 0) continue;  // named twice
        const std::int64_t share = share_of(o.score, bests[o.source], percents[o.source]);
        sum.score = held(int128{sum.score} + share);
        if (share > most) sum.strongest = o.source;
        sum.from |= bit;
        most = (std::max)(most, share);
      }
      if (sum.score > 0) out.push_back(sum);
    }
  }

  /// Calls `f(n, weighted source, its scratch)` for each source in order.
  template <class F>
  void for_each(F&& f, std::tuple<typename Sources::scratch...>& own) const {
    std::apply(
        [&](const auto&... source) {
          std::apply(
              [&](auto&... memory) {
                std::size_t n = 0;
                (f(n++, source, memory), ...);
              },
              own);
        },
        sources_);
  }

  [[nodiscard]] strategy kind_of(std::size_t source) const {
    strategy out = strategy::custom;
    std::size_t n = 0;
    std::apply(
        [&](const auto&... s) { ((n++ == source ? void(out = s.source.kind()) : void()), ...); },
        sources_);
    return out;
  }

 private:
  [[nodiscard]] static constexpr std::int64_t at_most(std::int64_t score, std::int64_t percent) {
    if (percent == 100) return score;
    return percent == INT64_MAX ? percent : held(int128{score} * percent / 100 + 1);
  }
  [[nodiscard]] std::array<std::uint32_t, size> percents_of_all() const {
    return std::apply(
        [](const auto&... s) { return std::array<std::uint32_t, size>{s.percent...}; }, sources_);
  }

  std::tuple<weighted<Sources>...> sources_;
};

/// A blend that fills what is left although it is not what was asked for: as a stage of a slot it
/// obeys the filters that deny (see `always_holds`), not those that narrow.
template <class Blend>
class unfiltered : public Blend {
 public:
  static constexpr obeys filters = obeys::denials;

  explicit unfiltered(Blend what) : Blend(std::move(what)) {}
};

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_BLEND_HPP
