// tailor_eval: trains, tunes, judges and compares item models on interactions of your own.
//
//   tailor_eval [--csv FILE --user COLUMN --item COLUMN [--time COLUMN]]
//               [--train FILE --test FILE --user COLUMN --item COLUMN [--time COLUMN]]
//               [--data DIR] [--generated] [--k 20] [--threads 2] [--out DIR] [--no-times]
//
// Without --csv it takes completejourney from --data, or makes data up. Every model tries the same
// number of settings on the validation part; the best is fitted on train and validation and judged
// on test once. The same digits for any number of threads; with --no-times the same bytes.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/eval_data.hpp"
#include "support/page.hpp"
#include "support/pictures.hpp"
#include "support/progress.hpp"
#include "tailor/core/decimal.hpp"
#include "tailor/core/json_writer.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/evaluate/compare_all.hpp"
#include "tailor/evaluate/leak_report.hpp"
#include "tailor/evaluate/tune.hpp"
#include "tailor/similar/blend_weights.hpp"
#include "tailor/similar/neighbour_lists.hpp"
#include "tailor/similar/sr_ease.hpp"
#include "tailor/similar/weighted_lists.hpp"
#include "tailor/similar/weights_from_lists.hpp"

using namespace tailor;
using demo::exam;
using demo::format;
using demo::interaction;
using evaluate::metric;
using evaluate::scoreboard;

namespace {

struct arguments {
  std::string csv, train, test, user = "user", item = "item", time, data, out = ".";
  bool generated = false, times = true;
  std::size_t k = 20, threads = 2;

  /// Whether rows have moments.
  [[nodiscard]] bool has_times() const { return (csv.empty() && train.empty()) || !time.empty(); }
};

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "tailor_eval: %s\n", why.c_str());
  std::exit(1);
}

arguments read_arguments(int count, char** values) {
  arguments a;
  for (int i = 1; i < count; ++i) {
    const std::string_view what = values[i];
    const auto value = [&]() -> std::string {
      if (++i == count) fail(std::string(what) + " needs a value");
      return values[i];
    };
    const auto number = [&](std::size_t most) {
      const auto n = parse_int<std::uint32_t>(value());
      if (!n || *n == 0 || *n > most) {
        fail(format("%s takes a number from 1 to %zu", values[i - 1], most));
      }
      return std::size_t{*n};
    };
    if (what == "--csv")
      a.csv = value();
    else if (what == "--train")
      a.train = value();
    else if (what == "--test")
      a.test = value();
    else if (what == "--user")
      a.user = value();
    else if (what == "--item")
      a.item = value();
    else if (what == "--time")
      a.time = value();
    else if (what == "--data")
      a.data = value();
    else if (what == "--out")
      a.out = value();
    else if (what == "--generated")
      a.generated = true;
    else if (what == "--no-times")
      a.times = false;
    else if (what == "--k")
      a.k = number(1000);
    else if (what == "--threads")
      a.threads = number(256);
    else
      fail("unknown: " + std::string(what) +
           "\nusage: tailor_eval [--csv FILE | --train FILE --test FILE] [--user COLUMN] "
           "[--item COLUMN] [--time COLUMN]\n       [--data DIR] [--generated] [--k 20] "
           "[--threads 2] [--out DIR] [--no-times]");
  }
  if (a.train.empty() != a.test.empty()) fail("--train and --test go together");
  return a;
}

using fit = std::function<similar::item_weights(const similar::incidence&, thread_pool&)>;

/// A kind of model, and the settings of it that are tried.
struct family {
  std::string name;
  std::vector<std::pair<std::string, fit>> settings;
};

template <class Weighting>
fit lists(Weighting w, std::uint32_t k, double power = 1) {
  return [=](const similar::incidence& rows, thread_pool& pool) {
    const auto made =
        similar::weighted_lists<Weighting>::fit(rows, {.k = k, .min_support = 2}, w, pool);
    return similar::weights_from(made, power).value();
  };
}
fit regression(similar::sr_ease_options o) {
  return [=](const similar::incidence& rows, thread_pool& pool) {
    return similar::sr_ease::fit(rows, o, pool).value().weights();
  };
}
fit both(similar::sr_ease_options o, double share) {
  return [=](const similar::incidence& rows, thread_pool& pool) {
    return similar::blend_weights(regression(o)(rows, pool),
                                  lists(similar::weighted_cosine{.a = 0.7}, 1000)(rows, pool),
                                  share)
        .value();
  };
}

constexpr std::size_t budget = 6;

/// As many settings each as the budget, so that no model wins by having been tried more often.
std::vector<family> families() {
  std::vector<family> out(6);
  out[0].name = "cosine";
  for (const double shrink : {0.0, 5.0, 20.0}) {
    for (const std::uint32_t k : {100u, 400u}) {
      out[0].settings.emplace_back(format("shrink %g, k %u", shrink, k),
                                   [=](const similar::incidence& rows, thread_pool& pool) {
                                     const auto made = similar::neighbour_lists<>::fit(
                                         rows, {.k = k, .min_support = 2}, similar::cosine{shrink},
                                         pool);
                                     return similar::weights_from(made).value();
                                   });
    }
  }
  out[1].name = "gnorm";
  out[2].name = "RP3beta";
  out[3].name = "Turbo-CF";
  out[4].name = "SR-EASE";
  out[5].name = "SR-EASE + filter";
  for (const double a : {0.5, 0.7}) {
    for (const double beta : {0.3, 0.5, 0.8}) {
      out[1].settings.emplace_back(format("a %g, beta %g", a, beta),
                                   lists(similar::gnorm{.a = a, .beta = beta}, 200));
      out[2].settings.emplace_back(
          format("alpha %g, beta %g", a + 0.1, beta - 0.2),
          lists(similar::rp3_beta{.alpha = a + 0.1, .beta = beta - 0.2}, 400));
      out[3].settings.emplace_back(format("alpha %g, power %g", a, beta + 0.4),
                                   lists(similar::turbo_cf{.alpha = a}, 400, beta + 0.4));
    }
  }
  for (const double l2 : {10.0, 40.0}) {
    for (const double dropout : {0.5, 1.2, 2.3}) {
      out[4].settings.emplace_back(format("l2 %g, dropout %g", l2, dropout),
                                   regression({.support = 100, .l2 = l2, .dropout = dropout}));
    }
  }
  for (const double l2 : {10.0, 40.0}) {
    for (const double share : {0.2, 0.5, 1.0}) {
      out[5].settings.emplace_back(format("l2 %g, share %g", l2, share),
                                   both({.support = 100, .l2 = l2, .dropout = 1.2}, share));
    }
  }
  return out;
}

struct asked {
  const similar::item_weights& model;
  const exam& of;

  struct scratch {
    similar::item_weights::scratch own;
    std::vector<similar::weighed_item> best;
  };
  void operator()(user_id user, std::size_t count, scratch& s, std::vector<item_id>& out) const {
    model.recommend(std::span<const item_id>(of.known.at(user)), count, s.own, s.best);
    for (const auto& b : s.best) out.push_back(b.item);
  }
};

/// The most popular that the shopper does not have.
struct most_popular {
  std::vector<item_id> best;
  const exam& of;

  struct scratch {};
  void operator()(user_id user, std::size_t count, scratch&, std::vector<item_id>& out) const {
    const std::vector<item_id>& known = of.known.at(user);
    for (const item_id item : best) {
      if (out.size() == count) return;
      if (!std::binary_search(known.begin(), known.end(), item)) out.push_back(item);
    }
  }
};
most_popular popular_of(const exam& e) {
  const auto counts = similar::column_sizes(e.rows.rows(), e.rows.items().size());
  std::vector<std::uint32_t> order(counts.size());
  for (std::uint32_t n = 0; n < order.size(); ++n) order[n] = n;
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return counts[a] != counts[b] ? counts[a] > counts[b] : a < b;
  });
  most_popular out{{}, e};
  for (const std::uint32_t n : order) out.best.push_back(e.rows.items()[n]);
  return out;
}

struct row {
  std::string name, chosen;
  std::size_t tried = 1;
  double validation = 0;  // NDCG there
  scoreboard board;
  double seconds = 0, micros = 0;
  std::size_t bytes = 0;
};

double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Judges a fitted model, and times its answers: one thread, warm memory.
template <class Model>
void judge(const Model& model, const exam& e, std::size_t k, thread_pool& pool, row& r) {
  r.board = evaluate::judge(model, e.cases, k, pool);
  typename Model::scratch s;
  std::vector<item_id> list;
  const std::size_t count = (std::min)(e.cases.size(), std::size_t{2000});
  const double spent = seconds_of([&] {
    for (std::size_t n = 0; n < count; ++n) {
      list.clear();
      model(e.cases[n].user, k, s, list);
    }
  });
  r.micros = 1e6 * spent / static_cast<double>(count);
}

std::vector<row> judge_all(const exam& choosing, const exam& last, std::size_t k,
                           thread_pool& pool) {
  std::vector<row> out;
  row& base = out.emplace_back();
  base.name = "popularity";
  base.validation =
      evaluate::judge(popular_of(choosing), choosing.cases, k, pool).mean(metric::ndcg);
  std::optional<most_popular> popular;
  base.seconds = seconds_of([&] { popular.emplace(popular_of(last)); });
  base.bytes = 8 * popular->best.size();
  judge(*popular, last, k, pool, base);

  const std::vector<family> all = families();
  std::size_t steps = 0, done = 0;
  for (const family& f : all) steps += f.settings.size() + 1;
  demo::progress bar("fitting models", steps);
  for (const family& f : all) {
    row& r = out.emplace_back();
    r.name = f.name;
    const auto quality = [&](std::size_t n) {
      const auto model = f.settings[n].second(choosing.rows, pool);
      bar.at(++done);
      return evaluate::judge(asked{model, choosing}, choosing.cases, k, pool).mean(metric::ndcg);
    };
    const auto grid = evaluate::grid::make(std::vector<std::size_t>{f.settings.size()}).value();
    const auto best = evaluate::tune(grid, quality, {.budget = budget}).value();
    r.tried = best.tried();
    r.validation = best.score;
    r.chosen = f.settings[best.best].first;
    similar::item_weights model;
    r.seconds = seconds_of([&] { model = f.settings[best.best].second(last.rows, pool); });
    r.bytes = 8 * model.size() + 24 * model.items().size();
    judge(asked{model, last}, last, k, pool, r);
    bar.at(++done);
  }
  bar.done();
  return out;
}

void save(const arguments& a, const std::string& name, const std::string& text) {
  const std::string path = a.out + "/" + name;
  if (!storage::replace_file(path.c_str(), std::as_bytes(std::span(text)))) {
    fail("cannot write " + path);
  }
}

/// The interval of the mean, and the difference from the base, by shoppers. The base is the model
/// that is best on validation: named before the test is looked at.
void report(const arguments& a, const std::string& source, const evaluate::split& parts,
            const evaluate::leak_report& found, const exam& choosing, const exam& last,
            std::vector<row>& rows, thread_pool& pool) {
  std::size_t best = 0;
  for (std::size_t n = 1; n < rows.size(); ++n) {
    if (rows[n].validation > rows[best].validation) best = n;
  }
  std::printf("%s: %zu rows to learn from, %zu to choose by, %zu to judge by\n", source.c_str(),
              parts.train.size(), parts.validation.size(), parts.test.size());
  for (std::size_t n = 0; n < evaluate::finding_count; ++n) {
    const auto f = evaluate::finding(n);
    const bool of_time = f == evaluate::finding::future_of_user ||
                         f == evaluate::finding::future_of_anybody ||
                         f == evaluate::finding::row_on_both_sides;
    if (found[f].count == 0 || (of_time && !a.has_times())) continue;
    std::printf("  %s: %zu%s\n", name_of(f), found[f].count, is_leak(f) ? ", a leak" : "");
  }
  std::printf("%zu repeats of what was known are not asked about\n", last.repeats);
  std::printf("%zu shoppers choose, %zu judge; %zu items; lists of %zu\n\n", choosing.cases.size(),
              last.cases.size(), last.rows.items().size(), a.k);

  demo::page page("Which model is better");
  page.note(
      "From " + source +
      ". Intervals are 95 %, over shoppers; p is against the base, the model that was best on the "
      "validation part, corrected for the number of models. Every model but popularity tried as "
      "many settings.");
  std::vector<evaluate::paired> means;
  std::vector<std::span<const double>> systems;
  for (const row& r : rows) {
    const std::vector<double> zero(last.cases.size());
    means.push_back(evaluate::compare(r.board.of(metric::ndcg), zero, {.flips = 1}, pool).value());
    if (&r != &rows[best]) systems.push_back(r.board.of(metric::ndcg));
  }
  const auto base = rows[best].board.of(metric::ndcg);
  const auto against = evaluate::compare_all(base, systems, {}, pool).value();
  std::vector<double> p(rows.size(), 1);
  for (std::size_t n = 0, at = 0; n < rows.size(); ++n) {
    if (n != best) p[n] = against[at++].corrected;
  }

  std::string csv = "model,settings tried,chosen";
  for (std::size_t m = 0; m < evaluate::metric_count; ++m) {
    csv += std::string(",") + name_of(metric(m));
  }
  csv +=
      ",ndcg low,ndcg high,p against base,coverage,gini,empty,fit seconds,answer microseconds,"
      "bytes\n";
  std::string json = "[";
  std::vector<std::vector<std::string>> cells;
  std::vector<demo::estimate> bars;
  std::printf("%-18s %8s %8s %17s %9s %9s %8s%s\n", "model", "recall", "ndcg", "95 %", "p",
              "coverage", "tried", a.times ? "   fit s  answer us     MB" : "");
  for (std::size_t n = 0; n < rows.size(); ++n) {
    const row& r = rows[n];
    const double cover = coverage(r.board, last.rows.items().size());
    const std::string p_text = n == best ? "base" : format("%.4f", p[n]);
    std::printf("%-18s %8.4f %8.4f %8.4f…%.4f %9s %8.0f %% %8zu%s\n", r.name.c_str(),
                r.board.mean(metric::recall_of_all), r.board.mean(metric::ndcg), means[n].low,
                means[n].high, p_text.c_str(), 100 * cover, r.tried,
                a.times ? format(" %7.2f %10.1f %6.1f", r.seconds, r.micros,
                                 static_cast<double>(r.bytes) / 1e6)
                              .c_str()
                        : "");
    csv += r.name + format(",%zu,\"%s\"", r.tried, r.chosen.c_str());
    json_writer j;
    j.out = "{";
    j.member("model", r.name);
    j.member("chosen", r.chosen);
    j.member("tried", static_cast<std::int64_t>(r.tried));
    for (std::size_t m = 0; m < evaluate::metric_count; ++m) {
      const std::string value = format("%.17g", r.board.mean(metric(m)));
      csv += "," + value;
      j.member(name_of(metric(m)));
      j.out += value;
    }
    csv += format(",%.17g,%.17g,%.17g,%.17g,%.17g,%zu,%.3f,%.2f,%zu\n", means[n].low, means[n].high,
                  p[n], cover, gini(r.board, last.rows.items().size()), r.board.empty,
                  a.times ? r.seconds : 0, a.times ? r.micros : 0, r.bytes);
    j.member("ndcg low");
    j.out += format("%.17g", means[n].low);
    j.member("ndcg high");
    j.out += format("%.17g", means[n].high);
    j.member("p against base");
    j.out += format("%.17g", p[n]);
    j.out += "}";
    json += (n == 0 ? "\n" : ",\n") + j.out;
    cells.push_back({r.name, r.chosen, format("%.4f", r.board.mean(metric::recall_of_all)),
                     format("%.4f", r.board.mean(metric::ndcg)),
                     format("%.4f\u00a0…\u00a0%.4f", means[n].low, means[n].high), p_text,
                     format("%.0f %%", 100 * cover),
                     format("%.2f", gini(r.board, last.rows.items().size())),
                     a.times ? format("%.2f\u00a0s", r.seconds) : "",
                     a.times ? format("%.1f\u00a0us", r.micros) : "",
                     format("%.1f", static_cast<double>(r.bytes) / 1e6)});
    bars.push_back({r.name, r.board.mean(metric::ndcg), means[n].low, means[n].high});
  }
  page.heading(format("NDCG at %zu", a.k));
  page.picture(demo::estimates(bars));
  page.table({"model", "settings", "recall of all", "NDCG", "95 %", "p against base", "coverage",
              "Gini", "fit", "answer", "MB"},
             cells);
  ::mkdir(a.out.c_str(), 0755);
  save(a, "tailor_eval.csv", csv);
  save(a, "tailor_eval.json", json + "\n]\n");
  save(a, "tailor_eval.html", page.html());
}

}  // namespace

int main(int count, char** values) {
  const arguments a = read_arguments(count, values);
  demo::names names;
  const auto read = [&](const std::string& path, const std::string& user, const std::string& item,
                        const std::string& time) {
    auto rows = demo::read_rows(path, user, item, time, names);
    if (!rows) {
      fail(format("%s: %s %s at %llu", path.c_str(), name_of(rows.error().code), rows.error().what,
                  static_cast<unsigned long long>(rows.error().at)));
    }
    return std::move(*rows);
  };
  const std::string grocer = a.data + "/completejourney_transactions.csv";
  std::string source = "made-up interactions";
  evaluate::split parts;
  if (!a.train.empty()) {
    source = a.train + " and " + a.test;
    // Settings are chosen on a part of train.
    parts = demo::split_rows(read(a.train, a.user, a.item, a.time), false);
    parts.train.insert(parts.train.end(), parts.test.begin(), parts.test.end());
    parts.test = read(a.test, a.user, a.item, a.time);
  } else if (!a.csv.empty()) {
    source = a.csv;
    parts = demo::split_rows(read(a.csv, a.user, a.item, a.time), !a.time.empty());
  } else if (!a.generated && ::access(grocer.c_str(), R_OK) == 0) {
    source = "completejourney_transactions.csv";
    parts =
        demo::split_rows(read(grocer, "household_id", "product_id", "transaction_timestamp"), true);
  } else {
    parts = demo::split_rows(demo::make_rows(1), true);
  }
  thread_pool pool(a.threads);
  const exam choosing = demo::make_exam(parts.train, parts.validation);
  std::vector<interaction> known = parts.train;
  known.insert(known.end(), parts.validation.begin(), parts.validation.end());
  const exam last = demo::make_exam(known, parts.test);
  if (choosing.cases.empty()) fail("nobody is left to choose settings by");
  if (last.cases.empty()) fail("nobody is left to judge by");
  std::vector<row> rows = judge_all(choosing, last, a.k, pool);
  report(a, source, parts, evaluate::report_leaks(known, parts.test), choosing, last, rows, pool);
}
