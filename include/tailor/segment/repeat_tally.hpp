#ifndef TAILOR_SEGMENT_REPEAT_TALLY_HPP
#define TAILOR_SEGMENT_REPEAT_TALLY_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/result.hpp"

namespace tailor::inline v0::segment {

/// When a shopper bought, in ticks since the first purchase.
struct repeat_key {
  std::int64_t repeats = 0;
  std::int64_t last = 0;
  std::int64_t age = 0;

  [[nodiscard]] constexpr bool sound() const {
    return repeats >= 0 && last >= 0 && last <= age && (repeats > 0 || last == 0);
  }
  friend constexpr auto operator<=>(const repeat_key&, const repeat_key&) = default;

  static constexpr std::size_t bytes = 3 * 8;
  void encode(byte_writer& out) const {
    out.i64(repeats);
    out.i64(last);
    out.i64(age);
  }
  static repeat_key decode(byte_reader& in) {
    repeat_key key;
    key.repeats = in.i64();
    key.last = in.i64();
    key.age = in.i64();
    return key;
  }
};

/// What a shopper paid for how many purchases after the first, minor units.
struct spend_key {
  std::int64_t repeats = 0;
  std::int64_t value = 0;

  [[nodiscard]] constexpr bool sound() const { return repeats > 0; }
  friend constexpr auto operator<=>(const spend_key&, const spend_key&) = default;

  static constexpr std::size_t bytes = 2 * 8;
  void encode(byte_writer& out) const {
    out.i64(repeats);
    out.i64(value);
  }
  static spend_key decode(byte_reader& in) {
    spend_key key;
    key.repeats = in.i64();
    key.value = in.i64();
    return key;
  }
};

/// How many shoppers have which key: a multiset that adds, subtracts and compares. `Key` is one of
/// the two above. Memory: about 70 bytes per distinct key.
template <class Key>
class repeat_tally {
 public:
  repeat_tally() = default;

  /// Counts keys, which are sorted for that. Cost: O(n log n). Precondition: all are sound.
  [[nodiscard]] static repeat_tally of(std::vector<Key> keys) {
    std::sort(keys.begin(), keys.end());
    repeat_tally out;
    for (std::size_t i = 0; i < keys.size();) {
      std::size_t end = i + 1;
      while (end < keys.size() && keys[end] == keys[i]) ++end;
      out.counts_.emplace_hint(out.counts_.end(), keys[i], static_cast<std::int64_t>(end - i));
      i = end;
    }
    out.shoppers_ = static_cast<std::int64_t>(keys.size());
    return out;
  }

  /// Keys with how many shoppers have them, ascending.
  [[nodiscard]] const std::map<Key, std::int64_t>& counts() const { return counts_; }
  [[nodiscard]] std::size_t size() const { return counts_.size(); }
  [[nodiscard]] std::int64_t shoppers() const { return shoppers_; }

  /// out_of_range when the key cannot be. Cost: O(log keys), as the next.
  status observe(const Key& key) {
    if (!key.sound()) return error{errc::out_of_range, "key"};
    ++counts_[key];
    ++shoppers_;
    return {};
  }
  /// unknown when nobody has the key: nothing changes then.
  status retract(const Key& key) {
    const auto at = counts_.find(key);
    if (at == counts_.end()) return errc::unknown;
    if (--at->second == 0) counts_.erase(at);
    --shoppers_;
    return {};
  }

  /// Adds the other's counts. overflow when there would be 2^63 shoppers: nothing changes then.
  status merge(const repeat_tally& other) {
    if (other.shoppers_ > INT64_MAX - shoppers_) return errc::overflow;
    if (&other == this) return merge(repeat_tally(other));
    for (const auto& [key, count] : other.counts_) counts_[key] += count;
    shoppers_ += other.shoppers_;
    return {};
  }
  /// Takes the other's counts away. unknown when it has a key more often: nothing changes then.
  status subtract(const repeat_tally& other) {
    for (const auto& [key, count] : other.counts_) {
      const auto at = counts_.find(key);
      if (at == counts_.end() || at->second < count) return errc::unknown;
    }
    if (&other == this) {
      *this = {};
      return {};
    }
    for (const auto& [key, count] : other.counts_) {
      const auto at = counts_.find(key);
      at->second -= count;
      if (at->second == 0) counts_.erase(at);
    }
    shoppers_ -= other.shoppers_;
    return {};
  }

  friend bool operator==(const repeat_tally&, const repeat_tally&) = default;

  void encode(byte_writer& out) const {
    out.u64(counts_.size());
    for (const auto& [key, count] : counts_) {
      key.encode(out);
      out.i64(count);
    }
  }
  [[nodiscard]] static result<repeat_tally> decode(byte_reader& in) {
    const std::uint64_t keys = in.u64();
    if (in.ok() && keys > in.remaining() / (Key::bytes + 8)) in.fail(errc::truncated, "counts");
    if (!in.ok()) return in.error();
    repeat_tally out;
    for (std::uint64_t n = 0; n < keys; ++n) {
      const Key key = Key::decode(in);
      const std::int64_t count = in.i64();
      const bool after = out.counts_.empty() || out.counts_.rbegin()->first < key;
      if (!after || !key.sound() || count <= 0 || count > INT64_MAX - out.shoppers_) {
        return error{errc::corrupt, "count", in.offset()};
      }
      out.counts_.emplace_hint(out.counts_.end(), key, count);
      out.shoppers_ += count;
    }
    return out;
  }

 private:
  std::map<Key, std::int64_t> counts_;
  std::int64_t shoppers_ = 0;
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_REPEAT_TALLY_HPP
