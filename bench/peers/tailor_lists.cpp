// The builds of tailor behind a C interface, for item_item.py. Not a binding for use.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include "../similar/shaped.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/similar/neighbour_lists.hpp"

using namespace tailor;
using namespace tailor::similar;

namespace {

struct session {
  incidence rows;
  thread_pool pool;
  neighbour_lists<cosine> lists;
};

}  // namespace

extern "C" {

std::uint32_t tailor_shape(std::uint32_t index, const char** name, std::uint32_t* items) {
  constexpr auto count = static_cast<std::uint32_t>(std::size(bench::shapes));
  if (index < count) {
    *name = bench::shapes[index].name.data();
    *items = bench::shapes[index].items;
  }
  return count;
}

/// Writes at most `room` columns and rows + 1 limits; the number of columns.
std::uint32_t tailor_shaped(std::uint32_t index, std::uint32_t* begin, std::uint32_t* columns) {
  const auto rows = bench::make_shaped(bench::shapes[index]);
  if (columns != nullptr) {
    std::memcpy(begin, rows.begin.data(), rows.begin.size() * 4);
    std::memcpy(columns, rows.columns.data(), rows.columns.size() * 4);
  }
  return static_cast<std::uint32_t>(columns != nullptr ? rows.rows() : rows.columns.size());
}

session* tailor_open(std::uint32_t rows, std::uint32_t items, const std::uint32_t* begin,
                     const std::uint32_t* columns, std::uint32_t threads) {
  sparse_rows m;
  m.begin.assign(begin, begin + rows + 1);
  m.columns.assign(columns, columns + begin[rows]);
  return new session{bench::numbered(std::move(m), items), thread_pool(threads), {}};
}

void tailor_close(session* s) { delete s; }

void tailor_fit_cosine(session* s, std::uint32_t k) {
  s->lists = neighbour_lists<cosine>::fit(s->rows, {.k = k, .min_support = 1}, {}, s->pool);
}

/// The lists into arrays of items * k, from the best; unused places have id -1.
void tailor_read(const session* s, std::uint32_t k, std::int32_t* ids, double* scores) {
  const auto& lists = s->lists;
  for (std::size_t i = 0; i < lists.items().size(); ++i) {
    std::size_t n = i * k;
    for (const auto& e : lists.list_of(i)) {
      ids[n] = static_cast<std::int32_t>(e.item);
      scores[n++] = lists.how()(lists.evidence_of(i, e));
    }
    for (; n < (i + 1) * k; ++n) ids[n] = -1;
  }
}

}  // extern "C"
