#ifndef TAILOR_ADAPTERS_MUSTACHE_HPP
#define TAILOR_ADAPTERS_MUSTACHE_HPP

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "../core/result.hpp"
#include "../core/utf8.hpp"
#include "../offer/message.hpp"
#include "mustache_program.hpp"
#include "mustache_render.hpp"

namespace tailor::inline v0::adapters {

/// A place in a text, counted from 1; columns are characters.
struct text_place {
  std::size_t line = 1;
  std::size_t column = 1;

  friend constexpr bool operator==(const text_place&, const text_place&) = default;
};

/// Where a byte of a text is: of the offset in an error, for people. Cost: linear.
[[nodiscard]] constexpr text_place place_of(std::string_view text, std::size_t offset) {
  text_place place;
  for (std::size_t i = 0; i < offset && i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (text[i] == '\n') {
      place = {place.line + 1, 1};
    } else if (byte < 0x80 || byte >= 0xc0) {
      ++place.column;
    }
  }
  return place;
}

struct mustache_limits {
  std::size_t bytes = std::size_t{1} << 20;  ///< of a template
  std::size_t depth = 32;                    ///< of sections within each other in one template
  std::size_t partials = 1'024;
};

class mustache_partials;

/// A compiled Mustache template: {{name}} escaped, {{{name}}} and {{&name}} not, {{#section}},
/// {{^inverted}}, {{/end}}, {{! comment}}, {{> partial}}, {{=<% %>=}}, dotted names and {{.}},
/// after the public specification (mustache(5) and mustache/spec 1.4, its mandatory modules). There
/// are no lambdas, no inheritance and no partials by computed name: a template cannot call
/// anything. An empty text is false in a section; zero is not. Value type, safe to read from
/// several threads.
class mustache_template {
 public:
  /// malformed for a mistake in a tag, unknown for a tag of an optional module, full for too many
  /// nested sections, oversized, not_text when it is not UTF-8. `what` says which, `at` is the
  /// offset of the tag; place_of makes it a line and a column. Cost: linear.
  [[nodiscard]] static result<mustache_template> make(std::string text,
                                                      const mustache_limits& limits = {}) {
    if (text.size() > limits.bytes || text.size() >= UINT32_MAX / 2) {
      return error{errc::oversized, "template"};
    }
    if (!is_valid_utf8(text)) return error{errc::not_text, "template"};
    mustache_template made;
    made.program_.text = std::move(text);
    detail::mustache::compiler compiler(made.program_.text, limits.depth, made.program_.ops);
    if (const status s = compiler.run(); !s) return s;
    return made;
  }

  [[nodiscard]] const std::string& text() const { return program_.text; }

  /// Appends what the template becomes with that context. The fault of the context if it has one;
  /// full when output, depth or work go beyond the options; unknown and malformed as `missing`
  /// says. Nothing is appended then; `at` is an offset in the template or partial that the tag is
  /// in. Allocates nothing but output. Cost: linear in output and names looked up.
  status render(const offer::message_context& context, std::string& out,
                const mustache_options& options = {}) const {
    return detail::mustache::renderer(context, {}, options, out).run(program_);
  }
  status render(const offer::message_context& context, std::string& out,
                const mustache_partials& partials, const mustache_options& options = {}) const;

 private:
  friend class mustache_partials;

  mustache_template() = default;

  detail::mustache::program program_;
};

/// The partials that templates may name. They may name each other, and themselves.
class mustache_partials {
 public:
  explicit mustache_partials(const mustache_limits& limits = {}) : limits_(limits) {}

  /// Compiles one. Faults as mustache_template::make; duplicate name, empty_id, full.
  status add(std::string name, std::string text) {
    if (name.empty()) return error{errc::empty_id, "partial"};
    if (detail::mustache::find(programs_, name) != nullptr) {
      return error{errc::duplicate, "partial"};
    }
    if (programs_.size() >= limits_.partials) return error{errc::full, "partials"};
    auto made = mustache_template::make(std::move(text), limits_);
    if (!made) return made.error();
    const auto at =
        std::lower_bound(programs_.begin(), programs_.end(), name,
                         [](const auto& p, const std::string& n) { return p.first < n; });
    programs_.emplace(at, std::move(name), std::move(made->program_));
    return {};
  }

  [[nodiscard]] std::size_t size() const { return programs_.size(); }

 private:
  friend class mustache_template;

  detail::mustache::programs programs_;
  mustache_limits limits_;
};

inline status mustache_template::render(const offer::message_context& context, std::string& out,
                                        const mustache_partials& partials,
                                        const mustache_options& options) const {
  return detail::mustache::renderer(context, partials.programs_, options, out).run(program_);
}

}  // namespace tailor::inline v0::adapters

#endif  // TAILOR_ADAPTERS_MUSTACHE_HPP
