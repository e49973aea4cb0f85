// One self-contained HTML page: tables and SVG pictures, nothing loaded from anywhere.
#pragma once

#include <algorithm>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace demo {

inline std::string format(const char* how, ...) __attribute__((format(printf, 1, 2)));
inline std::string format(const char* how, ...) {
  va_list args;
  va_list again;
  va_start(args, how);
  va_copy(again, args);
  std::string text(static_cast<std::size_t>(std::vsnprintf(nullptr, 0, how, args)), '\0');
  std::vsnprintf(text.data(), text.size() + 1, how, again);
  va_end(again);
  va_end(args);
  return text;
}

inline std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

/// 8911407904 with exponent 3 → "8,911,407.904".
inline std::string grouped(std::uint64_t n, int exponent = 0) {
  std::string digits = std::to_string(n);
  while (digits.size() <= static_cast<std::size_t>(exponent)) digits.insert(0, "0");
  const std::size_t whole = digits.size() - static_cast<std::size_t>(exponent);
  std::string out;
  for (std::size_t i = 0; i < whole; ++i) {
    if (i > 0 && (whole - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return exponent == 0 ? out : out + "." + digits.substr(whole);
}

class page {
 public:
  explicit page(std::string_view title) {
    html_ =
        "<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport "
        "content='width=device-width'><title>" +
        escaped(title) +
        "</title><style>"
        "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
        "color:#1d2733;background:#fbfaf8}h1{font-size:1.6rem}h2{font-size:1.15rem;margin:2.2rem 0 "
        ".4rem;border-bottom:2px solid #d9d4ca}h3{font-size:1rem;margin:1.4rem 0 .2rem}"
        "table{border-collapse:collapse;width:100%;margin:.4rem 0 1rem}"
        "th,td{text-align:right;padding:.18rem .6rem;border-bottom:1px solid #e6e1d8}"
        "th{font-weight:600;color:#5c6670}td:first-child,th:first-child{text-align:left}"
        "tr:hover td{background:#f1ede4}p{margin:.4rem 0}.note{color:#5c6670;font-size:.9rem}"
        ".facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.6rem}"
        ".facts div{background:#fff;border:1px solid #e6e1d8;border-radius:.5rem;padding:.5rem "
        ".8rem}"
        ".facts b{display:block;font-size:1.15rem}svg{width:100%;height:auto;background:#fff;"
        "border:1px solid #e6e1d8;border-radius:.5rem}svg text{font:11px system-ui,sans-serif;"
        "fill:#5c6670}</style></head><body><h1>" +
        escaped(title) + "</h1>";
  }

  void heading(std::string_view text, int level = 2) {
    html_ += format("<h%d>", level) + escaped(text) + format("</h%d>", level);
  }
  void note(std::string_view text) { html_ += "<p class=note>" + escaped(text) + "</p>"; }
  void facts(const std::vector<std::pair<std::string, std::string>>& all) {
    html_ += "<div class=facts>";
    for (const auto& [value, what] : all) {
      html_ += "<div><b>" + escaped(value) + "</b>" + escaped(what) + "</div>";
    }
    html_ += "</div>";
  }
  void table(const std::vector<std::string>& head,
             const std::vector<std::vector<std::string>>& rows) {
    html_ += "<table><tr>";
    for (const auto& h : head) html_ += "<th>" + escaped(h) + "</th>";
    html_ += "</tr>";
    for (const auto& row : rows) {
      html_ += "<tr>";
      for (const auto& cell : row) html_ += "<td>" + escaped(cell) + "</td>";
      html_ += "</tr>";
    }
    html_ += "</table>";
  }

  /// A column for each value, labelled below where there is a label.
  void columns(const std::vector<double>& values, const std::vector<std::string>& labels,
               std::string_view unit) {
    const double top =
        values.empty() ? 1 : (std::max)(1.0, *std::max_element(values.begin(), values.end()));
    const double width = 880.0 / static_cast<double>((std::max)(values.size(), std::size_t{1}));
    html_ += "<svg viewBox='0 0 940 240' role=img>";
    for (const double part : {0.0, 0.5, 1.0}) {
      const double y = 200 - 175 * part;
      html_ += format(
          "<line x1=50 x2=930 y1=%.1f y2=%.1f stroke='#e6e1d8'/><text x=46 y=%.1f "
          "text-anchor=end>%.0f</text>",
          y, y, y + 4, top * part);
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double height = 175 * values[i] / top;
      const double x = 50 + width * static_cast<double>(i);
      html_ += format(
          "<rect x=%.1f y=%.1f width=%.1f height=%.1f fill='#3f7d6e'><title>%s: %.0f</title>"
          "</rect>",
          x, 200 - height, width * 0.86, height,
          i < labels.size() ? escaped(labels[i]).c_str() : "", values[i]);
      if (i < labels.size() && (values.size() < 15 || i % (values.size() / 10) == 0)) {
        html_ += format("<text x=%.1f y=216>%s</text>", x, escaped(labels[i]).c_str());
      }
    }
    html_ += "<text x=50 y=14>" + escaped(unit) + "</text></svg>";
  }

  struct bar {
    std::string label;
    double value;
    double expected;
  };
  /// A bar for each pair: what was counted, and a tick where chance alone would have put it.
  void bars(const std::vector<bar>& all) {
    double top = 1;
    for (const bar& b : all) top = (std::max)({top, b.value, b.expected});
    html_ += format("<svg viewBox='0 0 940 %zu' role=img>", all.size() * 24 + 30);
    double y = 8;
    for (const bar& b : all) {
      html_ +=
          format("<text x=330 y=%.0f text-anchor=end>%s</text>", y + 13, escaped(b.label).c_str());
      html_ += format("<rect x=340 y=%.0f width=%.1f height=16 fill='#3f7d6e'/>", y,
                      540 * b.value / top);
      html_ += format("<rect x=%.1f y=%.0f width=3 height=20 fill='#c8553d'/>",
                      340 + 540 * b.expected / top - 1, y - 2);
      html_ +=
          format("<text x=%.1f y=%.0f>%.0f</text>", 346 + 540 * b.value / top, y + 13, b.value);
      y += 24;
    }
    html_ += format(
        "<text x=340 y=%.0f>green: buyers of both; red tick: expected by chance</text></svg>",
        y + 12);
  }

  /// A picture of support/pictures.hpp.
  void picture(const std::string& svg) { html_ += svg; }

  [[nodiscard]] std::string html() const { return html_ + "</body></html>\n"; }

 private:
  std::string html_;
};

}  // namespace demo
