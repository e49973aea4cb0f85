#ifndef TAILOR_OFFER_TRIGGER_INBOX_HPP
#define TAILOR_OFFER_TRIGGER_INBOX_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/ids.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "trigger_notice.hpp"
#include "trigger_records.hpp"

namespace tailor::inline v0::offer::detail {

/// What the clock has not passed yet: a heap, first what happens first.
class trigger_inbox {
 public:
  [[nodiscard]] bool empty() const { return heap_.empty(); }
  [[nodiscard]] std::size_t size() const { return heap_.size(); }
  [[nodiscard]] std::size_t bytes() const { return heap_.capacity() * sizeof(happening); }
  /// Precondition: not empty.
  [[nodiscard]] timestamp next() const { return heap_.front().at; }

  void put(const happening& h) {
    heap_.push_back(h);
    std::push_heap(heap_.begin(), heap_.end(), happens_later{});
  }
  [[nodiscard]] happening take() {
    std::pop_heap(heap_.begin(), heap_.end(), happens_later{});
    const happening h = heap_.back();
    heap_.pop_back();
    return h;
  }

  /// Cost: O(all that waits).
  void forget(user_id user) {
    const auto of_user = [user](const happening& h) {
      return h.user == user && h.what >= happening::type::event;
    };
    if (std::erase_if(heap_, of_user) == 0) return;
    std::make_heap(heap_.begin(), heap_.end(), happens_later{});
  }

  void encode(byte_writer& out) const {
    std::vector<happening> all = heap_;
    std::sort(all.begin(), all.end(),
              [](const happening& a, const happening& b) { return rank_of(a) < rank_of(b); });
    out.u64(all.size());
    for (const happening& h : all) encode_happening(h, out);
  }
  /// What is told live does not wait behind the clock.
  [[nodiscard]] static trigger_inbox decode(byte_reader& in, timestamp clock) {
    trigger_inbox out;
    const std::uint64_t count = in.u64();
    for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
      const happening h = decode_happening(in);
      if (!in.ok()) break;
      const bool behind = h.from == origin::live && h.at < clock;
      // Ascending: a heap as it stands.
      if (behind || (!out.heap_.empty() && rank_of(h) < rank_of(out.heap_.back()))) {
        in.fail(errc::corrupt, "happening");
        break;
      }
      out.heap_.push_back(h);
    }
    return out;
  }

 private:
  std::vector<happening> heap_;
};

}  // namespace tailor::inline v0::offer::detail

#endif  // TAILOR_OFFER_TRIGGER_INBOX_HPP
