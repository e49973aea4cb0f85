#ifndef TAILOR_OFFER_COMPILE_RULES_HPP
#define TAILOR_OFFER_COMPILE_RULES_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "../core/result.hpp"
#include "boxes.hpp"
#include "compiled_rules.hpp"
#include "compiler.hpp"
#include "field.hpp"
#include "match_index.hpp"
#include "mistake.hpp"
#include "rule.hpp"
#include "rule_faults.hpp"

namespace tailor::inline v0::offer::detail {

/// Rules, fields and what they are compiled to, while it is done.
class rules_compiler {
 public:
  rules_compiler(std::vector<field> cart, std::span<const field> line, bool lines,
                 std::vector<mistake>& mistakes)
      : cart_fields_(with_those_of_requests(std::move(cart))),
        cart_(cart_fields_),
        line_(line),
        mistakes_(&mistakes),
        lines_(lines) {
    for (const field& f : cart_fields_) {
      if (f.read != nullptr) check_name(f.name);
    }
    for (const field& f : line) check_name(f.name);
    if (cart_.repeats() || line_.repeats()) {
      mistakes_->push_back({errc::duplicate, "two fields of one name", {}, {}});
    }
  }

  [[nodiscard]] compiled_rules compile(std::vector<rule> rules) {
    std::sort(rules.begin(), rules.end(), [](const rule& a, const rule& b) {
      return a.priority != b.priority ? a.priority > b.priority : a.name < b.name;
    });
    out_.rules = std::move(rules);
    names_are_different();
    compiler c(cart_, line_, lines_, out_.code, out_.words, out_.segments, *mistakes_);
    interner groups(process_key(), {.max_bytes_per_name = condition_limits::text});
    for (const rule& r : out_.rules) {
      c.begin(r.name);
      rule_faults(c).of(r);
      compiled_rule made;
      made.root = root_of(r, c);
      made.lines_first = static_cast<std::uint32_t>(out_.line_lists.size());
      add_line_conditions(r, c);
      made.personal = c.personal();
      if (!r.group.empty()) {
        const auto group = groups.intern(r.group);
        if (group) made.group = *group + 1;
        if (!group) c.note(group.code(), "a group of at most 1,000 bytes", "/group");
      }
      out_.compiled.push_back(made);
    }
    if (!mistakes_->empty()) return {};  // a half-compiled rule is nothing to index
    place_fields();
    index_rules();
    index_lines();
    return std::move(out_);
  }

 private:
  [[nodiscard]] static std::vector<field> with_those_of_requests(std::vector<field> all) {
    all.push_back({now_field, field_kind::time, field_use::plain, nullptr});
    all.push_back({channel_field, field_kind::text, field_use::plain, nullptr});
    all.push_back({arms_field, field_kind::set, field_use::plain, nullptr});
    all.push_back({day_field, field_kind::number, field_use::plain, nullptr});
    all.push_back({minute_field, field_kind::number, field_use::plain, nullptr});
    return all;
  }

  void check_name(const std::string& name) {
    if (!name.empty() && name[0] != '@') return;
    mistakes_->push_back(
        {errc::malformed, "a field has a name, and names with @ are the library's", {}, name});
  }

  void names_are_different() {
    std::vector<const std::string*> names;
    names.reserve(out_.rules.size());
    for (const rule& r : out_.rules) names.push_back(&r.name);
    std::sort(names.begin(), names.end(),
              [](const std::string* a, const std::string* b) { return *a < *b; });
    for (std::size_t i = 1; i < names.size(); ++i) {
      if (*names[i - 1] == *names[i]) {
        mistakes_->push_back({errc::duplicate, "two rules of one name", *names[i], "/name"});
      }
    }
  }

  std::uint32_t root_of(const rule& r, compiler& c) {
    const auto root = static_cast<std::uint32_t>(out_.code.nodes.size());
    out_.code.nodes.emplace_back();
    for (const rule_part& p : parts_of(r)) c.add(p.is, p.path);
    out_.code.nodes[root].end = static_cast<std::uint32_t>(out_.code.nodes.size());
    return root;
  }

  /// Equal conditions on lines, of whatever rules, are compiled once.
  void add_line_conditions(const rule& r, compiler& c) {
    for (const line_condition& on : line_conditions(r.gives)) {
      if (on.is->empty()) {
        out_.line_lists.push_back(compiled_rules::all_lines);
        continue;
      }
      if (!lines_) {
        c.note(errc::unknown, "this cart has no lines", on.path);
        continue;
      }
      const std::size_t before = mistakes_->size();
      const std::uint32_t root = c.add((*on.is)[0], on.path, true);
      if (mistakes_->size() != before) continue;
      std::vector<box> boxes = boxes_of(out_.code, root);
      const auto next = static_cast<std::uint32_t>(out_.line_roots.size());
      std::uint32_t id = next;
      if (std::all_of(boxes.begin(), boxes.end(), [](const box& b) { return b.exact; })) {
        id = seen_.try_emplace(key_of(boxes), next).first->second;
      }
      out_.line_lists.push_back(id);
      if (id != next) continue;
      out_.line_roots.push_back(root);
      out_.line_box_first.push_back(static_cast<std::uint32_t>(line_boxes_.size()));
      for (box& b : boxes) {
        out_.line_box_exact.push_back(b.exact);
        out_.line_box_condition.push_back(id);
        line_boxes_.push_back(std::move(b));
      }
    }
  }

  /// Equal lists of exact boxes have equal keys, and mean the same.
  [[nodiscard]] static std::vector<std::int64_t> key_of(const std::vector<box>& boxes) {
    std::vector<std::int64_t> key;
    for (const box& b : boxes) {
      key.push_back(static_cast<std::int64_t>(b.sides.size()));
      for (const box_side& s : b.sides) {
        key.push_back(std::int64_t{s.slot} * 4 + (s.of_set ? 2 : 0) + (s.values.unknown ? 1 : 0));
        key.push_back(static_cast<std::int64_t>(s.values.in.size() + s.words.size()));
        for (const interval& i : s.values.in) key.insert(key.end(), {i.low, i.high});
        key.insert(key.end(), s.words.begin(), s.words.end());
      }
    }
    return key;
  }

  void place_fields() {
    out_.cart_slots = cart_.slots();
    out_.line_slots = line_.slots();
    out_.cart_texts = texts_of(out_.cart_slots);
    out_.line_texts = texts_of(out_.line_slots);
    for (const std::uint32_t i : cart_.used()) out_.cart_names.push_back(cart_.at(i).name);
    for (const std::uint32_t i : line_.used()) out_.line_names.push_back(line_.at(i).name);
    const auto slot_of = [this](const char* name) {
      for (std::size_t s = 0; s < out_.cart_names.size(); ++s) {
        if (out_.cart_names[s] == name) return static_cast<std::uint32_t>(s);
      }
      return slot_book::none;
    };
    out_.now_slot = slot_of(now_field);
    out_.channel_slot = slot_of(channel_field);
    out_.arms_slot = slot_of(arms_field);
    out_.day_slot = slot_of(day_field);
    out_.minute_slot = slot_of(minute_field);
  }

  [[nodiscard]] static std::vector<std::uint32_t> texts_of(const std::vector<fact_slot>& slots) {
    std::vector<std::uint32_t> out;
    for (std::uint32_t s = 0; s < slots.size(); ++s) {
      if (slots[s].kind == field_kind::text) out.push_back(s);
    }
    return out;
  }

  void index_rules() {
    std::vector<bool> exact;
    for (std::uint32_t r = 0; r < out_.compiled.size(); ++r) {
      std::vector<box> boxes = boxes_of(out_.code, out_.compiled[r].root);
      if (boxes.empty()) boxes.push_back({.never = true});
      for (box& b : boxes) {
        exact.push_back(b.exact);
        out_.box_rule.push_back(r);
        out_.boxes.push_back(std::move(b));
      }
    }
    out_.index = match_index(out_.boxes, out_.cart_slots.size(), exact);
    out_.boxes_are_rules = out_.boxes.size() == out_.rules.size();
    for (std::size_t i = 0; i < exact.size(); ++i) {
      out_.boxes_are_rules = out_.boxes_are_rules && exact[i] && out_.box_rule[i] == i;
      if (!exact[i]) out_.box_rule[i] |= compiled_rules::ask;
    }
  }
  void index_lines() {
    out_.line_box_first.push_back(static_cast<std::uint32_t>(line_boxes_.size()));
    out_.line_index = match_index(line_boxes_, out_.line_slots.size(), out_.line_box_exact);
  }

  std::vector<field> cart_fields_;
  slot_book cart_;
  slot_book line_;
  std::vector<mistake>* mistakes_;
  bool lines_;
  compiled_rules out_{};
  std::vector<box> line_boxes_{};
  std::map<std::vector<std::int64_t>, std::uint32_t> seen_{};
};

}  // namespace tailor::inline v0::offer::detail

#endif  // TAILOR_OFFER_COMPILE_RULES_HPP
