#ifndef TAILOR_SEGMENT_RULE_NAMES_HPP
#define TAILOR_SEGMENT_RULE_NAMES_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/ids.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "../events/line.hpp"
#include "orders.hpp"
#include "property.hpp"
#include "standing.hpp"

namespace tailor::inline v0::segment {

/// A property that a source knows, under its place there.
struct property_declaration {
  std::string name;
  property_type type = property_type::text;
};

/// What rules may speak of: properties of shoppers and items, and models. Refers to the sources and
/// models, which have to outlive every book made with it. A change of theirs that no event tells
/// of is the host's to report (`memberships::changed`, `memberships::rebuild`).
class rule_names {
 public:
  template <class Id>
  struct property {
    std::string name;
    property_type type = property_type::none;
    const void* source = nullptr;
    property_value (*read)(const void*, Id, std::size_t) = nullptr;
    std::size_t number = 0;

    [[nodiscard]] property_value value(Id id) const { return read(source, id, number); }
  };
  struct model {
    std::string name;
    const void* object = nullptr;
    std::optional<std::int64_t> (*value)(const void*, std::span<const events::line>, timestamp,
                                         order_reader&) = nullptr;
    timestamp (*until)(const void*, std::span<const events::line>, timestamp, std::int64_t,
                       std::int64_t, order_reader&) = nullptr;
    std::vector<std::string> labels{};  ///< of the values 0, 1, …
  };

  /// Properties of shoppers: the i-th declaration is property i of the source. conflict when a name
  /// is taken, with its place among them; nothing is added then.
  template <property_source<user_id> P>
  status shoppers(const P& source, const std::vector<property_declaration>& properties) {
    return add<user_id>(shoppers_, source, properties);
  }
  /// Properties of items, likewise.
  template <property_source<item_id> P>
  status items(const P& source, const std::vector<property_declaration>& properties) {
    return add<item_id>(items_, source, properties);
  }
  /// A model; `labels` name its values from 0 on. conflict when the name is taken.
  template <standing M>
  status stands(std::string name, const M& m, std::vector<std::string> labels = {}) {
    if (find_model(name)) return error{errc::conflict, "model"};
    model out;
    out.name = std::move(name);
    out.object = &m;
    out.value = [](const void* p, std::span<const events::line> past, timestamp now,
                   order_reader& scratch) {
      return static_cast<const M*>(p)->value(past, now, scratch);
    };
    out.until = [](const void* p, std::span<const events::line> past, timestamp now,
                   std::int64_t low, std::int64_t high, order_reader& scratch) {
      return static_cast<const M*>(p)->until(past, now, low, high, scratch);
    };
    out.labels = std::move(labels);
    models_.push_back(std::move(out));
    return {};
  }

  [[nodiscard]] std::optional<std::size_t> find_shopper_property(std::string_view name) const {
    return find(shoppers_, name);
  }
  [[nodiscard]] std::optional<std::size_t> find_item_property(std::string_view name) const {
    return find(items_, name);
  }
  [[nodiscard]] std::optional<std::size_t> find_model(std::string_view name) const {
    return find(models_, name);
  }
  [[nodiscard]] const property<user_id>& shopper_property(std::size_t i) const {
    return shoppers_[i];
  }
  [[nodiscard]] const property<item_id>& item_property(std::size_t i) const { return items_[i]; }
  [[nodiscard]] const model& model_at(std::size_t i) const { return models_[i]; }

 private:
  template <class All>
  static std::optional<std::size_t> find(const All& all, std::string_view name) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i].name == name) return i;
    }
    return std::nullopt;
  }
  template <class Id, class P>
  static status add(std::vector<property<Id>>& all, const P& source,
                    const std::vector<property_declaration>& properties) {
    const std::size_t before = all.size();
    for (std::size_t i = 0; i < properties.size(); ++i) {
      if (find(all, properties[i].name)) {
        all.resize(before);
        return error{errc::conflict, "property", i};
      }
      all.push_back({properties[i].name, properties[i].type, &source,
                     [](const void* p, Id id, std::size_t number) {
                       return static_cast<const P*>(p)->value(id, number);
                     },
                     i});
    }
    return {};
  }

  std::vector<property<user_id>> shoppers_;
  std::vector<property<item_id>> items_;
  std::vector<model> models_;
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_RULE_NAMES_HPP
