// The linear item models of tailor behind a C interface, for models.py. Not a binding for use.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "../similar/shaped.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/similar/blend_weights.hpp"
#include "tailor/similar/ease.hpp"
#include "tailor/similar/sr_ease.hpp"
#include "tailor/similar/weighted_lists.hpp"
#include "tailor/similar/weights_from_lists.hpp"

using namespace tailor;
using namespace tailor::similar;

namespace {

struct session {
  incidence rows;
  thread_pool pool{2};
  item_weights model;
  std::optional<ease<float>> dense;
};

template <class Weighting>
item_weights lists(session& s, Weighting w, std::uint32_t k, double power = 1) {
  return weights_from(weighted_lists<Weighting>::fit(s.rows, {.k = k, .min_support = 1}, w, s.pool),
                      power)
      .value();
}

item_weights regression(session& s, std::uint32_t support) {
  return sr_ease::fit(s.rows, {.support = support}, s.pool).value().weights();
}

}  // namespace

extern "C" {

std::uint32_t tailor_shaped(std::uint32_t index, std::uint32_t* begin, std::uint32_t* columns) {
  const auto rows = bench::make_shaped(bench::shapes[index]);
  if (columns != nullptr) {
    std::memcpy(begin, rows.begin.data(), rows.begin.size() * 4);
    std::memcpy(columns, rows.columns.data(), rows.columns.size() * 4);
  }
  return static_cast<std::uint32_t>(columns != nullptr ? rows.rows() : rows.columns.size());
}

void* tailor_open(const std::uint32_t* begin, const std::uint32_t* columns, std::uint32_t rows,
                  std::uint32_t items) {
  auto s = std::make_unique<session>();
  sparse_rows m;
  m.begin.assign(begin, begin + rows + 1);
  m.columns.assign(columns, columns + begin[rows]);
  s->rows = bench::numbered(std::move(m), items);
  return s.release();
}
void tailor_close(void* s) { delete static_cast<session*>(s); }

/// 0 when there is no such model.
int tailor_fit(void* at, const char* name) {
  session& s = *static_cast<session*>(at);
  const std::string_view which = name;
  if (which == "gnorm") {
    s.model = lists(s, gnorm{}, 200);
  } else if (which == "rp3beta") {
    s.model = lists(s, rp3_beta{}, 500);
  } else if (which == "turbo") {
    s.model = lists(s, turbo_cf{}, 1000, 0.7);
  } else if (which == "sr_ease 100") {
    s.model = regression(s, 100);
  } else if (which == "sr_ease 300") {
    s.model = regression(s, 300);
  } else if (which == "blend") {
    s.model =
        blend_weights(regression(s, 200), lists(s, weighted_cosine{.a = 0.7}, 1000), 0.5).value();
  } else {
    return 0;
  }
  return 1;
}

/// The k best for every row, -1 where there are fewer.
void tailor_answer(void* at, std::uint32_t k, std::int32_t* ids) {
  session& s = *static_cast<session*>(at);
  struct worker {
    item_weights::scratch scratch;
    std::vector<weighed_item> out;
    std::vector<item_id> history;
  };
  std::vector<worker> workers(s.pool.concurrency());
  s.pool.for_each_chunk(
      s.rows.rows().rows(), 64, [&](std::size_t begin, std::size_t end, std::size_t number) {
        worker& w = workers[number];
        for (std::size_t r = begin; r < end; ++r) {
          w.history.clear();
          for (const std::uint32_t c : s.rows.rows()[r]) {
            w.history.push_back(s.rows.items()[c]);
          }
          s.model.recommend(std::span<const item_id>(w.history), k, w.scratch, w.out);
          for (std::size_t n = 0; n < k; ++n) {
            ids[r * k + n] = n < w.out.size() ? static_cast<std::int32_t>(raw(w.out[n].item)) : -1;
          }
        }
      });
}

/// What `source` says for `target`, in floating point.
double tailor_weight(void* at, std::uint32_t source, std::uint32_t target) {
  const session& s = *static_cast<session*>(at);
  return std::ldexp(s.model.weight(item_id{source}, item_id{target}), -s.model.bits());
}

int tailor_ease(void* at, double l2) {
  session& s = *static_cast<session*>(at);
  auto made = ease<float>::fit(s.rows, {.l2 = l2}, s.pool);
  if (!made) return 0;
  s.dense.emplace(std::move(*made));
  return 1;
}
/// All weights, by source.
void tailor_ease_weights(void* at, float* out) {
  const session& s = *static_cast<session*>(at);
  const std::size_t n = s.dense->items().size();
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) out[i * n + j] = s.dense->weight(i, j);
  }
}
}
