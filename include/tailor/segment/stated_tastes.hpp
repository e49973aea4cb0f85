#ifndef TAILOR_SEGMENT_STATED_TASTES_HPP
#define TAILOR_SEGMENT_STATED_TASTES_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/ids.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"

namespace tailor::inline v0::segment {

/// What a shopper said he likes, of one attribute, and for how long it counts.
struct stated_taste {
  std::uint64_t value = 0;
  timestamp from{};
  timestamp until{};  ///< from then on it does not count

  friend constexpr auto operator<=>(const stated_taste&, const stated_taste&) = default;
};

/// What shoppers answered when they were asked: the quiz, the sizes in the profile. Answers count
/// for a while, then behaviour speaks alone; pass those of the moment to `affinity::explain`.
/// Memory: 24 bytes per answer, and a node per shopper and attribute. Obeys the laws of a
/// statistic: the answers of all times are kept, whichever came first, until they are pruned.
class stated_tastes {
 public:
  static constexpr const char* section = "stated tastes";
  static constexpr std::uint32_t format = 1;
  static constexpr std::size_t max_answers = 10;  ///< to one attribute, that count at one moment

  /// Takes an answer. full: with it more than max_answers would count at one moment; out_of_range:
  /// it never counts; nothing changes then. An equal answer counts once.
  status state(user_id user, std::uint32_t attribute, const stated_taste& t) {
    if (!(t.from < t.until)) return error{errc::out_of_range, "until"};
    const auto found = answers_.find({user, attribute});
    std::vector<stated_taste> all;
    if (found != answers_.end()) all = found->second;
    const auto at = std::lower_bound(all.begin(), all.end(), t);
    if (at != all.end() && *at == t) return {};
    all.insert(at, t);
    if (most_at_once(all) > max_answers) return errc::full;
    answers_[{user, attribute}] = std::move(all);
    return {};
  }
  /// Takes an equal answer back. unknown when there is none.
  status take_back(user_id user, std::uint32_t attribute, const stated_taste& t) {
    const auto found = answers_.find({user, attribute});
    if (found == answers_.end()) return errc::unknown;
    std::vector<stated_taste>& all = found->second;
    const auto at = std::lower_bound(all.begin(), all.end(), t);
    if (at == all.end() || *at != t) return errc::unknown;
    all.erase(at);
    if (all.empty()) answers_.erase(found);
    return {};
  }

  /// The values that count at `now`, ascending, each once.
  void values_of(user_id user, std::uint32_t attribute, timestamp now,
                 std::vector<std::uint64_t>& out) const {
    out.clear();
    const auto found = answers_.find({user, attribute});
    if (found == answers_.end()) return;
    for (const stated_taste& t : found->second) {
      if (t.from <= now && now < t.until) out.push_back(t.value);
    }
    out.erase(std::unique(out.begin(), out.end()), out.end());
  }

  /// All answers to an attribute, ascending, also those that do not count now: for `weights_of`,
  /// and to take back. Valid until the next change.
  [[nodiscard]] std::span<const stated_taste> answers_of(user_id user,
                                                         std::uint32_t attribute) const {
    const auto found = answers_.find({user, attribute});
    if (found == answers_.end()) return {};
    return found->second;
  }

  /// Afterwards equal to a state that never heard the shopper.
  void forget(user_id user) {
    const auto begin = answers_.lower_bound({user, 0});
    auto end = begin;
    while (end != answers_.end() && end->first.first == user) ++end;
    answers_.erase(begin, end);
  }
  /// Drops what no longer counts at `now`. Cost: O(answers).
  void prune(timestamp now) {
    for (auto at = answers_.begin(); at != answers_.end();) {
      std::erase_if(at->second, [now](const stated_taste& t) { return t.until <= now; });
      at = at->second.empty() ? answers_.erase(at) : std::next(at);
    }
  }
  /// Adds the answers of another shard, all or none. full as in `state`.
  status merge(const stated_tastes& other) {
    stated_tastes sum = *this;
    for (const auto& [key, all] : other.answers_) {
      for (const stated_taste& t : all) {
        if (const status s = sum.state(key.first, key.second, t); !s) return s;
      }
    }
    *this = std::move(sum);
    return {};
  }

  [[nodiscard]] bool empty() const { return answers_.empty(); }
  friend bool operator==(const stated_tastes&, const stated_tastes&) = default;

  /// Bytes that `encode` writes.
  [[nodiscard]] std::size_t encoded_size() const {
    std::size_t size = 8;
    for (const auto& [key, all] : answers_) size += 20 + 24 * all.size();
    return size;
  }
  void encode(byte_writer& out) const {
    out.u64(answers_.size());
    for (const auto& [key, all] : answers_) {
      out.u64(raw(key.first));
      out.u32(key.second);
      out.u64(all.size());
      for (const stated_taste& t : all) {
        out.u64(t.value);
        out.i64(t.from.us);
        out.i64(t.until.us);
      }
    }
  }
  /// truncated or corrupt with the place when it is not what `encode` writes.
  [[nodiscard]] static result<stated_tastes> decode(byte_reader& in) {
    stated_tastes out;
    const std::uint64_t count = in.u64();
    std::pair<user_id, std::uint32_t> last{};
    for (std::uint64_t n = 0; n < count && in.ok(); ++n) {
      const std::pair key{user_id{in.u64()}, in.u32()};
      const std::uint64_t size = in.u64();
      if (in.ok() && ((n > 0 && !(last < key)) || size == 0 || size > in.remaining() / 24)) {
        return error{errc::corrupt, "stated tastes", in.offset()};
      }
      last = key;
      std::vector<stated_taste> all;
      all.reserve(in.ok() ? static_cast<std::size_t>(size) : 0);
      bool good = true;
      for (std::uint64_t k = 0; k < size && in.ok() && good; ++k) {
        const stated_taste t{in.u64(), timestamp{in.i64()}, timestamp{in.i64()}};
        good = t.from < t.until && (k == 0 || all.back() < t);
        all.push_back(t);
      }
      if (in.ok() && !(good && most_at_once(all) <= max_answers)) {
        return error{errc::corrupt, "stated taste", in.offset()};
      }
      out.answers_.emplace_hint(out.answers_.end(), key, std::move(all));
    }
    if (!in.ok()) return in.error();
    return out;
  }

 private:
  /// How many answers count at the fullest moment. Cost: O(answers · log).
  [[nodiscard]] static std::size_t most_at_once(const std::vector<stated_taste>& all) {
    std::vector<std::pair<timestamp, int>> turns;  // ends come before begins of the same moment
    turns.reserve(2 * all.size());
    for (const stated_taste& t : all) {
      turns.emplace_back(t.from, 1);
      turns.emplace_back(t.until, -1);
    }
    std::sort(turns.begin(), turns.end());
    std::size_t most = 0, count = 0;
    for (const auto& turn : turns) {
      count = turn.second > 0 ? count + 1 : count - 1;
      most = (std::max)(most, count);
    }
    return most;
  }

  std::map<std::pair<user_id, std::uint32_t>, std::vector<stated_taste>> answers_;
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_STATED_TASTES_HPP
