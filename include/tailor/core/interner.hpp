#ifndef TAILOR_CORE_INTERNER_HPP
#define TAILOR_CORE_INTERNER_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "bytes.hpp"
#include "contract.hpp"
#include "errc.hpp"
#include "hash.hpp"
#include "result.hpp"

namespace tailor::inline v0 {

/// What an interner takes at most. Preconditions: max_bytes_per_name <= 65,535 and
/// max_names < 2^32.
struct interner_limits {
  std::uint64_t max_names = 100'000'000;
  std::size_t max_bytes_per_name = 128;
  std::uint64_t max_total_bytes = std::uint64_t{4} << 30;  ///< of the names alone
};

/// Gives names dense handles 0, 1, 2, … in the order of their first appearance. A name is any bytes
/// but none at all, NUL included.
///
/// The table is keyed (SipHash-1-3), so that crafted names cannot pile up in one place; handles do
/// not depend on the key. A slot holds up to 16 bytes of the name beside the handle: looking up a
/// short name touches one cache line. Memory: 51 to 102 bytes a name in the table, 8 in the list,
/// and the bytes of the name.
///
/// There is no forgetting: names stay, and their order shows who came first. Do not keep shoppers'
/// ids here that have to be erasable; take siphash24 of them under a secret key as their user_id.
/// Not thread-safe; several threads may read while none writes.
class interner {
 public:
  explicit interner(hash_key key = process_key(), const interner_limits& limits = {})
      : key_(key), limits_(limits) {
    TAILOR_EXPECTS(limits.max_bytes_per_name <= UINT16_MAX && limits.max_names <= UINT32_MAX);
  }

  [[nodiscard]] std::size_t size() const { return names_.size(); }
  [[nodiscard]] bool empty() const { return names_.empty(); }

  /// The bytes of all names together.
  [[nodiscard]] std::uint64_t total_bytes() const { return total_bytes_; }

  /// What it occupies, unused capacity included.
  [[nodiscard]] std::size_t memory() const {
    std::size_t bytes = slots_.capacity() * sizeof(slot) + names_.capacity() * sizeof(place);
    for (const std::vector<char>& block : blocks_) bytes += block.capacity();
    return bytes;
  }

  /// The handle of `name`, a new one if it was never seen. empty_id, oversized, or full when a
  /// limit would be passed: nothing is changed then. Cost: O(1) expected, one cache miss for a
  /// known name.
  [[nodiscard]] result<std::uint32_t> intern(std::string_view name) {
    if (const errc fault = form_fault(name); fault != errc::ok) return fault;
    return find_or_add(name, hash_of(name));
  }

  /// The handles of many names: as `intern` one after the other, faster, and all or nothing. A
  /// fault is reported with the index of the name in `at`; no name is added then, and the contents
  /// of `handles` are unspecified. Precondition: handles is as long as names.
  status intern_batch(std::span<const std::string_view> names, std::span<std::uint32_t> handles) {
    TAILOR_EXPECTS(handles.size() == names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (const errc fault = form_fault(names[i]); fault != errc::ok) return error{fault, "", i};
    }
    const std::size_t before = size();
    std::uint64_t hashes[batch];
    for (std::size_t done = 0; done < names.size(); done += batch) {
      const std::size_t count = (std::min)(batch, names.size() - done);
      for (std::size_t i = 0; i < count; ++i) {
        hashes[i] = hash_of(names[done + i]);
        if (!slots_.empty()) __builtin_prefetch(&slots_[home(hashes[i])]);
      }
      for (std::size_t i = 0; i < count; ++i) {
        const auto handle = find_or_add(names[done + i], hashes[i]);
        if (!handle) {
          while (size() > before) remove_last();
          return error{handle.code(), "", done + i};
        }
        handles[done + i] = *handle;
      }
    }
    return {};
  }

  /// The handle of a name that was seen.
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view name) const {
    if (slots_.empty() || name.empty() || name.size() > UINT16_MAX) return std::nullopt;
    const slot& s = slots_[position(pattern(name), name, hash_of(name))];
    if (s.length == 0) return std::nullopt;
    return s.handle;
  }

  /// The name of a handle. The view stays valid while the interner lives, also when it grows or is
  /// moved (then it belongs to the new one). Precondition: handle < size().
  [[nodiscard]] std::string_view name(std::uint32_t handle) const {
    TAILOR_EXPECTS(handle < names_.size());
    const place& p = names_[handle];
    return {blocks_[p.block].data() + p.offset, p.length};
  }

  /// Makes room for `count` names in the table and the list, as far as the limits go.
  void reserve(std::size_t count) {
    count = static_cast<std::size_t>((std::min)(std::uint64_t{count}, limits_.max_names));
    names_.reserve(count);
    if (!has_room(count)) rehash(count);
  }

  static constexpr const char* section = "names";
  static constexpr std::uint32_t format = 1;

  /// The names in the order of their handles. Equal interners give equal bytes.
  void encode(byte_writer& out) const {
    out.varint(size());
    for (std::uint32_t h = 0; h < size(); ++h) out.text(name(h));
  }

  /// Reads what `encode` wrote. corrupt when a name occurs twice, the codes of `intern` when one
  /// passes a limit, truncated. Memory grows with the names that are there, not with their count.
  [[nodiscard]] static result<interner> decode(byte_reader& in, const interner_limits& limits = {},
                                               hash_key key = process_key()) {
    interner names(key, limits);
    const std::uint64_t count = in.varint();
    for (std::uint64_t h = 0; h < count && in.ok(); ++h) {
      const std::string_view name = in.text();
      if (!in.ok()) break;
      const auto handle = names.intern(name);
      if (!handle) {
        in.fail(handle.code(), "name");
      } else if (*handle != h) {
        in.fail(errc::corrupt, "name occurs twice");
      }
    }
    if (!in.ok()) return in.error();
    return names;
  }

  /// The same names under the same handles; key and limits do not count.
  friend bool operator==(const interner& a, const interner& b) {
    if (a.size() != b.size() || a.total_bytes_ != b.total_bytes_) return false;
    for (std::uint32_t h = 0; h < a.size(); ++h) {
      if (a.name(h) != b.name(h)) return false;
    }
    return true;
  }

 private:
  static constexpr std::size_t batch = 64;          // as many cache misses as are useful at once
  static constexpr std::size_t first_block = 1024;  // doubles up to the largest
  static constexpr std::size_t largest_block = 65'536;

  struct alignas(32) slot {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    std::uint64_t hash = 0;
    std::uint32_t handle = 0;
    std::uint32_t length = 0;  // 0: the slot is free
  };

  struct place {
    std::uint32_t block;
    std::uint16_t offset;
    std::uint16_t length;
  };

  [[nodiscard]] errc form_fault(std::string_view name) const {
    if (name.empty()) return errc::empty_id;
    return name.size() > limits_.max_bytes_per_name ? errc::oversized : errc::ok;
  }

  [[nodiscard]] std::uint64_t hash_of(std::string_view name) const { return siphash13(key_, name); }
  [[nodiscard]] std::size_t home(std::uint64_t hash) const {
    return static_cast<std::size_t>(hash) & (slots_.size() - 1);
  }
  [[nodiscard]] std::size_t next(std::size_t i) const { return (i + 1) & (slots_.size() - 1); }
  [[nodiscard]] bool has_room(std::size_t count) const { return count <= slots_.size() / 8 * 5; }

  /// The part of a slot that is compared: with the length it decides equality up to 16 bytes. From
  /// 8 bytes on the two words overlap, which saves reading an odd tail.
  [[nodiscard]] static slot pattern(std::string_view name) {
    slot s;
    s.length = static_cast<std::uint32_t>(name.size());
    if (name.size() < 8) {
      s.low = detail::load_tail(name.data(), name.size());
    } else {
      const char* const end = name.data() + name.size();
      s.low = detail::load_u64(end - name.size());
      s.high = detail::load_u64(end - 8);
    }
    return s;
  }

  /// Where the name is or would go. Precondition: there is a free slot.
  [[nodiscard]] std::size_t position(const slot& wanted, std::string_view full,
                                     std::uint64_t hash) const {
    std::size_t i = home(hash);
    for (;; i = next(i)) {
      const slot& s = slots_[i];
      if (s.length == 0) return i;
      if (s.low != wanted.low || s.high != wanted.high || s.length != wanted.length) continue;
      if (s.length <= 16 || (s.hash == hash && name(s.handle) == full)) return i;
    }
  }

  [[nodiscard]] result<std::uint32_t> find_or_add(std::string_view name, std::uint64_t hash) {
    if (slots_.empty()) rehash(1);
    slot entry = pattern(name);
    std::size_t i = position(entry, name, hash);
    if (slots_[i].length != 0) return slots_[i].handle;
    if (size() >= limits_.max_names || name.size() > limits_.max_total_bytes - total_bytes_)
      return errc::full;
    if (!has_room(size() + 1)) {
      rehash(size() + 1);
      i = position(entry, name, hash);
    }
    entry.hash = hash;
    entry.handle = static_cast<std::uint32_t>(size());
    names_.push_back(store(name));
    total_bytes_ += name.size();
    slots_[i] = entry;
    return entry.handle;
  }

  /// Copies a name to where it stays. A block is never grown beyond its capacity, as that would
  /// move the names in it.
  [[nodiscard]] place store(std::string_view name) {
    if (blocks_.empty() || blocks_.back().capacity() - blocks_.back().size() < name.size()) {
      const std::size_t wish = first_block << (std::min)(blocks_.size(), std::size_t{6});
      std::vector<char> block;
      block.reserve((std::max)((std::min)(wish, largest_block), name.size()));
      blocks_.push_back(std::move(block));
    }
    std::vector<char>& block = blocks_.back();
    const std::size_t offset = block.size();
    block.insert(block.end(), name.begin(), name.end());
    return {static_cast<std::uint32_t>(blocks_.size() - 1), static_cast<std::uint16_t>(offset),
            static_cast<std::uint16_t>(name.size())};
  }

  /// A table with room for `count` names. Slots keep their hash: no name is read.
  void rehash(std::size_t count) {
    std::vector<slot> old(std::bit_ceil((std::max)(count + count / 5 * 3 + 2, std::size_t{8})));
    old.swap(slots_);
    for (const slot& s : old) {
      if (s.length == 0) continue;
      std::size_t i = home(s.hash);
      while (slots_[i].length != 0) i = next(i);
      slots_[i] = s;
    }
  }

  /// Undoes the last addition. Deletion by backward shift (Knuth, TAOCP 6.4, algorithm R).
  void remove_last() {
    const auto handle = static_cast<std::uint32_t>(size() - 1);
    std::size_t hole = home(hash_of(name(handle)));
    while (slots_[hole].length == 0 || slots_[hole].handle != handle) hole = next(hole);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t i = next(hole); slots_[i].length != 0; i = next(i)) {
      if (((i - home(slots_[i].hash)) & mask) >= ((i - hole) & mask)) {
        slots_[hole] = slots_[i];
        hole = i;
      }
    }
    slots_[hole] = {};
    const place last = names_.back();
    names_.pop_back();
    total_bytes_ -= last.length;
    while (blocks_.size() > last.block + std::size_t{1}) blocks_.pop_back();
    blocks_.back().resize(last.offset);
  }

  hash_key key_;
  interner_limits limits_;
  std::vector<slot> slots_;  // a power of two, at most 5/8 full
  std::vector<place> names_;
  std::vector<std::vector<char>> blocks_;
  std::uint64_t total_bytes_ = 0;
};

}  // namespace tailor::inline v0

#endif  // TAILOR_CORE_INTERNER_HPP
