#ifndef TAILOR_RECOMMEND_LISTS_BY_HPP
#define TAILOR_RECOMMEND_LISTS_BY_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "../core/hash.hpp"
#include "../core/result.hpp"
#include "list_of.hpp"

namespace tailor::inline v0::recommend {

/// Says which of several lists a context is for: `k(context)`, 0 for none. The category of the
/// page, the one that a search means, the shopper's country. Must depend on the context alone.
template <class K>
concept context_key = requires(const K& k, const context& c) {
  { k(c) } -> std::convertible_to<std::uint64_t>;
};

/// Proposes the list that is kept for the key of the context: what trends in a category, what sells
/// in a country. Holds its own copies. A context without key, or with one that has no list, gets
/// nothing.
template <class Key>
class lists_by {
  static_assert(context_key<Key>,
                "lists_by<Key>: Key needs  std::uint64_t operator()(const context&) const  "
                "[recommend::context_key]");

 public:
  using scratch = list_of::scratch;
  using keyed = std::pair<std::uint64_t, list_of>;

  /// duplicate: a key twice; out_of_range: the key 0. `at` is the index of the second, of that one.
  [[nodiscard]] static result<lists_by> make(Key key, std::vector<keyed> lists, strategy kind) {
    std::vector<std::pair<std::uint64_t, std::size_t>> order;
    order.reserve(lists.size());
    for (std::size_t n = 0; n < lists.size(); ++n) {
      if (lists[n].first == 0) return error{errc::out_of_range, "list key", n};
      order.emplace_back(lists[n].first, n);
    }
    std::sort(order.begin(), order.end());
    lists_by out(std::move(key), kind);
    out.lists_.reserve(lists.size());
    for (std::size_t n = 0; n < order.size(); ++n) {
      if (n > 0 && order[n].first == order[n - 1].first) {
        return error{errc::duplicate, "list key", order[n].second};
      }
      out.lists_.push_back(std::move(lists[order[n].second]));
      const keyed& list = out.lists_.back();
      out.digest_ = mix64(mix64(out.digest_ ^ list.first) + list.second.digest());
    }
    return out;
  }

  template <class F>
  void candidates(const context& c, scratch& s, F&& f) const {
    if (const list_of* list = find(c)) list->candidates(c, s, f);
  }
  template <class F>
  void explain(const context& c, item_id item, scratch& s, F&& f) const {
    if (const list_of* list = find(c)) list->explain(c, item, s, f);
  }

  [[nodiscard]] strategy kind() const { return kind_; }
  [[nodiscard]] int bits() const { return list_of().bits(); }
  [[nodiscard]] std::uint64_t digest() const { return digest_; }

 private:
  lists_by(Key key, strategy kind) : key_(std::move(key)), kind_(kind) {}

  [[nodiscard]] const list_of* find(const context& c) const {
    const std::uint64_t key = key_(c);
    const auto at = std::lower_bound(lists_.begin(), lists_.end(), key,
                                     [](const keyed& l, std::uint64_t k) { return l.first < k; });
    return key == 0 || at == lists_.end() || at->first != key ? nullptr : &at->second;
  }

  [[no_unique_address]] Key key_;
  std::vector<keyed> lists_;  // ascending
  std::uint64_t digest_ = 1;
  strategy kind_;
};

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_LISTS_BY_HPP
