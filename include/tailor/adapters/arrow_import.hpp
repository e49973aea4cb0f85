#ifndef TAILOR_ADAPTERS_ARROW_IMPORT_HPP
#define TAILOR_ADAPTERS_ARROW_IMPORT_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>
#include <vector>

#include "../core/errc.hpp"
#include "../core/ids.hpp"
#include "../core/interner.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "../events/columns.hpp"
#include "../events/kind.hpp"
#include "../events/report.hpp"
#include "../events/text_event.hpp"
#include "arrow_abi.hpp"
#include "arrow_cells.hpp"
#include "arrow_column.hpp"
#include "arrow_format.hpp"
#include "arrow_schema.hpp"
#include "arrow_texts.hpp"

namespace tailor::inline v0::adapters::detail {

/// Some rows of a batch as columns of events: where a type is ours they are read in place.
class arrow_import {
 public:
  arrow_import(const arrow_schema& schema, const events::text_options& how,
               const arrow_options& options)
      : schema_(schema), how_(how), options_(options) {}

  /// Rows [from, from + rows) of `batch`, which are the ones from `number` on. Refused rows are
  /// left out and reported. The columns are valid until the next call, and as long as the batch.
  /// malformed, with our name of the column, when the structure of the batch is not sound. Nothing
  /// is interned then.
  [[nodiscard]] result<events::columns> read(const ArrowArray& batch, std::int64_t from,
                                             std::int64_t rows, std::uint64_t number,
                                             events::name_tables& tables,
                                             events::ingest_report& report) {
    rows_ = static_cast<std::size_t>(rows);
    faults_.clear();
    out_ = {};
    std::array<std::optional<arrow_column>, arrow_fields> c;
    for (std::size_t f = 0; f < arrow_fields; ++f) {
      const auto& wanted = schema_.columns[f];
      if (!wanted) continue;
      const std::int64_t child = wanted->child;
      const ArrowArray* const array = batch.children[child];
      const char* const name = arrow_field_names[f].ours;
      if (array == nullptr) return error{errc::malformed, name};
      const auto checked =
          arrow_column::make(*schema_.source->children[child], *array, batch.offset + from, rows);
      if (!checked) return error{checked.code(), name};
      c[f] = *checked;
    }
    refuse_null_rows(batch, from);
    const auto at = [&](arrow_field f) -> const arrow_column* {
      const std::optional<arrow_column>& column = c[static_cast<std::size_t>(f)];
      return column ? &*column : nullptr;
    };
    const auto texts = [&](arrow_field f) -> std::optional<arrow_texts> {
      if (!at(f) || !at(f)->format().is_text()) return std::nullopt;
      return arrow_texts(*at(f), how_);
    };
    const arrow_field who = at(arrow_field::user) ? arrow_field::user : arrow_field::visitor;
    const arrow_field otherwise = arrow_field::visitor;
    auto users = texts(who), visitors = who == otherwise ? std::nullopt : texts(otherwise);
    auto items = texts(arrow_field::item), orders = texts(arrow_field::order);
    auto event_ids = texts(arrow_field::id);
    read_users(*at(who), users, at(otherwise), visitors);
    ids(at(arrow_field::item), items, "item", no_item, item_, out_.item);
    ids(at(arrow_field::order), orders, "order", no_order, order_, out_.order);
    ids(at(arrow_field::id), event_ids, "id", no_event, id_, out_.id);
    if (at(arrow_field::kind)) {
      fill(kind_, out_.kind, "kind", events::event_kind::custom,
           [&](std::int64_t i) { return kind_at(*at(arrow_field::kind), i, how_); });
    } else {
      out_.all_kinds = how_.if_absent.value_or(events::event_kind::custom);  // asked for before
    }
    times(*at(arrow_field::time));
    if (at(arrow_field::quantity)) quantities(*at(arrow_field::quantity));
    if (at(arrow_field::unit_price)) prices(*at(arrow_field::unit_price));

    // Every check is behind us: from here on names become handles.
    if (users) name_users(tables.users, *users, visitors);
    if (items) name(tables.items, *items, "item", item_);
    if (orders) name(tables.orders, *orders, "order", order_);
    leave_out_refused(number, report);
    return out_;
  }

 private:
  struct fault {
    errc code = errc::ok;
    const char* field = "";
  };

  void refuse(std::size_t row, errc code, const char* field) {
    if (faults_.empty()) faults_.resize(rows_);
    if (faults_[row].code == errc::ok) faults_[row] = {code, field};
  }
  [[nodiscard]] bool refused(std::size_t row) const {
    return !faults_.empty() && faults_[row].code != errc::ok;
  }

  /// A batch is a struct array; where the struct is null there is no row.
  void refuse_null_rows(const ArrowArray& batch, std::int64_t from) {
    if (batch.null_count == 0 || batch.buffers == nullptr || batch.buffers[0] == nullptr) return;
    const auto* const valid = static_cast<const unsigned char*>(batch.buffers[0]);
    for (std::size_t i = 0; i < rows_; ++i) {
      const std::int64_t bit = batch.offset + from + static_cast<std::int64_t>(i);
      if ((valid[bit >> 3] >> (bit & 7) & 1) == 0) refuse(i, errc::malformed, "row");
    }
  }

  /// `own` filled row by row with what `f(i)` gives, a result; `absent` where it is refused.
  template <class T, class F>
  void fill(std::vector<T>& own, std::span<const T>& out, const char* field, T absent, F f) {
    own.assign(rows_, absent);
    for (std::size_t i = 0; i < rows_; ++i) {
      if (const result<T> value = f(static_cast<std::int64_t>(i))) {
        own[i] = *value;
      } else {
        refuse(i, value.code(), field);
      }
    }
    out = own;
  }

  /// Integers of 64 bits are the ids themselves, if none is refused.
  template <class Id>
  [[nodiscard]] bool ids_in_place(const arrow_column& c, std::span<const Id>& out) const {
    std::span<const std::uint64_t> n;
    const arrow_type type = c.format().type;
    if ((type != arrow_type::uint64 && type != arrow_type::int64) || !in_place(c, n)) return false;
    const std::uint64_t least = type == arrow_type::int64 ? std::uint64_t{1} << 63 : UINT64_MAX;
    std::uint64_t wrong = 0;
    for (std::size_t i = 0; i < rows_; ++i) wrong |= std::uint64_t{n[i] >= least};
    if (wrong != 0) return false;
    out = {reinterpret_cast<const Id*>(n.data()), rows_};
    return true;
  }

  template <class Id>
  void ids(const arrow_column* c, std::optional<arrow_texts>& texts, const char* field, Id none,
           std::vector<Id>& own, std::span<const Id>& out) {
    if (!c || ids_in_place(*c, out)) return;
    fill(own, out, field, none, [&](std::int64_t i) -> result<Id> {
      if (!texts) {
        if (c->is_null(i)) return none;
        return integer_id<Id>(*c, i);
      }
      const errc e = texts->check(i);
      if (e == errc::empty_id) return none;
      if (e != errc::ok) return e;
      if constexpr (std::is_same_v<Id, event_id>) return events::event_id_of(texts->text(i));
      return none;  // gets its handle later
    });
  }

  /// The visitor stands in where there is no user.
  void read_users(const arrow_column& user, std::optional<arrow_texts>& users,
                  const arrow_column* visitor, std::optional<arrow_texts>& visitors) {
    if (ids_in_place(user, out_.user)) return;
    fill(user_, out_.user, "user", user_id{}, [&](std::int64_t i) -> result<user_id> {
      if (users) {
        errc e = users->check(i);
        if (e == errc::empty_id && visitors) e = visitors->check(i);
        if (e != errc::ok) return e;
        return user_id{};
      }
      if (!user.is_null(i)) return integer_id<user_id>(user, i);
      if (!visitor || visitor->is_null(i)) return errc::empty_id;
      return integer_id<user_id>(*visitor, i);
    });
  }

  /// Every row where it lies, as T; false when there may be nulls or the buffer is not aligned.
  template <class T>
  [[nodiscard]] bool in_place(const arrow_column& c, std::span<const T>& out) const {
    const void* const first = c.values().plain();
    if (first == nullptr || reinterpret_cast<std::uintptr_t>(first) % alignof(T) != 0) return false;
    out = {static_cast<const T*>(first), rows_};
    return true;
  }

  void times(const arrow_column& c) {
    const time_scale scale(c.format(), how_);
    if (c.format().type == arrow_type::int64 && scale.unit == arrow_unit::microseconds &&
        scale.ahead_of_utc == 0 && in_place(c, out_.at))
      return;
    fill(at_, out_.at, "time", timestamp{},
         [&](std::int64_t i) { return time_at(c, i, how_, scale); });
  }

  void quantities(const arrow_column& c) {
    if (c.format().type == arrow_type::int32 && in_place(c, out_.quantity)) return;
    fill(quantity_, out_.quantity, "quantity", std::int32_t{1},
         [&](std::int64_t i) { return quantity_at(c, i); });
  }

  void prices(const arrow_column& c) {
    const bool minor = c.format().is_integer() && options_.integers == integer_prices::minor_units;
    if (minor && c.format().type == arrow_type::int64 && in_place(c, out_.unit_price)) return;
    const int exponent = minor ? 0 : how_.price_exponent;
    fill(price_, out_.unit_price, "unit_price", std::int64_t{0},
         [&](std::int64_t i) { return price_at(c, i, exponent); });
  }

  [[nodiscard]] bool sound(std::int64_t row) const {
    return !refused(static_cast<std::size_t>(row));
  }

  template <class Id>
  [[nodiscard]] auto handle_taker(const char* field, std::vector<Id>& own) {
    return [this, field, &own](std::int64_t row, const result<std::uint32_t>& handle) {
      if (handle) {
        own[static_cast<std::size_t>(row)] = Id{*handle};
      } else {
        refuse(static_cast<std::size_t>(row), handle.code(), field);
      }
    };
  }

  template <class Id>
  void name(interner& table, arrow_texts& texts, const char* field, std::vector<Id>& own) {
    texts.name(
        table, static_cast<std::int64_t>(rows_), [this](std::int64_t i) { return sound(i); },
        handle_taker(field, own));
  }

  void name_users(interner& table, arrow_texts& users, std::optional<arrow_texts>& visitors) {
    if (!visitors) return name(table, users, "user", user_);
    arrow_texts::name_rows(
        table, static_cast<std::int64_t>(rows_), [this](std::int64_t i) { return sound(i); },
        [&](std::int64_t i) {
          return (users.check(i) == errc::empty_id ? *visitors : users).text(i);
        },
        handle_taker("user", user_));
  }

  void leave_out_refused(std::uint64_t number, events::ingest_report& report) {
    if (faults_.empty()) return;
    kept_.clear();
    for (std::size_t i = 0; i < rows_; ++i) {
      if (refused(i)) {
        report.refuse(number + i, faults_[i].code, faults_[i].field);
      } else {
        kept_.push_back(i);
      }
    }
    keep(out_.user, user_);
    keep(out_.at, at_);
    keep(out_.kind, kind_);
    keep(out_.item, item_);
    keep(out_.order, order_);
    keep(out_.quantity, quantity_);
    keep(out_.unit_price, price_);
    keep(out_.id, id_);
  }

  template <class T>
  void keep(std::span<const T>& column, std::vector<T>& own) {
    if (column.empty()) return;
    if (column.data() != own.data()) own.resize(kept_.size());
    for (std::size_t k = 0; k < kept_.size(); ++k) own[k] = column[kept_[k]];
    column = {own.data(), kept_.size()};
  }

  arrow_schema schema_;
  events::text_options how_;
  arrow_options options_;
  std::size_t rows_ = 0;
  std::vector<fault> faults_;  // of each row; empty while there is none
  std::vector<std::size_t> kept_;
  events::columns out_;

  // Columns that are not read in place.
  std::vector<user_id> user_;
  std::vector<timestamp> at_;
  std::vector<events::event_kind> kind_;
  std::vector<item_id> item_;
  std::vector<order_id> order_;
  std::vector<std::int32_t> quantity_;
  std::vector<std::int64_t> price_;
  std::vector<event_id> id_;
};

}  // namespace tailor::inline v0::adapters::detail

#endif  // TAILOR_ADAPTERS_ARROW_IMPORT_HPP
