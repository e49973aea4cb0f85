#ifndef TAILOR_ADAPTERS_SEGMENT_JSON_WRITE_HPP
#define TAILOR_ADAPTERS_SEGMENT_JSON_WRITE_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "../core/ids.hpp"
#include "../core/json_writer.hpp"
#include "../core/time.hpp"
#include "../events/vocabulary.hpp"
#include "../segment/rule.hpp"
#include "segment_json_time.hpp"

namespace tailor::inline v0::adapters {

namespace detail {

/// Appends JSON; members in a fixed order, what is as by default left out.
class segment_json_writer : public json_writer {
 public:
  void write(const segment::segment_definition& d) {
    out += "{\"name\":";
    text(d.name);
    out += ",\"who\":";
    write(d.who);
    out += '}';
  }

 private:
  void frame(const char* name, const segment::timeframe& f) {
    if (f == segment::always()) return;
    member(name);
    out += '{';
    if (f.near.us == 0 && f.far.us != INT64_MAX) {
      member("last");
      out += length_text(f.far);
    } else {
      if (f.near.us != INT64_MIN) {
        member("near");
        out += length_text(f.near);
      }
      if (f.far.us != INT64_MAX) {
        member("far");
        out += length_text(f.far);
      }
    }
    if (f.from.us != INT64_MIN) member("from", f.from.us);
    if (f.to.us != INT64_MAX) member("to", f.to.us);
    out += '}';
  }
  void range(const char* name, std::int64_t from, std::int64_t to) {
    if (from == INT64_MIN && to == INT64_MAX) return;
    member(name);
    out += '{';
    if (from != INT64_MIN) member("from", from);
    if (to != INT64_MAX) member("to", to);
    out += '}';
  }
  void filter(const segment::event_filter& f) {
    member("of");
    out += '{';
    if (!f.kinds.empty()) {
      member("kinds");
      out += '[';
      for (const events::event_kind k : f.kinds) {
        comma();
        text(events::name_of(k));
      }
      out += ']';
    }
    if (!f.items.empty()) {
      member("items");
      out += '[';
      for (const item_id i : f.items) {
        comma();
        out += std::to_string(raw(i));
      }
      out += ']';
    }
    range("price", f.least_price, f.most_price);
    range("quantity", f.least_quantity, f.most_quantity);
    if (!f.item.empty()) {
      member("item");
      out += '[';
      for (const segment::property_test& t : f.item) {
        comma();
        write(t);
      }
      out += ']';
    }
    out += '}';
  }

  void write(const segment::rule& r) {
    using namespace segment;
    if (const group* g = std::get_if<group>(&r.is)) {
      out += '{';
      if (g->how == joined_by::none && g->parts.size() == 1) {
        member("not");
        write(g->parts.front());
      } else {
        member(g->how == joined_by::all ? "all" : "any");
        out += '[';
        for (const rule& part : g->parts) {
          comma();
          write(part);
        }
        out += ']';
      }
      out += '}';
    }
    if (const auto* t = std::get_if<event_test>(&r.is)) write(*t);
    if (const auto* t = std::get_if<property_test>(&r.is)) write(*t);
    if (const auto* t = std::get_if<funnel_test>(&r.is)) write(*t);
    if (const auto* t = std::get_if<membership_test>(&r.is)) {
      out += '{';
      member("member", t->segment);
      frame("joined", t->joined);
      out += '}';
    }
    if (const auto* t = std::get_if<standing_test>(&r.is)) {
      out += '{';
      member("model", t->model);
      if (t->label.empty()) {
        member("low", t->low);
        member("high", t->high);
      } else {
        member("label", t->label);
      }
      out += '}';
    }
  }
  void write(const segment::event_test& t) {
    out += '{';
    member("measure", name_of(t.what));
    filter(t.which);
    frame("when", t.when);
    member("is", name_of(t.op));
    member("bound", t.bound);
    out += '}';
  }
  void write(const segment::property_test& t) {
    out += '{';
    member("property", t.name);
    member("is", name_of(t.op));
    if (!t.numbers.empty()) {
      member("numbers");
      out += '[';
      for (const std::int64_t n : t.numbers) {
        comma();
        out += std::to_string(n);
      }
      out += ']';
    }
    if (!t.texts.empty()) {
      member("texts");
      out += '[';
      for (const std::string& s : t.texts) {
        comma();
        text(s);
      }
      out += ']';
    }
    frame("when", t.when);
    out += '}';
  }
  void write(const segment::funnel_test& t) {
    out += '{';
    member("funnel");
    out += '[';
    for (const segment::funnel_step& s : t.steps) {
      comma();
      out += '{';
      filter(s.which);
      if (!s.happened) {
        member("happened");
        out += "false";
      }
      out += '}';
    }
    out += ']';
    member("within");
    out += length_text(t.within);
    frame("when", t.when);
    out += '}';
  }
};

}  // namespace detail

/// Segments as JSON that `read_segment_json` reads back as equal definitions, those of a book
/// (a group of none without its one part, which no book has, is not written as such). Equal
/// definitions give equal bytes. Names have to be UTF-8. Needs no JSON library. Cost: O(bytes).
[[nodiscard]] inline std::string write_segment_json(
    std::span<const segment::segment_definition> all) {
  return json_list(detail::segment_json_writer(), all);
}

}  // namespace tailor::inline v0::adapters

#endif  // TAILOR_ADAPTERS_SEGMENT_JSON_WRITE_HPP
