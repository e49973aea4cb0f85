#ifndef TAILOR_SEGMENT_MEMBERSHIPS_HPP
#define TAILOR_SEGMENT_MEMBERSHIPS_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

#include "../core/contract.hpp"
#include "../core/executor.hpp"
#include "../core/ids.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "../events/event.hpp"
#include "../events/timeline.hpp"
#include "audience.hpp"
#include "membership_change.hpp"
#include "segment_book.hpp"
#include "segment_reader.hpp"
#include "standing.hpp"
#include "wake_queue.hpp"

namespace tailor::inline v0::segment {

/// Who is in which segment, kept up with every event and with the clock. Derived from the timeline:
/// name it after the timeline in `dispatch`; after loading or bulk ingestion call `rebuild`.
///
/// Its clock moves by `advance` alone, so an event later than the clock has not happened yet. Every
/// moment at which somebody enters or leaves is told exactly, however far the clock moves at once.
/// Memory: a bit per segment and some 12 bytes for each shopper. Refers to book and timeline, which
/// have to outlive it. Not for several threads at once.
template <change_listener Listener = unheard>
class memberships {
 public:
  /// As of `now`, without telling anybody of who is in already.
  memberships(const segment_book& book, const events::timeline& history, timestamp now,
              Listener listener = {})
      : book_(&book),
        history_(&history),
        words_((book.size() + 63) / 64),
        listener_(std::move(listener)) {
    woken_.resize(256 * words_);
    for (std::size_t kind = 0; kind < 256; ++kind) {
      for (std::uint32_t s = 0; s < book.size(); ++s) {
        if (!book.wakes(s, static_cast<events::event_kind>(kind))) continue;
        woken_[kind * words_ + s / 64] |= std::uint64_t{1} << s % 64;
      }
    }
    readers_.emplace_back(book, history);
    rebuild(now);
  }

  [[nodiscard]] const segment_book& book() const { return *book_; }
  [[nodiscard]] timestamp now() const { return now_; }
  [[nodiscard]] const Listener& listener() const { return listener_; }

  // --- keeping up ------------------------------------------------------------------------------

  /// Moves the clock, and tells of everybody who enters or leaves until then, by moment, shopper
  /// and segment. too_early when it would go back: nothing changes then; ask a segment_reader about
  /// the past. The same for any executor. Cost: O(1) when nobody is due, else O(those who are due).
  template <executor Executor = serial_executor>
  status advance(timestamp now, Executor&& pool = {}) {
    if (now < now_) return error{errc::too_early, "clock"};
    now_ = now;
    queue_.take_due(now, due_);
    if (due_.empty()) return {};
    while (readers_.size() < pool.concurrency()) readers_.emplace_back(*book_, *history_);
    constexpr std::size_t grain = 512;
    std::vector<std::vector<membership_change>> found((due_.size() + grain - 1) / grain);
    pool.for_each_chunk(due_.size(), grain,
                        [&](std::size_t from, std::size_t to, std::size_t worker) {
                          for (std::size_t i = from; i < to; ++i) {
                            catch_up(due_[i], readers_[worker], found[from / grain]);
                          }
                        });
    for (const wake_queue::entry& d : due_) queue_.set(d.handle, d.at);
    changes_.clear();
    for (const auto& part : found) changes_.insert(changes_.end(), part.begin(), part.end());
    std::sort(changes_.begin(), changes_.end(), [](const auto& a, const auto& b) {
      return std::tie(a.at, a.user, a.segment) < std::tie(b.at, b.user, b.segment);
    });
    tell();
    return {};
  }

  /// An event that the timeline has taken. Cost: O(segments that such an event may change · their
  /// tests · events of the shopper).
  void observe(const events::event& e) { look_again(e.user, &e); }
  /// An event that the timeline has given back.
  void retract(const events::event& e) { look_again(e.user, &e); }
  /// A property or consent of the shopper is another now.
  void changed(user_id user) { look_again(user, nullptr); }

  /// Without a word to the listener. Before or after the timeline forgets; O(shoppers) after.
  void forget(user_id user) {
    if (const auto shopper = history_->find_shopper(user)) {
      if (*shopper < known_.size()) drop(*shopper);
      return;
    }
    for_each_lost([&](std::uint32_t h) { drop(h); });
  }

  /// From the timeline, as of `now`: after bulk ingestion, a merge, or when models or all
  /// properties have changed. The clock may go back. Tells nobody.
  template <executor Executor = serial_executor>
  void rebuild(timestamp now, Executor&& pool = {}) {
    now_ = now;
    queue_.clear();
    bits_.clear();
    known_.clear();
    sizes_.assign(book_->size(), 0);
    grow();
    while (readers_.size() < pool.concurrency()) readers_.emplace_back(*book_, *history_);
    const std::size_t n = known_.size();
    std::vector<timestamp> next(n, never);
    pool.for_each_chunk(n, 512, [&](std::size_t from, std::size_t to, std::size_t worker) {
      for (std::size_t i = from; i < to; ++i) {
        const auto h = static_cast<std::uint32_t>(i);
        if (history_->lines_of(h).empty()) continue;
        readers_[worker].look_at(h, now);
        next[i] = judge_all(h, readers_[worker], [](std::uint32_t, bool) {});
        known_[i] = 1;
      }
    });
    for (std::uint32_t h = 0; h < n; ++h) {
      if (next[h] != never) queue_.set(h, next[h]);
      for_each_bit(h, [&](std::uint32_t s) { ++sizes_[s]; });
    }
  }

  // --- asking ----------------------------------------------------------------------------------

  [[nodiscard]] bool is_in(std::uint32_t segment, user_id user) const {
    TAILOR_EXPECTS(segment < book_->size());
    const auto h = history_->find_shopper(user);
    return h && *h < known_.size() && (bits_[*h * words_ + segment / 64] >> segment % 64 & 1) != 0;
  }
  /// Ascending.
  [[nodiscard]] std::vector<std::uint32_t> segments_of(user_id user) const {
    std::vector<std::uint32_t> out;
    const auto h = history_->find_shopper(user);
    if (h && *h < known_.size()) for_each_bit(*h, [&](std::uint32_t s) { out.push_back(s); });
    return out;
  }
  /// Members, counted. For the host's own eyes; see audience::size for others'.
  [[nodiscard]] std::int64_t size(std::uint32_t segment) const { return sizes_[segment]; }
  /// Cost: O(shoppers).
  [[nodiscard]] audience members(std::uint32_t segment) const {
    TAILOR_EXPECTS(segment < book_->size());
    std::vector<user_id> out;
    for (std::uint32_t h = 0; h < known_.size(); ++h) {
      if ((bits_[h * words_ + segment / 64] >> segment % 64 & 1) != 0) {
        out.push_back(history_->shopper_at(h));
      }
    }
    return audience(std::move(out));
  }
  /// When the shopper is looked at next, were no event to come; `never` when the clock changes
  /// nothing for him. Nothing changes before it.
  [[nodiscard]] timestamp wakes_at(user_id user) const {
    const auto h = history_->find_shopper(user);
    return h ? queue_.of(*h) : never;
  }
  /// Memory held, in bytes, without the allocator's own.
  [[nodiscard]] std::size_t bytes() const {
    return bits_.capacity() * 8 + known_.capacity() + queue_.bytes();
  }

 private:
  void grow() {
    const std::size_t n = history_->shopper_limit();
    if (n <= known_.size()) return;
    known_.resize(n);
    bits_.resize(n * words_);
    queue_.grow(n);
  }

  template <class F>
  void for_each_bit(std::size_t h, F&& f) const {
    for (std::size_t w = 0; w < words_; ++w) {
      for (std::uint64_t rest = bits_[h * words_ + w]; rest != 0; rest &= rest - 1) {
        f(static_cast<std::uint32_t>(w * 64 + static_cast<unsigned>(std::countr_zero(rest))));
      }
    }
  }

  /// Sets the bits of the segments in `mask` (null: all) to what they are for the shopper that the
  /// reader looks at, calls `f(segment, is)` for those that change, and returns until when they
  /// stay.
  template <class F>
  timestamp judge_all(std::uint32_t h, segment_reader& reader, F&& f,
                      const std::uint64_t* mask = nullptr) {
    timestamp until = never;
    for (std::size_t w = 0; w < words_; ++w) {
      const std::uint64_t all = book_->size() - w * 64 >= 64
                                    ? ~std::uint64_t{0}
                                    : (std::uint64_t{1} << book_->size() % 64) - 1;
      std::uint64_t& bits = bits_[h * words_ + w];
      for (std::uint64_t rest = mask != nullptr ? mask[w] : all; rest != 0; rest &= rest - 1) {
        const auto bit = static_cast<unsigned>(std::countr_zero(rest));
        const auto s = static_cast<std::uint32_t>(w * 64 + bit);
        const truth v = reader.is_in(s);
        until = (std::min)(until, v.until);
        const std::uint64_t differs = (bits >> bit & 1) ^ std::uint64_t{v.is};
        if (differs == 0) continue;
        bits ^= differs << bit;
        f(s, v.is);
      }
    }
    return until;
  }

  /// Through every moment at which something may change, until now.
  void catch_up(wake_queue::entry& due, segment_reader& reader,
                std::vector<membership_change>& found) {
    const user_id user = history_->shopper_at(due.handle);
    while (due.at <= now_ && due.at != never) {
      const timestamp at = due.at;
      reader.look_at(due.handle, at);
      due.at = judge_all(due.handle, reader,
                         [&](std::uint32_t s, bool is) { found.push_back({at, user, s, is}); });
    }
  }

  /// After that event; null: after anything.
  void look_again(user_id user, const events::event* e) {
    changes_.clear();
    const auto note = [&](std::uint32_t s, bool is) { changes_.push_back({now_, user, s, is}); };
    if (const auto h = history_->find_shopper(user)) {
      grow();
      readers_[0].look_at(*h, now_);
      // With the first event a shopper begins, and so do his stays, whatever its kind.
      const bool all = e == nullptr || known_[*h] == 0 || readers_[0].begins_after(e->at);
      const std::uint64_t* mask =
          all ? nullptr : &woken_[std::size_t{static_cast<std::uint8_t>(e->kind)} * words_];
      const timestamp until = judge_all(*h, readers_[0], note, mask);
      queue_.set(*h, all ? until : (std::min)(until, queue_.of(*h)));
      known_[*h] = 1;
    } else {
      for_each_lost([&](std::uint32_t lost) {
        for_each_bit(lost, [&](std::uint32_t s) { note(s, false); });
        drop_bits(lost);
      });
    }
    tell();
  }

  /// Those whose last event is gone, found by looking: it is rare.
  template <class F>
  void for_each_lost(F&& f) {
    for (std::uint32_t h = 0; h < known_.size(); ++h) {
      if (known_[h] != 0 && history_->lines_of(h).empty()) f(h);
    }
  }
  void drop(std::uint32_t h) {
    for_each_bit(h, [&](std::uint32_t s) { --sizes_[s]; });
    drop_bits(h);
  }
  void drop_bits(std::uint32_t h) {
    std::fill_n(bits_.begin() + static_cast<std::ptrdiff_t>(h * words_), words_, 0);
    queue_.set(h, never);
    known_[h] = 0;
  }

  void tell() {
    for (const membership_change& c : changes_) sizes_[c.segment] += c.entered ? 1 : -1;
    for (const membership_change& c : changes_) listener_(c);
  }

  std::vector<std::uint64_t> woken_;  // of each kind, the segments that it may change
  const segment_book* book_;
  const events::timeline* history_;
  std::size_t words_;
  Listener listener_;
  timestamp now_{};
  std::vector<std::uint64_t> bits_;
  std::vector<std::uint8_t> known_;
  std::vector<std::int64_t> sizes_;
  wake_queue queue_;
  std::vector<segment_reader> readers_;
  std::vector<wake_queue::entry> due_;
  std::vector<membership_change> changes_;
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_MEMBERSHIPS_HPP
