#ifndef TAILOR_ADAPTERS_ARROW_SCHEMA_HPP
#define TAILOR_ADAPTERS_ARROW_SCHEMA_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "../core/errc.hpp"
#include "../core/result.hpp"
#include "../events/text_event.hpp"
#include "arrow_abi.hpp"
#include "arrow_format.hpp"

namespace tailor::inline v0::adapters {

/// What an integer in the column of prices counts. In floating point, decimals and texts a price is
/// in whole units always.
enum class integer_prices : std::uint8_t {
  whole_units,  ///< 12 is twelve pounds, as in CSV and JSON
  minor_units,  ///< 12 is twelve pence: units of 10^-price_exponent
};

struct arrow_options {
  integer_prices integers = integer_prices::whole_units;
  std::size_t max_rows = std::size_t{1} << 20;  ///< at once; larger batches come in slices. Not 0.
};

namespace detail {

enum class arrow_field : std::uint8_t {
  id,
  user,
  visitor,
  item,
  kind,
  time,
  quantity,
  unit_price,
  order,
};
inline constexpr std::size_t arrow_fields = 9;

struct arrow_field_name {
  std::string_view events::field_names::* theirs;
  const char* ours;
};
inline constexpr std::array<arrow_field_name, arrow_fields> arrow_field_names{{
    {&events::field_names::id, "id"},
    {&events::field_names::user, "user"},
    {&events::field_names::visitor, "visitor"},
    {&events::field_names::item, "item"},
    {&events::field_names::kind, "kind"},
    {&events::field_names::time, "time"},
    {&events::field_names::quantity, "quantity"},
    {&events::field_names::unit_price, "unit_price"},
    {&events::field_names::order, "order"},
}};

/// Which child of a batch is which column of events, and of what type.
struct arrow_schema {
  struct column {
    std::int64_t child;
    arrow_format format;
  };
  const ArrowSchema* source = nullptr;
  std::array<std::optional<column>, arrow_fields> columns;

  [[nodiscard]] const std::optional<column>& of(arrow_field f) const {
    return columns[static_cast<std::size_t>(f)];
  }

  /// malformed "schema" when it is no sound struct; malformed with our name of a column that is
  /// there twice or of a type that cannot be it; unknown with that of one that is missing. `schema`
  /// has to outlive the answer.
  [[nodiscard]] static result<arrow_schema> make(const ArrowSchema& schema,
                                                 const events::field_names& names,
                                                 const events::text_options& how) {
    if (schema.format == nullptr || schema.n_children < 0 || schema.n_children > INT32_MAX ||
        (schema.n_children > 0 && schema.children == nullptr))
      return error{errc::malformed, "schema"};
    if (std::string_view(schema.format) != "+s" || schema.dictionary != nullptr)
      return error{errc::malformed, "schema"};
    arrow_schema out;
    out.source = &schema;
    for (std::int64_t i = 0; i < schema.n_children; ++i) {
      const ArrowSchema* const child = schema.children[i];
      if (child == nullptr) return error{errc::malformed, "schema"};
      if (child->name == nullptr) continue;
      for (std::size_t f = 0; f < arrow_fields; ++f) {
        const std::string_view name = names.*arrow_field_names[f].theirs;
        if (name.empty() || name != child->name) continue;
        const char* const ours = arrow_field_names[f].ours;
        if (out.columns[f]) return error{errc::malformed, ours};
        const auto format = format_of(*child);
        if (!format || child->n_children != 0 || !can_be(static_cast<arrow_field>(f), *format, how))
          return error{errc::malformed, ours};
        if (format->type == arrow_type::null) continue;  // as if it were not there
        out.columns[f] = column{i, *format};
      }
    }
    if (!out.of(arrow_field::user) && !out.of(arrow_field::visitor))
      return error{errc::unknown, "user"};
    if (!out.of(arrow_field::time)) return error{errc::unknown, "time"};
    if (!out.of(arrow_field::kind) && !how.if_absent) return error{errc::unknown, "kind"};
    // Handles of names and ids that are numbers would be taken for each other.
    const auto& user = out.of(arrow_field::user);
    const auto& visitor = out.of(arrow_field::visitor);
    if (user && visitor && user->format.is_text() != visitor->format.is_text())
      return error{errc::malformed, "visitor"};
    return out;
  }

 private:
  /// That of the texts where there is a dictionary. As arrow_column::make, or malformed.
  [[nodiscard]] static result<arrow_format> format_of(const ArrowSchema& child) {
    const auto own = parse_arrow_format(child.format);
    if (!own || child.dictionary == nullptr) return own;
    const auto texts = parse_arrow_format(child.dictionary->format);
    if (!own->is_integer() || !texts || !texts->is_text() ||
        child.dictionary->dictionary != nullptr)
      return errc::malformed;
    return texts;
  }

  [[nodiscard]] static bool can_be(arrow_field field, const arrow_format& f,
                                   const events::text_options& how) {
    if (f.type == arrow_type::null || f.is_text()) return true;
    const bool moment = f.unit != arrow_unit::none;
    if (field == arrow_field::time)
      return moment || (f.is_integer() && how.time != events::time_format::iso8601);
    if (field == arrow_field::quantity || field == arrow_field::unit_price) return !moment;
    return f.is_integer();
  }
};

}  // namespace detail
}  // namespace tailor::inline v0::adapters

#endif  // TAILOR_ADAPTERS_ARROW_SCHEMA_HPP
