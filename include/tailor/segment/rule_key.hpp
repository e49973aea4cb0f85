#ifndef TAILOR_SEGMENT_RULE_KEY_HPP
#define TAILOR_SEGMENT_RULE_KEY_HPP

#include <cstddef>
#include <cstdint>
#include <string>

#include "rule.hpp"

namespace tailor::inline v0::segment::detail {

/// Bytes that are equal for equal tests alone: every part in its order, lists with their length.
class rule_key {
 public:
  [[nodiscard]] std::string of(const rule& r) {
    number(r.is.index());
    if (const auto* t = std::get_if<event_test>(&r.is)) {
      put(t->which);
      number(static_cast<std::uint8_t>(t->what));
      put(t->when);
      number(static_cast<std::uint8_t>(t->op));
      number(static_cast<std::uint64_t>(t->bound));
    } else if (const auto* p = std::get_if<property_test>(&r.is)) {
      put(*p);
    } else if (const auto* m = std::get_if<membership_test>(&r.is)) {
      text(m->segment);
      put(m->joined);
    } else if (const auto* s = std::get_if<standing_test>(&r.is)) {
      text(s->model);
      number(static_cast<std::uint64_t>(s->low));
      number(static_cast<std::uint64_t>(s->high));
      text(s->label);
    } else if (const auto* f = std::get_if<funnel_test>(&r.is)) {
      number(f->steps.size());
      for (const funnel_step& step : f->steps) {
        put(step.which);
        number(step.happened ? 1 : 0);
      }
      number(static_cast<std::uint64_t>(f->within.us));
      put(f->when);
    }
    return std::move(bytes_);
  }

 private:
  void number(std::uint64_t n) {
    for (int i = 0; i < 8; ++i) bytes_ += static_cast<char>(n >> 8 * i & 0xFF);
  }
  void text(const std::string& s) {
    number(s.size());
    bytes_ += s;
  }
  void put(const timeframe& f) {
    for (const std::int64_t n : {f.near.us, f.far.us, f.from.us, f.to.us}) {
      number(static_cast<std::uint64_t>(n));
    }
  }
  void put(const property_test& t) {
    text(t.name);
    number(static_cast<std::uint8_t>(t.op));
    number(t.numbers.size());
    for (const std::int64_t n : t.numbers) number(static_cast<std::uint64_t>(n));
    number(t.texts.size());
    for (const std::string& s : t.texts) text(s);
    put(t.when);
  }
  void put(const event_filter& f) {
    number(f.kinds.size());
    for (const events::event_kind k : f.kinds) number(static_cast<std::uint8_t>(k));
    number(f.items.size());
    for (const item_id i : f.items) number(raw(i));
    for (const std::int64_t n : {f.least_price, f.most_price, f.least_quantity, f.most_quantity}) {
      number(static_cast<std::uint64_t>(n));
    }
    number(f.item.size());
    for (const property_test& t : f.item) put(t);
  }

  std::string bytes_;
};

[[nodiscard]] inline std::string key_of(const rule& r) { return rule_key().of(r); }

}  // namespace tailor::inline v0::segment::detail

#endif  // TAILOR_SEGMENT_RULE_KEY_HPP
