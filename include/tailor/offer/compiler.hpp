#ifndef TAILOR_OFFER_COMPILER_HPP
#define TAILOR_OFFER_COMPILER_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "../core/interner.hpp"
#include "condition.hpp"
#include "facts.hpp"
#include "field.hpp"
#include "mistake.hpp"
#include "program.hpp"
#include "value_set.hpp"
#include "vocabulary.hpp"

namespace tailor::inline v0::offer {

/// Which of the host's fields the rules use, and the place each gets.
class slot_book {
 public:
  explicit slot_book(std::span<const field> all) : all_(all), slot_of_(all.size(), none) {
    for (std::uint32_t i = 0; i < all.size(); ++i) by_name_.push_back(i);
    std::sort(by_name_.begin(), by_name_.end(),
              [all](std::uint32_t a, std::uint32_t b) { return all[a].name < all[b].name; });
  }

  static constexpr std::uint32_t none = UINT32_MAX;

  /// Its index; none when there is no such field.
  [[nodiscard]] std::uint32_t find(std::string_view name) const {
    const auto at =
        std::lower_bound(by_name_.begin(), by_name_.end(), name,
                         [this](std::uint32_t i, std::string_view n) { return all_[i].name < n; });
    return at != by_name_.end() && all_[*at].name == name ? *at : none;
  }
  /// Whether two fields have one name.
  [[nodiscard]] bool repeats() const {
    for (std::size_t i = 1; i < by_name_.size(); ++i) {
      if (all_[by_name_[i - 1]].name == all_[by_name_[i]].name) return true;
    }
    return false;
  }
  [[nodiscard]] const field& at(std::uint32_t index) const { return all_[index]; }
  [[nodiscard]] std::uint32_t use(std::uint32_t index) {
    if (slot_of_[index] == none) {
      slot_of_[index] = static_cast<std::uint32_t>(slots_.size());
      slots_.push_back({all_[index].read, all_[index].kind});
      used_.push_back(index);
    }
    return slot_of_[index];
  }
  [[nodiscard]] const std::vector<fact_slot>& slots() const { return slots_; }
  /// The field in each slot.
  [[nodiscard]] const std::vector<std::uint32_t>& used() const { return used_; }

 private:
  std::span<const field> all_;
  std::vector<std::uint32_t> slot_of_;
  std::vector<std::uint32_t> by_name_{};
  std::vector<fact_slot> slots_{};
  std::vector<std::uint32_t> used_{};
};

/// Checks conditions and appends them to a program. Each mistake is noted with its place, and the
/// rest is checked all the same.
class compiler {
 public:
  compiler(slot_book& cart, slot_book& line, bool has_lines, program& out, vocabulary& words,
           interner& segments, std::vector<mistake>& mistakes)
      : cart_(&cart),
        line_(&line),
        has_lines_(has_lines),
        out_(&out),
        words_(&words),
        segments_(&segments),
        mistakes_(&mistakes) {}

  /// Begins a rule: what is said of it from here on.
  void begin(const std::string& rule) {
    rule_ = &rule;
    nodes_ = 0;
    personal_ = false;
  }
  /// Whether it asks about the person.
  [[nodiscard]] bool personal() const { return personal_; }
  void note(errc code, const char* what, std::string path) {
    mistakes_->push_back({code, what, *rule_, std::move(path)});
  }

  /// Appends the condition and gives its node. `of_lines`: it is asked of a line.
  std::uint32_t add(const condition& c, std::string path, bool of_lines = false,
                    std::size_t depth = 1) {
    const auto at = static_cast<std::uint32_t>(out_->nodes.size());
    if (depth > condition_limits::depth) {
      note(errc::oversized, "nested deeper than 16: split the rule", std::move(path));
      return at;
    }
    if (++nodes_ > condition_limits::nodes) {
      if (nodes_ == condition_limits::nodes + 1) {
        note(errc::oversized, "more than 256 tests: split the rule", std::move(path));
      }
      return at;
    }
    out_->nodes.emplace_back();
    if (const group* g = std::get_if<group>(&c.is)) {
      add(*g, at, path, of_lines, depth);
    } else if (const test* t = std::get_if<test>(&c.is)) {
      add(*t, at, path, of_lines);
    } else if (const line_test* l = std::get_if<line_test>(&c.is)) {
      if (of_lines) {
        note(errc::conflict, "a line has no lines", path);
      } else {
        add(*l, at, path, depth);
      }
    } else {
      add(std::get<member_test>(c.is), at, path);
    }
    out_->nodes[at].end = static_cast<std::uint32_t>(out_->nodes.size());
    return at;
  }

 private:
  node& self(std::uint32_t at) { return out_->nodes[at]; }

  void add(const group& g, std::uint32_t at, const std::string& path, bool of_lines,
           std::size_t depth) {
    constexpr step kinds[] = {step::all, step::any, step::none};
    constexpr const char* words[] = {"/all/", "/any/", "/none/"};
    const auto how = static_cast<std::size_t>(g.how);
    if (how >= std::size(kinds)) return note(errc::unknown, "all, any or none", path);
    if (g.parts.empty() && g.how == joined_by::any) {
      note(errc::malformed, "any of nothing never holds: name a part", path);
    }
    self(at).does = kinds[how];
    for (std::size_t i = 0; i < g.parts.size(); ++i) {
      add(g.parts[i], path + words[how] + std::to_string(i), of_lines, depth + 1);
    }
  }

  /// The slot of a field, or none and a mistake.
  std::uint32_t slot_of(const std::string& name, slot_book& book, const std::string& path,
                        const field** found) {
    const std::uint32_t index = book.find(name);
    if (index == slot_book::none) {
      note(errc::unknown, "no field of that name", path + "/field");
      return slot_book::none;
    }
    *found = &book.at(index);
    if ((*found)->use == field_use::forbidden) {
      note(errc::no_consent, "no rule may use this field", path + "/field");
      return slot_book::none;
    }
    personal_ |= (*found)->use == field_use::personal;
    return book.use(index);
  }

  void add(const test& t, std::uint32_t at, const std::string& path, bool of_lines) {
    const field* about = nullptr;
    const std::uint32_t slot = slot_of(t.field, of_lines ? *line_ : *cart_, path, &about);
    if (slot == slot_book::none) return;
    const detail::test_fault fault = detail::fault_of(t, about->kind);
    if (fault.code != errc::ok) return note(fault.code, fault.what, path);
    self(at).slot = slot;
    using enum test_operator;
    if (t.op == contains || t.op == starts_with || t.op == ends_with) {
      self(at).does = t.op == contains      ? step::contains
                      : t.op == starts_with ? step::starts_with
                                            : step::ends_with;
      self(at).first = static_cast<std::uint32_t>(out_->texts.size());
      out_->texts.push_back(t.texts[0]);
    } else if (about->kind == field_kind::set && t.op != exists && t.op != missing) {
      self(at).does = t.op == any_of   ? step::has_any
                      : t.op == all_of ? step::has_all
                                       : step::has_none;
      std::vector<std::int64_t> words;
      words.reserve(t.texts.size());
      for (const std::string& s : t.texts) words.push_back(words_->add(s));
      std::sort(words.begin(), words.end());
      words.erase(std::unique(words.begin(), words.end()), words.end());
      self(at).first = static_cast<std::uint32_t>(out_->words.size());
      self(at).count = static_cast<std::uint32_t>(words.size());
      out_->words.insert(out_->words.end(), words.begin(), words.end());
    } else {
      value_set v = values_of(t);
      if (about->kind == field_kind::flag) v = intersect(v, {{{0, 1}}, true});
      self(at).does = step::value_in;
      self(at).unknown_passes = v.unknown;
      self(at).of_set = about->kind == field_kind::set;
      self(at).first = static_cast<std::uint32_t>(out_->intervals.size());
      self(at).count = static_cast<std::uint32_t>(v.in.size());
      out_->intervals.insert(out_->intervals.end(), v.in.begin(), v.in.end());
    }
  }

  value_set values_of(const test& t) {
    std::vector<interval> in;
    in.reserve(t.numbers.size() + t.texts.size());
    for (const std::int64_t n : t.numbers) in.push_back({n, n});
    for (const std::string& s : t.texts) {
      const std::int64_t word = words_->add(s);
      in.push_back({word, word});
    }
    const auto known = [](value_set v) {
      v.unknown = false;
      return v;
    };
    using enum test_operator;
    switch (t.op) {
      case missing:
        return {{}, true};
      case equal:
      case any_of:
        tidy(in);
        return {std::move(in), false};
      case not_equal:
      case none_of:
        tidy(in);
        return known(complement({std::move(in), true}));
      case less:
        if (in[0].low == INT64_MIN) return {};
        return {{{INT64_MIN, in[0].low - 1}}, false};
      case at_most:
        return {{{INT64_MIN, in[0].low}}, false};
      case more:
        if (in[0].low == INT64_MAX) return {};
        return {{{in[0].low + 1, INT64_MAX}}, false};
      case at_least:
        return {{{in[0].low, INT64_MAX}}, false};
      case between:
        return {{{t.numbers[0], t.numbers[1]}}, false};
      default:
        return {{{}}, false};  // exists; the others were dealt with
    }
  }

  void add(const line_test& l, std::uint32_t at, const std::string& path, std::size_t depth) {
    constexpr step kinds[] = {step::lines_any, step::lines_all, step::lines_none, step::lines_count,
                              step::lines_sum};
    const auto how = static_cast<std::size_t>(l.how);
    if (how >= std::size(kinds)) return note(errc::unknown, "any, all, none, count or sum", path);
    if (!has_lines_) return note(errc::unknown, "this cart has no lines", path);
    if (l.where.size() > 1) return note(errc::malformed, "one condition: join them", path);
    if (l.how != quantifier::sum && !l.field.empty()) {
      return note(errc::malformed, "only a sum has a field", path + "/field");
    }
    self(at).does = kinds[how];
    self(at).op = l.op;
    self(at).bound = l.bound;
    if (l.how == quantifier::sum) {
      const field* about = nullptr;
      const std::uint32_t slot = slot_of(l.field, *line_, path, &about);
      if (slot == slot_book::none) return;
      if (about->kind != field_kind::number && about->kind != field_kind::money) {
        return note(errc::conflict, "only numbers and money are summed", path + "/field");
      }
      self(at).slot = slot;
    }
    if (!l.where.empty()) add(l.where[0], path + "/where", true, depth + 1);
  }

  void add(const member_test& m, std::uint32_t at, const std::string& path) {
    const auto segment = segments_->intern(m.segment);
    if (!segment) return note(segment.code(), "the name of a segment: 1 to 128 bytes", path);
    personal_ = true;
    self(at).does = step::member;
    self(at).slot = *segment;
  }

  slot_book* cart_;
  slot_book* line_;
  bool has_lines_;
  program* out_;
  vocabulary* words_;
  interner* segments_;
  std::vector<mistake>* mistakes_;
  const std::string* rule_ = nullptr;
  std::size_t nodes_ = 0;
  bool personal_ = false;
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_COMPILER_HPP
