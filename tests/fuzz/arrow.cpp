// Arrow batches from an enemy who lies about everything but the size of buffers, which nobody could
// find out: no read outside of them, everything released once, and the same answer for a batch read
// whole or in slices.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

#include "../adapters/arrow_producer.hpp"
#include "tailor/adapters/arrow.hpp"

namespace {

using namespace tailor;
using namespace tailor_test;

struct bytes_left {
  const std::uint8_t* at;
  const std::uint8_t* end;
  std::uint8_t next() { return at == end ? std::uint8_t{0} : *at++; }
};

constexpr std::int64_t most_rows = 24;  // of a column, its offset included
constexpr std::size_t most_text = 256;  // every text offset that is not refused stays below
constexpr const char* names[] = {"id", "u", "v", "i", "k", "t", "q", "p", "o"};
constexpr const char* formats[] = {"l",    "L",      "c",      "I",  "u", "U", "vu",
                                   "tsu:", "tsn:",   "tss:Z",  "g",  "f", "s", "n",
                                   "b",    "d:18,3", "d:38,2", "+l", "S", "i", "C"};

/// Now and then a wrong number.
std::int64_t lie(bytes_left& in, std::int64_t truth) {
  const std::uint8_t b = in.next();
  if (b < 240) return truth;
  constexpr std::int64_t lies[] = {-1, 0, 1, 2, 3, -2, INT64_MAX, INT64_MIN};
  return lies[b % 8];
}

bytes some(bytes_left& in, std::size_t size) {
  bytes out(size);
  for (char& c : out) c = static_cast<char>(in.next());
  return out;
}

/// Offsets of `Offset` mostly ascending; below `most_text` or negative.
template <class Offset>
bytes offsets(bytes_left& in, std::size_t count) {
  std::vector<Offset> out(count);
  Offset last = 0;
  for (Offset& o : out) {
    const std::uint8_t b = in.next();
    last = b < 250 ? std::min<Offset>(static_cast<Offset>(last + b % 12), most_text - 1)
                   : static_cast<Offset>(b - 253);
    o = last;
  }
  return bytes_of(out);
}

bytes views(bytes_left& in, std::size_t count) {
  std::vector<std::int32_t> out;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t b = in.next();
    out.push_back(b < 250 ? b % 40 : b - 256);
    for (int k = 0; k < 3; ++k) {
      const std::uint8_t c = in.next();
      out.push_back(c < 128 ? c % 3 : static_cast<std::int8_t>(c));
    }
  }
  return bytes_of(out);
}

/// A column whose buffers hold what its true length and offset need.
arrow_column_spec column(bytes_left& in, const char* name, std::int64_t rows, bool may_be_coded) {
  arrow_column_spec c;
  c.name = name;
  c.format = formats[in.next() % std::size(formats)];
  c.offset = in.next() % 4;
  c.length = rows;
  const auto n = static_cast<std::size_t>(most_rows + 4);
  if (c.format == "u") {
    c.buffers = {std::nullopt, offsets<std::int32_t>(in, n + 1), some(in, most_text)};
  } else if (c.format == "U") {
    c.buffers = {std::nullopt, offsets<std::int64_t>(in, n + 1), some(in, most_text)};
  } else if (c.format == "vu") {
    const std::vector<std::int64_t> sizes{16, 64};
    c.buffers = {std::nullopt, views(in, n), some(in, 16), some(in, 64), bytes_of(sizes)};
  } else if (c.format == "n") {
    c.buffers = {};
  } else {
    c.buffers = {std::nullopt, some(in, n * 16)};
  }
  if (!c.buffers.empty() && in.next() % 2 == 0) {
    c.buffers[0] = some(in, n / 8 + 1);
    c.null_count = -1;
  }
  if (in.next() > 250 && !c.buffers.empty()) c.buffers[in.next() % c.buffers.size()].reset();
  if (may_be_coded && in.next() % 4 == 0) {
    c.dictionary =
        std::make_shared<arrow_column_spec>(column(in, "", in.next() % most_rows, false));
    c.dictionary_in_schema = in.next() < 250;
  }
  // Lengths may be lied smaller or absurd: larger ones that stay within reason would be believed.
  const std::int64_t length = lie(in, c.length);
  if (length <= c.length || length > most_rows * 1000) c.length = length;
  const std::int64_t offset = lie(in, c.offset);
  if (offset <= 4 || offset > most_rows * 1000) c.offset = offset;
  c.null_count = lie(in, c.null_count);
  c.n_children = lie(in, 0);
  const auto count = static_cast<std::int64_t>(c.buffers.size());
  const std::int64_t buffers = lie(in, count);
  if (buffers <= count || buffers > INT32_MAX) c.n_buffers = buffers;
  c.no_buffers = in.next() > 252;
  c.missing = in.next() > 252;
  return c;
}

arrow_batch_spec batch(bytes_left& in) {
  arrow_batch_spec b;
  const auto rows = static_cast<std::int64_t>(in.next() % 20);
  b.offset = in.next() % 4;
  b.length = rows;
  const std::size_t columns = in.next() % 10;
  for (std::size_t i = 0; i < columns; ++i) {
    const char* const name = names[in.next() % 32 < 28 ? i % 9 : in.next() % 9];
    b.columns.push_back(column(in, name, rows + b.offset, true));
  }
  if (in.next() % 2 == 0) {
    b.valid = some(in, 4);
    b.null_count = -1;
  }
  const std::int64_t length = lie(in, b.length);
  if (length <= b.length || length > most_rows * 1000) b.length = length;
  const std::int64_t offset = lie(in, b.offset);
  if (offset <= b.offset || offset > most_rows * 1000) b.offset = offset;
  b.null_count = lie(in, b.null_count);
  b.n_children = lie(in, static_cast<std::int64_t>(columns));
  b.n_buffers = lie(in, 1);
  return b;
}

struct answer {
  errc code = errc::ok;
  std::vector<events::event> events;
  std::vector<events::ingest_report::refusal> refusals;
  bool operator==(const answer&) const = default;
};

answer read(const std::vector<arrow_batch_spec>& batches, const events::text_options& how,
            const adapters::arrow_options& options) {
  arrow_producer from(batches);
  ArrowArrayStream stream = from.stream();
  events::name_tables tables{interner(hash_key{1, 2}), interner(hash_key{3, 4}),
                             interner(hash_key{5, 6})};
  answer out;
  const events::field_names fields{.id = "id",
                                   .user = "u",
                                   .visitor = "v",
                                   .item = "i",
                                   .kind = "k",
                                   .time = "t",
                                   .quantity = "q",
                                   .unit_price = "p",
                                   .order = "o"};
  const auto report = adapters::read_arrow_events(
      stream, fields, how, tables,
      [&](const events::columns& c) {
        if (!c.check() || c.size() == 0 || c.size() > options.max_rows) std::abort();
        for (std::size_t i = 0; i < c.size(); ++i) out.events.push_back(c.row(i));
      },
      silent{}, options);
  if (stream.release != nullptr || !from.all_released(1)) std::abort();
  out.code = report.code();
  if (report) {
    if (report->accepted() != out.events.size()) std::abort();
    out.refusals = report->first_refusals();
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  bytes_left in{data, data + size};
  const std::uint8_t first = in.next();
  events::text_options how;
  if (first & 1) how.if_absent = events::event_kind::purchase;
  if (first & 2) how.time = events::time_format::milliseconds;
  if (first & 4) how.local_offset_minutes = 60;
  if (first & 8) how.ids = events::id_rule::any_bytes;
  adapters::arrow_options options;
  if (first & 16) options.integers = adapters::integer_prices::minor_units;

  std::vector<arrow_batch_spec> batches;
  const int count = 1 + first / 128;
  for (int i = 0; i < count; ++i) batches.push_back(batch(in));
  // Every batch has the columns of the schema, or says so.
  for (arrow_batch_spec& b : batches) {
    if (b.columns.size() != batches[0].columns.size()) b.columns = batches[0].columns;
    for (std::size_t i = 0; i < b.columns.size(); ++i) {
      if (b.columns[i].format != batches[0].columns[i].format ||
          bool(b.columns[i].dictionary) != bool(batches[0].columns[i].dictionary) ||
          (b.columns[i].dictionary &&
           b.columns[i].dictionary->format != batches[0].columns[i].dictionary->format))
        b.columns[i] = batches[0].columns[i];
    }
    if (b.n_children && *b.n_children > static_cast<std::int64_t>(b.columns.size()) &&
        *b.n_children == static_cast<std::int64_t>(batches[0].columns.size()))
      b.n_children.reset();
  }

  const answer whole = read(batches, how, options);
  options.max_rows = 1 + first % 3;
  const answer sliced = read(batches, how, options);
  // A fault of structure ends both, the slices perhaps later.
  if (whole.code == errc::ok && !(sliced == whole)) std::abort();
  return 0;
}
