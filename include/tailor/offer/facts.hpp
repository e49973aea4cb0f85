#ifndef TAILOR_OFFER_FACTS_HPP
#define TAILOR_OFFER_FACTS_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "field.hpp"
#include "vocabulary.hpp"

namespace tailor::inline v0::offer {

/// A field that the rules of a book use: where it is read from, and into which place.
struct fact_slot {
  void (*read)(const void* object, cell& out, std::vector<std::string_view>& pool) = nullptr;
  field_kind kind = field_kind::number;
};

/// One cart as the rules of a book see it: the fields they use, texts as numbers of the book's
/// vocabulary. Reused from cart to cart: after the first few it allocates nothing.
class facts {
 public:
  [[nodiscard]] std::span<const cell> cart() const { return cart_; }
  [[nodiscard]] std::size_t line_count() const { return line_count_; }
  [[nodiscard]] std::span<const cell> line(std::size_t i) const {
    return std::span(lines_).subspan(i * line_slots_, line_slots_);
  }
  /// The texts of a set, as numbers.
  [[nodiscard]] std::span<const std::int64_t> words(const cell& set) const {
    return std::span(words_).subspan(set.first, set.count);
  }

  void begin(std::size_t cart_slots, std::size_t line_slots, std::size_t lines) {
    cart_.resize(cart_slots);
    lines_.resize(line_slots * lines);
    line_slots_ = line_slots;
    line_count_ = lines;
    pool_.clear();
    words_.clear();
  }
  /// Reads the fields of the cart; those without a getter are set by `put`.
  void read_cart(const void* cart, std::span<const fact_slot> slots) { read(cart, slots, cart_); }
  void read_line(std::size_t i, const void* line, std::span<const fact_slot> slots) {
    read(line, slots, std::span(lines_).subspan(i * line_slots_, line_slots_));
  }
  void put(std::size_t slot, std::int64_t number) {
    cart_[slot].number = number;
    cart_[slot].known = true;
  }
  void put(std::size_t slot, std::string_view text) {
    cart_[slot].text = text;
    cart_[slot].known = true;
  }
  void put(std::size_t slot, std::span<const std::string_view> set) {
    cart_[slot].first = static_cast<std::uint32_t>(pool_.size());
    cart_[slot].count = static_cast<std::uint32_t>(set.size());
    cart_[slot].known = true;
    pool_.insert(pool_.end(), set.begin(), set.end());
  }
  /// Looks all texts up; the slots are those of texts. Must come last.
  void name(const vocabulary& words, std::span<const std::uint32_t> cart_texts,
            std::span<const std::uint32_t> line_texts) {
    for (const std::uint32_t s : cart_texts) cart_[s].number = words.find(cart_[s].text);
    for (const std::uint32_t s : line_texts) {
      for (std::size_t i = s; i < lines_.size(); i += line_slots_) {
        lines_[i].number = words.find(lines_[i].text);
      }
    }
    for (const std::string_view text : pool_) words_.push_back(words.find(text));
  }

 private:
  void read(const void* object, std::span<const fact_slot> slots, std::span<cell> into) {
    for (std::size_t s = 0; s < slots.size(); ++s) {
      into[s].known = false;
      into[s].count = 0;
      if (slots[s].read != nullptr) slots[s].read(object, into[s], pool_);
    }
  }

  std::vector<cell> cart_{};
  std::vector<cell> lines_{};
  std::size_t line_slots_ = 0;
  std::size_t line_count_ = 0;
  std::vector<std::string_view> pool_{};
  std::vector<std::int64_t> words_{};
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_FACTS_HPP
