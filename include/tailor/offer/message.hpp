#ifndef TAILOR_OFFER_MESSAGE_HPP
#define TAILOR_OFFER_MESSAGE_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../core/errc.hpp"
#include "../core/money.hpp"
#include "../core/utf8.hpp"
#include "money_text.hpp"

namespace tailor::inline v0::offer {

/// What a part of a message is. Numbers and money are text: they are written once, exactly.
enum class message_kind : std::uint8_t { text, flag, list, object };

struct message_limits {
  std::size_t depth = 16;
  std::size_t nodes = 65'536;
  std::size_t keys = 256;                    ///< in one object
  std::size_t bytes = std::size_t{1} << 22;  ///< of texts and keys
};

class message_object;
class message_list;

/// What a template is filled with: a tree of texts, flags, lists, and objects with their keys in
/// the order in which they were put. Data and nothing else: it has no functions, refers to nothing,
/// and can be filled beforehand, kept, compared and shown.
///
/// Faults stick, as with byte_reader: the first one stays in `error()`, what comes after it is
/// ignored, and who renders asks once. All text has to be UTF-8.
///
///     message_context m;
///     message_object root = m.root();
///     root.text("name", "Ann").money("total", total);
///     message_list lines = root.list("lines");
///     lines.object().text("item", "tea").number("count", 3);
///
/// Two are equal when they were filled alike. Memory: 40 bytes a node, and the text.
class message_context {
 public:
  static constexpr std::uint32_t nowhere = UINT32_MAX;

  explicit message_context(message_limits limits = {}) : limits_(limits) {
    nodes_.push_back({.kind = message_kind::object});
  }

  /// The object that names are looked up in. Handles become void when the context is moved.
  [[nodiscard]] message_object root();

  [[nodiscard]] bool ok() const { return error_.code == errc::ok; }
  /// full (what: which limit), duplicate key, empty_id for a key of no bytes, not_text.
  [[nodiscard]] const tailor::error& error() const { return error_; }

  // --- reading: nodes by number, the root is 0 ------------------------------------------------

  [[nodiscard]] message_kind kind(std::uint32_t node) const { return nodes_[node].kind; }
  [[nodiscard]] std::string_view key(std::uint32_t node) const {
    return std::string_view(text_).substr(nodes_[node].key, nodes_[node].key_size);
  }
  /// The text; "true" or "false" of a flag; nothing of a list or an object.
  [[nodiscard]] std::string_view text(std::uint32_t node) const {
    const entry& e = nodes_[node];
    if (e.kind == message_kind::flag) return e.size != 0 ? "true" : "false";
    if (e.kind != message_kind::text) return {};
    return std::string_view(text_).substr(e.value, e.size);
  }
  /// Whether it counts as being there: an empty text, an empty list and the flag "no" do not.
  /// Any number does, zero too.
  [[nodiscard]] bool holds(std::uint32_t node) const {
    return nodes_[node].kind == message_kind::object || nodes_[node].size != 0;
  }
  /// The first part of a list or an object, and the next one; `nowhere` after the last.
  [[nodiscard]] std::uint32_t first(std::uint32_t node) const { return nodes_[node].first; }
  [[nodiscard]] std::uint32_t next(std::uint32_t node) const { return nodes_[node].next; }
  [[nodiscard]] std::size_t size() const { return nodes_.size(); }

  friend bool operator==(const message_context& a, const message_context& b) {
    return a.text_ == b.text_ && a.nodes_ == b.nodes_ && a.error_.code == b.error_.code;
  }

 private:
  friend class message_object;
  friend class message_list;

  struct entry {
    message_kind kind{};
    std::uint8_t depth = 0;
    std::uint32_t key = 0;
    std::uint32_t key_size = 0;
    std::uint32_t value = 0;
    std::uint32_t size = 0;  // bytes, parts, or the flag
    std::uint32_t first = nowhere;
    std::uint32_t last = nowhere;
    std::uint32_t next = nowhere;

    friend bool operator==(const entry&, const entry&) = default;
  };

  std::uint32_t fail(errc code, const char* what) {
    if (ok()) error_ = {code, what, nodes_.size()};
    return nowhere;
  }

  /// Whether a text of that kind can be taken in.
  bool admits(std::string_view s) {
    if (s.size() > limits_.bytes || s.size() > UINT32_MAX - text_.size() ||
        text_.size() + s.size() > limits_.bytes) {
      fail(errc::full, "bytes");
    } else if (!is_valid_utf8(s)) {
      fail(errc::not_text, "text");
    }
    return ok();
  }

  /// A new part of a list or object; `nowhere` when there is a fault.
  std::uint32_t add(std::uint32_t parent, std::string_view key, message_kind kind) {
    if (!ok() || parent == nowhere) return nowhere;
    const std::size_t depth = nodes_[parent].depth + std::size_t{1};
    if (depth > limits_.depth || depth > UINT8_MAX) return fail(errc::full, "depth");
    if (nodes_.size() >= limits_.nodes || nodes_.size() >= nowhere) {
      return fail(errc::full, "nodes");
    }
    if (nodes_[parent].kind == message_kind::object) {
      if (key.empty()) return fail(errc::empty_id, "key");
      if (nodes_[parent].size >= limits_.keys) return fail(errc::full, "keys");
      for (std::uint32_t n = first(parent); n != nowhere; n = next(n)) {
        if (this->key(n) == key) return fail(errc::duplicate, "key");
      }
      if (!admits(key)) return nowhere;
    }
    const auto added = static_cast<std::uint32_t>(nodes_.size());
    nodes_.push_back({.kind = kind,
                      .depth = static_cast<std::uint8_t>(depth),
                      .key = static_cast<std::uint32_t>(text_.size()),
                      .key_size = static_cast<std::uint32_t>(key.size())});
    text_ += key;
    entry& p = nodes_[parent];
    (p.last == nowhere ? p.first : nodes_[p.last].next) = added;
    p.last = added;
    ++p.size;
    return added;
  }

  void add_text(std::uint32_t parent, std::string_view key, std::string_view value) {
    if (!ok() || !admits(value)) return;
    const std::uint32_t node = add(parent, key, message_kind::text);
    if (node == nowhere || !admits(value)) return;  // with its key it may be too much
    nodes_[node].value = static_cast<std::uint32_t>(text_.size());
    nodes_[node].size = static_cast<std::uint32_t>(value.size());
    text_ += value;
  }
  void add_flag(std::uint32_t parent, std::string_view key, bool value) {
    const std::uint32_t node = add(parent, key, message_kind::flag);
    if (node != nowhere) nodes_[node].size = value ? 1 : 0;
  }

  message_limits limits_;
  std::string text_;
  std::vector<entry> nodes_;
  tailor::error error_{};
};

/// Fills an object. A handle: cheap to copy, void when the context is moved or gone.
class message_object {
 public:
  message_object(message_context& context, std::uint32_t node) : context_(&context), node_(node) {}

  message_object& text(std::string_view key, std::string_view value) {
    context_->add_text(node_, key, value);
    return *this;
  }
  message_object& number(std::string_view key, std::int64_t value) {
    return decimal(key, value, 0);
  }
  /// `count` units of 10^-exponent. Precondition: 0 <= exponent <= max_decimal_exponent.
  message_object& decimal(std::string_view key, std::int64_t count, int exponent,
                          const number_style& style = {}) {
    std::string written;
    append_decimal(written, count, exponent, style);
    return text(key, written);
  }
  message_object& money(std::string_view key, const tailor::money& amount,
                        const number_style& style = {}) {
    std::string written;
    append_money(written, amount, style);
    return text(key, written);
  }
  message_object& flag(std::string_view key, bool value) {
    context_->add_flag(node_, key, value);
    return *this;
  }
  message_object object(std::string_view key) {
    return {*context_, context_->add(node_, key, message_kind::object)};
  }
  message_list list(std::string_view key);

 private:
  message_context* context_;
  std::uint32_t node_;
};

/// Fills a list. A handle as message_object.
class message_list {
 public:
  message_list(message_context& context, std::uint32_t node) : context_(&context), node_(node) {}

  message_object object() { return {*context_, context_->add(node_, {}, message_kind::object)}; }
  message_list list() { return {*context_, context_->add(node_, {}, message_kind::list)}; }
  message_list& text(std::string_view value) {
    context_->add_text(node_, {}, value);
    return *this;
  }
  message_list& flag(bool value) {
    context_->add_flag(node_, {}, value);
    return *this;
  }

 private:
  message_context* context_;
  std::uint32_t node_;
};

inline message_object message_context::root() { return {*this, 0}; }

inline message_list message_object::list(std::string_view key) {
  return {*context_, context_->add(node_, key, message_kind::list)};
}

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_MESSAGE_HPP
