#ifndef TAILOR_EVENTS_HANDLE_BOOK_HPP
#define TAILOR_EVENTS_HANDLE_BOOK_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "../core/flat_table.hpp"
#include "../core/ids.hpp"

namespace tailor::inline v0::events {

/// Dense handles for the ids in use. A handle lives as long as something uses it and is handed out
/// again afterwards, so an id that nobody mentions any more leaves nothing behind but a free slot.
/// Handles depend on the order of arrival: they never leave the process.
template <class Id>
class handle_book {
 public:
  [[nodiscard]] std::size_t size() const { return handles_.size(); }
  /// One past the largest handle ever handed out.
  [[nodiscard]] std::uint32_t limit() const { return static_cast<std::uint32_t>(slots_.size()); }
  [[nodiscard]] Id id(std::uint32_t handle) const { return slots_[handle].id; }
  [[nodiscard]] std::uint64_t uses(std::uint32_t handle) const { return slots_[handle].uses; }

  [[nodiscard]] std::optional<std::uint32_t> find(Id id) const {
    const std::uint32_t found = handles_.find(raw(id));
    return found == 0 ? std::nullopt : std::optional<std::uint32_t>(found - 1);
  }

  /// The handle of `id`, a new one if need be, used `uses` times more. Precondition: fewer than
  /// 2^32 - 1 ids in use.
  std::uint32_t take(Id id, std::uint64_t uses = 1) {
    std::uint32_t handle = 0;
    if (const auto found = find(id)) {
      handle = *found;
    } else {
      if (free_.empty()) {
        handle = limit();
        slots_.emplace_back();
      } else {
        handle = free_.back();
        free_.pop_back();
      }
      slots_[handle].id = id;
      handles_.set(raw(id), handle + 1);
    }
    slots_[handle].uses += uses;
    return handle;
  }

  /// Undoes `uses` uses; true when that was the last and the handle is free now.
  bool release(std::uint32_t handle, std::uint64_t uses = 1) {
    slots_[handle].uses -= uses;
    if (slots_[handle].uses != 0) return false;
    handles_.erase(raw(slots_[handle].id));
    slots_[handle] = {};
    free_.push_back(handle);
    return true;
  }

  void prefetch(Id id) const { handles_.prefetch(raw(id)); }

  void reserve(std::size_t count) {
    handles_.reserve(count);
    slots_.reserve(count);
  }

  /// The ids in use with their handles, ascending by id.
  [[nodiscard]] std::vector<std::pair<Id, std::uint32_t>> sorted() const {
    std::vector<std::pair<Id, std::uint32_t>> out;
    out.reserve(size());
    for (std::uint32_t h = 0; h < limit(); ++h) {
      if (slots_[h].uses != 0) out.emplace_back(slots_[h].id, h);
    }
    std::sort(out.begin(), out.end());
    return out;
  }

  [[nodiscard]] std::size_t bytes() const {
    return handles_.bytes() + slots_.capacity() * sizeof(slot) +
           free_.capacity() * sizeof(std::uint32_t);
  }

 private:
  struct slot {
    Id id{};
    std::uint64_t uses = 0;  // zero: the handle is free
  };

  flat_table<std::uint64_t> handles_{process_key().k0};  // id → handle + 1
  std::vector<slot> slots_;
  std::vector<std::uint32_t> free_;
};

}  // namespace tailor::inline v0::events

#endif  // TAILOR_EVENTS_HANDLE_BOOK_HPP
