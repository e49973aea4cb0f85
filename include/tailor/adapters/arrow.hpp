#ifndef TAILOR_ADAPTERS_ARROW_HPP
#define TAILOR_ADAPTERS_ARROW_HPP

#include <algorithm>
#include <cstdint>
#include <type_traits>

#include "../core/contract.hpp"
#include "../core/errc.hpp"
#include "../core/observer.hpp"
#include "../core/result.hpp"
#include "../events/columns.hpp"
#include "../events/report.hpp"
#include "../events/text_event.hpp"
#include "arrow_abi.hpp"
#include "arrow_import.hpp"
#include "arrow_schema.hpp"

namespace tailor::inline v0::adapters {

/// Told to an observer after each batch; how many rows will come is not known.
struct arrow_progress {
  std::uint64_t rows = 0;
};

/// Told to an observer when the producer fails: its errno-like code and its words, "" if it has
/// none. The words are valid during the call only.
struct arrow_producer_fault {
  int code = 0;
  const char* message = "";
};

namespace detail {

/// All rows of one batch, slice by slice, to the sink.
template <class Sink>
[[nodiscard]] status read_batch(arrow_import& import, std::int64_t children,
                                const ArrowArray& batch, const arrow_options& options,
                                events::name_tables& tables, events::ingest_report& report,
                                Sink& sink) {
  const std::uint64_t before = report.rows();
  const bool sane =
      batch.length >= 0 && batch.offset >= 0 && batch.length <= INT64_MAX / 32 - batch.offset &&
      batch.null_count >= -1 && batch.null_count <= batch.length && batch.n_children == children &&
      (children == 0 || batch.children != nullptr) && batch.n_buffers == 1 &&
      batch.dictionary == nullptr &&
      (batch.null_count <= 0 || (batch.buffers != nullptr && batch.buffers[0] != nullptr));
  if (!sane) return error{errc::malformed, "batch", before};
  for (std::int64_t from = 0; from < batch.length;) {
    const auto most =
        static_cast<std::int64_t>((std::min)(options.max_rows, std::size_t{INT32_MAX}));
    const std::int64_t rows = (std::min)(batch.length - from, most);
    const std::uint64_t number = report.rows() + 1;
    const auto columns = import.read(batch, from, rows, number, tables, report);
    if (!columns) return error{columns.code(), columns.error().what, number - 1};
    status ok;
    if (columns->size() > 0) {
      if constexpr (std::is_void_v<decltype(sink(*columns))>) {
        sink(*columns);
      } else {
        ok = sink(*columns);
      }
    }
    if (!ok) return error{ok.code(), ok.error().what, number - 1};
    report.accept(columns->size());
    from += rows;
  }
  return {};
}

}  // namespace detail

/// Reads events from an Arrow C stream of record batches and hands them on batch by batch to
/// `sink(const events::columns&)`, which returns nothing or a status. The columns are valid during
/// the call. The stream, its schema and each batch are released once, whatever happens.
///
/// Columns are found by `names` as in CSV. Ids are integers, which are taken as they are, or texts,
/// which get handles from `tables`; kinds are texts or codes of event_kind; times are timestamps or
/// dates of any unit, integers in the unit of `how.time`, or texts; quantities and prices are
/// integers, decimals of 128 bits, floating-point numbers or texts. Texts may be plain, large,
/// views or a dictionary. Null and "" are absent. Prices in floating point are rounded by
/// round_half_even; nothing else is rounded.
///
/// Read in place: ids of 64 bits, microseconds in UTC, 32-bit quantities and 64-bit prices in minor
/// units, when the column has no nulls and no row of the batch is refused. Everything else is
/// copied.
///
/// Rows are refused as by `events::check_row`, with their number in the stream from 1, and
/// out_of_range for an id that is negative or 2^64-1; the others go on.
///
/// Errors end the import; batches that were handed on before stay, and `at` says how many rows they
/// had: io "stream" when the producer fails; those of the schema, before any row (unknown,
/// malformed with our name of a column); corrupt with our name of a column, or "batch", when
/// lengths, offsets, buffers or dictionary codes contradict each other; what the sink returns. The
/// interface does not say how large buffers are: a producer that lies about lengths cannot be found
/// out. Cost: some nanoseconds per number, some tens per text. Memory: the batch and at most about
/// 100 bytes for each of its rows, of `options.max_rows` rows at most.
template <class Sink, class Observer = silent>
[[nodiscard]] result<events::ingest_report> read_arrow_events(ArrowArrayStream& stream,
                                                              const events::field_names& names,
                                                              const events::text_options& how,
                                                              events::name_tables& tables,
                                                              Sink&& sink, Observer&& observer = {},
                                                              const arrow_options& options = {}) {
  TAILOR_EXPECTS(options.max_rows > 0);
  arrow_owner<ArrowArrayStream> from(stream);
  if (!from || from->get_schema == nullptr || from->get_next == nullptr)
    return error{errc::malformed, "stream"};
  const auto producer_failed = [&](int code, std::uint64_t rows) {
    const char* const words =
        from->get_last_error == nullptr ? nullptr : from->get_last_error(from.get());
    observer.on(arrow_producer_fault{code, words == nullptr ? "" : words});
    return error{errc::io, "stream", rows};
  };

  arrow_owner<ArrowSchema> schema;
  if (const int code = from->get_schema(from.get(), schema.get()); code != 0)
    return producer_failed(code, 0);
  if (!schema) return error{errc::malformed, "schema"};
  const auto columns = detail::arrow_schema::make(*schema, names, how);
  if (!columns) return columns.error();

  detail::arrow_import import(*columns, how, options);
  events::ingest_report report;
  while (true) {
    arrow_owner<ArrowArray> batch;
    if (const int code = from->get_next(from.get(), batch.get()); code != 0)
      return producer_failed(code, report.rows());
    if (!batch) return report;  // the end
    if (const status ok = detail::read_batch(import, columns->source->n_children, *batch, options,
                                             tables, report, sink);
        !ok)
      return ok.error();
    observer.on(arrow_progress{report.rows()});
  }
}

/// The same for one batch with its schema: both are released once.
template <class Sink>
[[nodiscard]] result<events::ingest_report> read_arrow_batch(ArrowSchema& schema, ArrowArray& batch,
                                                             const events::field_names& names,
                                                             const events::text_options& how,
                                                             events::name_tables& tables,
                                                             Sink&& sink,
                                                             const arrow_options& options = {}) {
  TAILOR_EXPECTS(options.max_rows > 0);
  arrow_owner<ArrowSchema> of(schema);
  arrow_owner<ArrowArray> rows(batch);
  if (!of) return error{errc::malformed, "schema"};
  if (!rows) return error{errc::malformed, "batch"};
  const auto columns = detail::arrow_schema::make(*of, names, how);
  if (!columns) return columns.error();
  detail::arrow_import import(*columns, how, options);
  events::ingest_report report;
  if (const status ok = detail::read_batch(import, columns->source->n_children, *rows, options,
                                           tables, report, sink);
      !ok)
    return ok.error();
  return report;
}

}  // namespace tailor::inline v0::adapters

#endif  // TAILOR_ADAPTERS_ARROW_HPP
