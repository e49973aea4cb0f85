#ifndef TAILOR_ADAPTERS_SEGMENT_JSON_WRITE_HPP
#define TAILOR_ADAPTERS_SEGMENT_JSON_WRITE_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "../core/ids.hpp"
#include "../core/time.hpp"
#include "../events/vocabulary.hpp"
#include "../segment/rule.hpp"
#include "segment_json_time.hpp"

namespace tailor::inline v0::adapters {

namespace detail {

/// Appends JSON; members in a fixed order, what is as by default left out.
class segment_json_writer {
 public:
  void write(const segment::segment_definition& d) {
    out_ += "{\"name\":";
    text(d.name);
    out_ += ",\"who\":";
    write(d.who);
    out_ += '}';
  }
  std::string out_;

 private:
  void text(std::string_view s) {
    out_ += '"';
    for (const char c : s) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\') {
        out_ += '\\';
        out_ += c;
      } else if (byte < 0x20) {
        constexpr char digits[] = "0123456789abcdef";
        out_ += "\\u00";
        out_ += digits[byte >> 4];
        out_ += digits[byte & 15];
      } else {
        out_ += c;
      }
    }
    out_ += '"';
  }
  void member(const char* name) {
    if (out_.back() != '{') out_ += ',';
    text(name);
    out_ += ':';
  }
  void member(const char* name, std::string_view value) {
    member(name);
    text(value);
  }
  void member(const char* name, std::int64_t value) {
    member(name);
    out_ += std::to_string(value);
  }
  void comma() {
    if (out_.back() != '[') out_ += ',';
  }
  void frame(const char* name, const segment::timeframe& f) {
    if (f == segment::always()) return;
    member(name);
    out_ += '{';
    if (f.near.us == 0 && f.far.us != INT64_MAX) {
      member("last");
      out_ += length_text(f.far);
    } else {
      if (f.near.us != INT64_MIN) {
        member("near");
        out_ += length_text(f.near);
      }
      if (f.far.us != INT64_MAX) {
        member("far");
        out_ += length_text(f.far);
      }
    }
    if (f.from.us != INT64_MIN) member("from", f.from.us);
    if (f.to.us != INT64_MAX) member("to", f.to.us);
    out_ += '}';
  }
  void range(const char* name, std::int64_t from, std::int64_t to) {
    if (from == INT64_MIN && to == INT64_MAX) return;
    member(name);
    out_ += '{';
    if (from != INT64_MIN) member("from", from);
    if (to != INT64_MAX) member("to", to);
    out_ += '}';
  }
  void filter(const segment::event_filter& f) {
    member("of");
    out_ += '{';
    if (!f.kinds.empty()) {
      member("kinds");
      out_ += '[';
      for (const events::event_kind k : f.kinds) {
        comma();
        text(events::name_of(k));
      }
      out_ += ']';
    }
    if (!f.items.empty()) {
      member("items");
      out_ += '[';
      for (const item_id i : f.items) {
        comma();
        out_ += std::to_string(raw(i));
      }
      out_ += ']';
    }
    range("price", f.least_price, f.most_price);
    range("quantity", f.least_quantity, f.most_quantity);
    if (!f.item.empty()) {
      member("item");
      out_ += '[';
      for (const segment::property_test& t : f.item) {
        comma();
        write(t);
      }
      out_ += ']';
    }
    out_ += '}';
  }

  void write(const segment::rule& r) {
    using namespace segment;
    if (const group* g = std::get_if<group>(&r.is)) {
      out_ += '{';
      if (g->how == joined_by::none && g->parts.size() == 1) {
        member("not");
        write(g->parts.front());
      } else {
        member(g->how == joined_by::all ? "all" : "any");
        out_ += '[';
        for (const rule& part : g->parts) {
          comma();
          write(part);
        }
        out_ += ']';
      }
      out_ += '}';
    }
    if (const auto* t = std::get_if<event_test>(&r.is)) write(*t);
    if (const auto* t = std::get_if<property_test>(&r.is)) write(*t);
    if (const auto* t = std::get_if<funnel_test>(&r.is)) write(*t);
    if (const auto* t = std::get_if<membership_test>(&r.is)) {
      out_ += '{';
      member("member", t->segment);
      frame("joined", t->joined);
      out_ += '}';
    }
    if (const auto* t = std::get_if<standing_test>(&r.is)) {
      out_ += '{';
      member("model", t->model);
      if (t->label.empty()) {
        member("low", t->low);
        member("high", t->high);
      } else {
        member("label", t->label);
      }
      out_ += '}';
    }
  }
  void write(const segment::event_test& t) {
    out_ += '{';
    member("measure", name_of(t.what));
    filter(t.which);
    frame("when", t.when);
    member("is", name_of(t.op));
    member("bound", t.bound);
    out_ += '}';
  }
  void write(const segment::property_test& t) {
    out_ += '{';
    member("property", t.name);
    member("is", name_of(t.op));
    if (!t.numbers.empty()) {
      member("numbers");
      out_ += '[';
      for (const std::int64_t n : t.numbers) {
        comma();
        out_ += std::to_string(n);
      }
      out_ += ']';
    }
    if (!t.texts.empty()) {
      member("texts");
      out_ += '[';
      for (const std::string& s : t.texts) {
        comma();
        text(s);
      }
      out_ += ']';
    }
    frame("when", t.when);
    out_ += '}';
  }
  void write(const segment::funnel_test& t) {
    out_ += '{';
    member("funnel");
    out_ += '[';
    for (const segment::funnel_step& s : t.steps) {
      comma();
      out_ += '{';
      filter(s.which);
      if (!s.happened) {
        member("happened");
        out_ += "false";
      }
      out_ += '}';
    }
    out_ += ']';
    member("within");
    out_ += length_text(t.within);
    frame("when", t.when);
    out_ += '}';
  }
};

}  // namespace detail

/// Segments as JSON that `read_segment_json` reads back as equal definitions, those of a book
/// (a group of none without its one part, which no book has, is not written as such). Equal
/// definitions give equal bytes. Names have to be UTF-8. Needs no JSON library. Cost: O(bytes).
[[nodiscard]] inline std::string write_segment_json(
    std::span<const segment::segment_definition> all) {
  detail::segment_json_writer writer;
  writer.out_ = "[";
  for (std::size_t i = 0; i < all.size(); ++i) {
    writer.out_ += i == 0 ? "\n" : ",\n";
    writer.write(all[i]);
  }
  writer.out_ += all.empty() ? "]\n" : "\n]\n";
  return std::move(writer.out_);
}

}  // namespace tailor::inline v0::adapters

#endif  // TAILOR_ADAPTERS_SEGMENT_JSON_WRITE_HPP
