// Pictures as SVG text, for a page: a grid of cells, a scatter of groups, bars, two lines.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "page.hpp"

namespace demo {

/// Colours that stay apart for most eyes (Okabe and Ito), the first one that of the page.
inline const char* colour(std::size_t i) {
  constexpr const char* all[] = {"#3f7d6e", "#d55e00", "#0072b2", "#cc79a7",
                                 "#e69f00", "#56b4e9", "#7a5195", "#8c8c8c"};
  return all[i % (sizeof all / sizeof all[0])];
}

struct axis {
  std::string name;
  std::vector<std::string> labels;
};

/// Cells shaded by `values` and written with `texts`, row after row, the first row on top.
inline std::string grid(const axis& rows, const axis& columns, const std::vector<double>& values,
                        const std::vector<std::string>& texts) {
  const double top = (std::max)(1.0, *std::max_element(values.begin(), values.end()));
  const double width = 800.0 / static_cast<double>(columns.labels.size());
  std::string svg = format("<svg viewBox='0 0 940 %zu' role=img>", rows.labels.size() * 46 + 50);
  for (std::size_t r = 0; r < rows.labels.size(); ++r) {
    const double y = 30 + 46 * static_cast<double>(r);
    svg += format("<text x=112 y=%.0f text-anchor=end>%s</text>", y + 26,
                  escaped(rows.labels[r]).c_str());
    for (std::size_t c = 0; c < columns.labels.size(); ++c) {
      const std::size_t i = r * columns.labels.size() + c;
      const double share = std::sqrt(values[i] / top);  // by area, or the largest hides the rest
      svg += format(
          "<rect x=%.1f y=%.0f width=%.1f height=43 fill='#3f7d6e' fill-opacity='%.2f'/>"
          "<text x=%.1f y=%.0f text-anchor=middle style='fill:%s'>%s</text>",
          120 + width * static_cast<double>(c), y, width - 3, 0.04 + 0.9 * share,
          120 + width * (static_cast<double>(c) + 0.5) - 1, y + 26,
          share > 0.6 ? "#fff" : "#1d2733", escaped(texts[i]).c_str());
    }
  }
  for (std::size_t c = 0; c < columns.labels.size(); ++c) {
    svg += format("<text x=%.1f y=22 text-anchor=middle>%s</text>",
                  120 + width * (static_cast<double>(c) + 0.5), escaped(columns.labels[c]).c_str());
  }
  return svg + format(
                   "<text x=112 y=22 text-anchor=end>%s</text><text x=520 y=%zu "
                   "text-anchor=middle>%s</text></svg>",
                   escaped(rows.name).c_str(), rows.labels.size() * 46 + 46,
                   escaped(columns.name).c_str());
}

struct dot {
  double x;
  double y;
  std::size_t group;
};

/// A dot for each point, coloured by group, on logarithmic axes: x and y must be positive.
inline std::string scatter(const std::vector<dot>& dots, const std::vector<std::string>& groups,
                           std::string_view x_name, std::string_view y_name) {
  double x_low = 1e300, x_high = 0, y_low = 1e300, y_high = 0;
  for (const dot& d : dots) {
    x_low = (std::min)(x_low, d.x);
    x_high = (std::max)(x_high, d.x);
    y_low = (std::min)(y_low, d.y);
    y_high = (std::max)(y_high, d.y);
  }
  const auto place = [](double v, double low, double high) {
    return high > low ? std::log(v / low) / std::log(high / low) : 0.5;
  };
  std::string svg = "<svg viewBox='0 0 940 460' role=img>";
  const auto ticks = [](double low, double high) {
    std::vector<double> out;
    for (double t = std::pow(10, std::ceil(std::log10(low))); t <= high; t *= 10) out.push_back(t);
    return out;
  };
  for (const double t : ticks(x_low, x_high)) {
    const double x = 70 + 650 * place(t, x_low, x_high);
    svg += format(
        "<line x1=%.1f x2=%.1f y1=20 y2=420 stroke='#e6e1d8'/><text x=%.1f y=436 "
        "text-anchor=middle>%.0f</text>",
        x, x, x, t);
  }
  for (const double t : ticks(y_low, y_high)) {
    const double y = 420 - 400 * place(t, y_low, y_high);
    svg += format(
        "<line x1=70 x2=720 y1=%.1f y2=%.1f stroke='#e6e1d8'/><text x=64 y=%.1f "
        "text-anchor=end>%.0f</text>",
        y, y, y + 4, t);
  }
  for (const dot& d : dots) {
    svg += format("<circle cx=%.1f cy=%.1f r=2.6 fill='%s' fill-opacity='.6'/>",
                  70 + 650 * place(d.x, x_low, x_high), 420 - 400 * place(d.y, y_low, y_high),
                  colour(d.group));
  }
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const double y = 36 + 22 * static_cast<double>(g);
    svg += format("<circle cx=742 cy=%.0f r=5 fill='%s'/><text x=754 y=%.0f>%s</text>", y,
                  colour(g), y + 4, escaped(groups[g]).c_str());
  }
  return svg +
         format("<text x=395 y=454 text-anchor=middle>%s</text><text x=70 y=13>%s</text></svg>",
                escaped(x_name).c_str(), escaped(y_name).c_str());
}

struct stage {
  std::string name;
  double value;
  std::string text;
};

/// A bar for each stage, wide as its value.
inline std::string stages(const std::vector<stage>& all) {
  double top = 1;
  for (const stage& s : all) top = (std::max)(top, s.value);
  std::string svg = format("<svg viewBox='0 0 940 %zu' role=img>", all.size() * 28 + 16);
  double y = 10;
  for (const stage& s : all) {
    svg += format(
        "<text x=200 y=%.0f text-anchor=end>%s</text><rect x=210 y=%.0f width=%.1f "
        "height=20 fill='#3f7d6e'/><text x=%.1f y=%.0f>%s</text>",
        y + 14, escaped(s.name).c_str(), y, 480 * s.value / top, 218 + 480 * s.value / top, y + 14,
        escaped(s.text).c_str());
    y += 28;
  }
  return svg + "</svg>";
}

/// Two lines over the same labels, for instance what was predicted and what came.
inline std::string two_lines(const std::vector<std::string>& labels,
                             const std::vector<double>& first, std::string_view first_name,
                             const std::vector<double>& second, std::string_view second_name) {
  double top = 1e-9;
  for (const double v : first) top = (std::max)(top, v);
  for (const double v : second) top = (std::max)(top, v);
  const double step = 840.0 / static_cast<double>((std::max)(labels.size(), std::size_t{2}) - 1);
  std::string svg = "<svg viewBox='0 0 940 300' role=img>";
  for (const double part : {0.0, 0.5, 1.0}) {
    const double y = 250 - 210 * part;
    svg += format(
        "<line x1=60 x2=915 y1=%.1f y2=%.1f stroke='#e6e1d8'/><text x=54 y=%.1f "
        "text-anchor=end>%.3g</text>",
        y, y, y + 4, top * part);
  }
  const auto line = [&](const std::vector<double>& values, std::size_t which) {
    std::string points;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double x = 68 + step * static_cast<double>(i);
      const double y = 250 - 210 * values[i] / top;
      points += format("%.1f,%.1f ", x, y);
      svg += format("<circle cx=%.1f cy=%.1f r=3.5 fill='%s'><title>%s: %.3f</title></circle>", x,
                    y, colour(which), escaped(labels[i]).c_str(), values[i]);
    }
    svg += format("<polyline points='%s' fill=none stroke='%s' stroke-width='2'%s/>",
                  points.c_str(), colour(which), which == 0 ? "" : " stroke-dasharray='6 4'");
  };
  line(first, 0);
  line(second, 1);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    svg += format("<text x=%.1f y=268 text-anchor=middle>%s</text>",
                  68 + step * static_cast<double>(i), escaped(labels[i]).c_str());
  }
  return svg + format(
                   "<text x=80 y=20 style='fill:%s'>%s</text><text x=80 y=36 "
                   "style='fill:%s'>%s (dashed)</text></svg>",
                   colour(0), escaped(first_name).c_str(), colour(1), escaped(second_name).c_str());
}

/// A figure with its interval.
struct estimate {
  std::string label;
  double value = 0;
  double low = 0;
  double high = 0;
};

/// A bar for each figure, and a whisker over its interval.
inline std::string estimates(const std::vector<estimate>& all) {
  double top = 0;
  for (const estimate& e : all) top = (std::max)(top, e.high);
  if (!(top > 0)) top = 1;
  std::string out = format("<svg viewBox='0 0 940 %zu' role=img>", all.size() * 28 + 12);
  double y = 8;
  for (const estimate& e : all) {
    const auto x = [top](double v) { return 190 + 620 * v / top; };
    out += format("<text x=180 y=%.0f text-anchor=end>%s</text>", y + 14, escaped(e.label).c_str());
    out += format("<rect x=190 y=%.0f width=%.1f height=18 fill='#3f7d6e'/>", y, x(e.value) - x(0));
    out +=
        format("<path d='M%.1f %.0fH%.1fM%.1f %.0fv8M%.1f %.0fv8' stroke='#1d2733' fill='none'/>",
               x(e.low), y + 9, x(e.high), x(e.low), y + 5, x(e.high), y + 5);
    out += format("<text x=%.1f y=%.0f>%.4f</text>", x(e.high) + 8, y + 14, e.value);
    y += 28;
  }
  return out + "</svg>";
}

}  // namespace demo
