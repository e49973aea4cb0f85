#ifndef TAILOR_SEGMENT_CLUSTER_FIT_HPP
#define TAILOR_SEGMENT_CLUSTER_FIT_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "../core/executor.hpp"
#include "../core/ids.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "../events/timeline.hpp"
#include "choose_k.hpp"
#include "cluster_names.hpp"
#include "clusters.hpp"
#include "feature_table.hpp"
#include "features.hpp"
#include "match_labels.hpp"
#include "points.hpp"
#include "quality.hpp"
#include "scale.hpp"

namespace tailor::inline v0::segment {

struct cluster_options {
  std::vector<feature> features = {feature::recency_days, feature::order_count, feature::revenue};
  feature_rules rules{};
  scale_options scale{};
  std::size_t k = 0;        ///< number of groups; 0: chosen
  choice_options choice{};  ///< how, where it is chosen
  naming names{};
  std::vector<column_words> words{};  ///< one per feature; none: the stock words
};

/// How a feature is shaped before it is scaled: what is counted or summed has a long tail.
[[nodiscard]] constexpr shape shape_of(feature f) {
  return ages(f) ? shape::as_it_is : shape::log1p;
}

namespace detail {

/// Centres of a fit in the order in which they are labelled: largest group first, ties by place.
[[nodiscard]] inline std::vector<cluster> largest_first(std::span<const double> centres,
                                                        std::span<const std::uint64_t> sizes) {
  const std::size_t d = centres.size() / sizes.size();
  std::vector<cluster> out(sizes.size());
  for (std::size_t c = 0; c < out.size(); ++c) {
    const auto centre = centres.subspan(c * d, d);
    out[c].size = sizes[c];
    out[c].centre.assign(centre.begin(), centre.end());
  }
  std::sort(out.begin(), out.end(), [](const cluster& a, const cluster& b) {
    return a.size != b.size ? a.size > b.size : a.centre < b.centre;
  });
  return out;
}

/// Gives labels, those of the previous fit where groups match: centres are compared in the scale of
/// the new fit.
inline status label_groups(std::span<cluster> groups, const scaling& scale,
                           const clusters* previous, std::int64_t& next) {
  std::vector<double> before;
  std::vector<double> after;
  std::vector<std::int64_t> labels;
  if (previous != nullptr) {
    for (const cluster& old : previous->groups()) {
      std::vector<double> centre = previous->centre_of(old);
      if (const status s = scale.apply(std::span<double>(centre)); !s) return s;
      before.insert(before.end(), centre.begin(), centre.end());
      labels.push_back(old.label);
    }
  }
  for (const cluster& g : groups) after.insert(after.end(), g.centre.begin(), g.centre.end());
  const auto kept = keep_labels(before, labels, after, scale.columns().size(), next);
  if (!kept) return kept.error();
  for (std::size_t c = 0; c < groups.size(); ++c) groups[c].label = (*kept)[c];
  return {};
}

inline void name_groups(std::span<cluster> groups, const cluster_options& options) {
  std::vector<column_words> words = options.words;
  if (words.empty()) {
    for (const feature f : options.features) words.push_back(words_of(f));
  }
  std::vector<double> z;
  for (const cluster& g : groups) z.insert(z.end(), g.centre.begin(), g.centre.end());
  const std::vector<std::string> names = cluster_names(z, words, options.names);
  for (std::size_t c = 0; c < groups.size(); ++c) groups[c].name = names[c];
}

[[nodiscard]] inline status check(const cluster_options& options, const clusters* previous) {
  const std::size_t count = options.features.size();
  if (count == 0 || count > feature_count) return error{errc::out_of_range, "features", count};
  if (!options.words.empty() && options.words.size() != count) {
    return error{errc::malformed, "words", options.words.size()};
  }
  if (previous != nullptr && !previous->features().empty() &&
      !std::equal(options.features.begin(), options.features.end(), previous->features().begin(),
                  previous->features().end())) {
    return error{errc::conflict, "features"};
  }
  return {};
}

}  // namespace detail

/// Groups the shoppers by their features at `now`: scales them, chooses how many groups there are
/// unless that is given, fits, names and labels. Groups that match those of `previous` (null: none)
/// keep their labels, so that a segment built on label 3 stays about the same people.
/// Without a k that is stable enough the model has no groups, and its choice() says why.
/// too_few when no shopper has an order or fewer than k differ; out_of_range, malformed for
/// features and words that do not fit, conflict when `previous` has other features; errors of the
/// scaling with their cell, of `fit` as it gives them. Same answer for any executor, if `fit` is.
template <class Fit, executor Executor = serial_executor>
[[nodiscard]] result<clusters> fit_clusters(const events::timeline& history, timestamp now,
                                            const Fit& fit, const cluster_options& options = {},
                                            const clusters* previous = nullptr,
                                            Executor&& pool = {}) {
  static_assert(centre_fitter<Fit, double>,
                "fit_clusters: Fit needs  result<std::vector<double>> operator()(const "
                "point_view<double>&, std::size_t k) const  [segment::centre_fitter]");
  if (const status s = detail::check(options, previous); !s) return s;
  const feature_table table =
      feature_table::of(history, now, options.features, options.rules, pool);
  if (table.rows() == 0) return error{errc::too_few, "shoppers"};
  const std::size_t d = options.features.size();
  std::vector<shape> shapes;
  shapes.reserve(d);
  for (const feature f : options.features) shapes.push_back(shape_of(f));
  const point_view<double> raw(table.values().data(), table.rows(), d);
  const result<scaling> scale = scaling::fit(raw, shapes, options.scale, pool);
  if (!scale) return scale.error();
  std::vector<double> z(table.values().size());
  if (const status s = scale->apply(raw, std::span<double>(z), pool); !s) return s;
  const point_view<double> points(z.data(), table.rows(), d);

  k_choice choice;
  std::size_t k = options.k;
  std::int64_t next = previous == nullptr ? 0 : previous->next_label();
  if (k == 0) {
    std::vector<std::uint64_t> ids;
    for (const user_id user : table.shoppers()) ids.push_back(tailor::raw(user));
    auto chosen = choose_k(points, ids, fit, options.choice, pool);
    if (!chosen) return chosen.error();
    choice = *std::move(chosen);
    k = choice.k;
    if (k == 0) return clusters(options.features, options.rules, *scale, {}, choice, next);
  } else if (detail::distinct_points(std::span<const double>(z), d) < k) {
    return error{errc::too_few, "different shoppers", k};
  }
  const result<std::vector<double>> centres = detail::centres_by(fit, points, k, pool);
  if (!centres) return centres.error();
  const cluster_quality q = quality_of(points, *centres, pool);
  std::vector<cluster> groups = detail::largest_first(*centres, q.sizes);
  if (const status s = detail::label_groups(groups, *scale, previous, next); !s) return s;
  detail::name_groups(groups, options);
  return clusters(options.features, options.rules, *scale, std::move(groups), std::move(choice),
                  next);
}

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_CLUSTER_FIT_HPP
