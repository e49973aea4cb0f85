// The builds of tailor behind a C interface, for item_item.py. Not a binding for use.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include "../similar/shaped.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/similar/neighbour_lists.hpp"
#include "tailor/similar/serve.hpp"
#include "tailor/similar/weighted_lists.hpp"

using namespace tailor;
using namespace tailor::similar;

namespace {

struct session {
  incidence rows;
  thread_pool pool;
  neighbour_lists<cosine> lists;
  weighted_lists<bm25> weighted;
  list_server server;
};

template <class Lists>
void read(const Lists& lists, std::uint32_t k, std::int32_t* ids, double* scores) {
  for (std::size_t i = 0; i < lists.items().size(); ++i) {
    std::size_t n = i * k;
    for (const auto& e : lists.list_of(i)) {
      ids[n] = static_cast<std::int32_t>(e.item);
      scores[n++] = lists.score_of(i, e);
    }
    for (; n < (i + 1) * k; ++n) ids[n] = -1;
  }
}

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
  return new session{bench::numbered(std::move(m), items), thread_pool(threads), {}, {}, {}};
}

void tailor_close(session* s) { delete s; }

void tailor_fit_cosine(session* s, std::uint32_t k) {
  s->lists = neighbour_lists<cosine>::fit(s->rows, {.k = k, .min_support = 1}, {}, s->pool);
}

void tailor_fit_bm25(session* s, std::uint32_t k) {
  s->weighted = weighted_lists<bm25>::fit(s->rows, {.k = k, .min_support = 1}, {}, s->pool);
}

void tailor_prepare_serve(session* s) { s->server = list_server(s->lists); }

/// The best for every row, into arrays of rows * count; unused places have id -1.
void tailor_serve(session* s, std::uint32_t count, std::int32_t* ids, float* scores) {
  struct worker {
    serve_scratch scratch;
    std::vector<recommended> out;
  };
  std::vector<worker> workers(s->pool.concurrency());
  const sparse_rows& rows = s->rows.rows();
  s->pool.for_each_chunk(rows.rows(), 64, [&](std::size_t from, std::size_t to, std::size_t n) {
    worker& w = workers[n];
    for (std::size_t r = from; r < to; ++r) {
      s->server.recommend_to(rows[r], count, w.scratch, w.out);
      for (std::size_t c = 0; c < count; ++c) {
        const bool some = c < w.out.size();
        ids[r * count + c] = some ? static_cast<std::int32_t>(raw(w.out[c].item)) : -1;
        scores[r * count + c] = some ? w.out[c].score : 0;
      }
    }
  });
}

/// The lists into arrays of items * k, from the best; unused places have id -1.
void tailor_read_cosine(const session* s, std::uint32_t k, std::int32_t* ids, double* scores) {
  read(s->lists, k, ids, scores);
}
void tailor_read_bm25(const session* s, std::uint32_t k, std::int32_t* ids, double* scores) {
  read(s->weighted, k, ids, scores);
}

}  // extern "C"
