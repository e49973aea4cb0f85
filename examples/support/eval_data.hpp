// What models are judged on: rows of a CSV file or made up, split into train, validation and test.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tailor/adapters/csv.hpp"
#include "tailor/core/decimal.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/hash.hpp"
#include "tailor/core/interner.hpp"
#include "tailor/core/iso8601.hpp"
#include "tailor/evaluate/scoreboard.hpp"
#include "tailor/evaluate/split.hpp"
#include "tailor/similar/incidence.hpp"
#include "tailor/storage/file.hpp"

namespace demo {

using namespace tailor;
using evaluate::case_of_user;
using evaluate::interaction;

/// Ids of a file are numbered in order of appearance, the same in all files of a run.
struct names {
  interner users;
  interner items;
};

/// Reads rows with a shopper, an item and, if `time` is given, a moment (ISO 8601, or whole
/// seconds). malformed with the record: no such moment; rows without shopper or item are left out.
inline result<std::vector<interaction>> read_rows(const std::string& path, const std::string& user,
                                                  const std::string& item, const std::string& time,
                                                  names& n) {
  const auto bytes = storage::read_file(path.c_str());
  if (!bytes) return bytes.error();
  auto rows =
      adapters::csv_reader::make({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
  if (!rows) return rows.error();
  const auto user_column = rows->column(user.c_str());
  const auto item_column = rows->column(item.c_str());
  if (!user_column) return user_column.error();
  if (!item_column) return item_column.error();
  std::size_t time_column = 0;
  if (!time.empty()) {
    const auto found = rows->column(time.c_str());
    if (!found) return found.error();
    time_column = *found;
  }
  std::vector<interaction> out;
  std::uint64_t record = 0;
  while (rows->next()) {
    if (!rows->fault()) return rows->fault().error();
    ++record;
    const std::string_view u = (*rows)[*user_column], i = (*rows)[*item_column];
    if (u.empty() || i.empty()) continue;
    interaction r;
    const auto of_user = n.users.intern(u);
    const auto of_item = n.items.intern(i);
    if (!of_user || !of_item) return error{errc::full, "names", record};
    r.user = user_id{*of_user};
    r.item = item_id{*of_item};
    if (!time.empty()) {
      const std::string_view t = (*rows)[time_column];
      if (const auto moment = parse_timestamp(t)) {
        r.at = *moment;
      } else if (const auto seconds = parse_int<std::int64_t>(t)) {
        r.at = timestamp{*seconds * 1'000'000};
      } else {
        return error{errc::malformed, "time", record};
      }
    }
    out.push_back(r);
  }
  return out;
}

/// Shoppers of sixteen shelves, some shelves of which go together; popular items, and chance.
inline std::vector<interaction> make_rows(std::uint64_t seed) {
  std::vector<interaction> out;
  for (std::uint64_t u = 0; u < 1500; ++u) {
    counter_random draw(seed, u);
    const std::uint64_t shelf = uniform_below(draw, 16);
    const std::uint64_t bought = 4 + uniform_below(draw, 1 + uniform_below(draw, 40));
    for (std::uint64_t n = 0; n < bought; ++n) {
      const std::uint64_t where = uniform_below(draw, 10);
      const std::uint64_t from = where < 5   ? shelf
                                 : where < 8 ? (shelf + 1) % 16
                                             : uniform_below(draw, 16);
      const std::uint64_t item = uniform_below(draw, 1 + uniform_below(draw, 60));
      out.push_back({user_id{u}, item_id{60 * from + item},
                     timestamp{} + hours(uniform_between(draw, 0, 24 * 365)), no_order});
    }
  }
  return out;
}

/// Train, and who is asked about what.
struct exam {
  similar::incidence rows;  ///< of train, by shopper
  std::map<user_id, std::vector<item_id>> known;
  std::vector<case_of_user> cases;
  std::size_t repeats = 0;  ///< rows that name what the shopper had before: not asked about
};

/// From rows to learn from and rows to be asked about: what is new to the shopper.
inline exam make_exam(const std::vector<interaction>& train,
                      const std::vector<interaction>& asked) {
  exam out;
  const auto distinct = [](std::vector<item_id>& items) {
    std::sort(items.begin(), items.end());
    items.erase(std::unique(items.begin(), items.end()), items.end());
  };
  for (const interaction& r : train) out.known[r.user].push_back(r.item);
  std::vector<similar::incidence::cell> cells;
  std::uint32_t row = 0;
  for (auto& [user, items] : out.known) {
    distinct(items);
    for (const item_id item : items) cells.push_back({row, item});
    ++row;
  }
  out.rows = similar::incidence::make(cells, row).value();
  std::map<user_id, std::vector<item_id>> chosen;
  for (const interaction& r : asked) {
    const auto at = out.known.find(r.user);
    if (at == out.known.end()) continue;  // nothing is known of him
    if (std::binary_search(at->second.begin(), at->second.end(), r.item)) {
      ++out.repeats;
    } else {
      chosen[r.user].push_back(r.item);
    }
  }
  for (auto& [user, items] : chosen) {
    distinct(items);
    out.cases.push_back({user, items, out.known[user]});
  }
  return out;
}

/// By time where rows have some: 80 % to learn from, 10 % to choose settings on, 10 % to judge by;
/// by a hash of shopper and item else.
inline evaluate::split split_rows(const std::vector<interaction>& rows, bool by_time) {
  if (!by_time) {
    evaluate::split out;
    for (const interaction& r : rows) {
      const std::uint64_t part = mix64(mix64(raw(r.user) + 1) ^ raw(r.item)) % 10;
      (part == 0 ? out.test : part == 1 ? out.validation : out.train).push_back(r);
    }
    return out;
  }
  std::vector<timestamp> times;
  for (const interaction& r : rows) times.push_back(r.at);
  std::sort(times.begin(), times.end());
  if (times.empty()) return {};
  return evaluate::split_by_time(rows, times[times.size() * 8 / 10], times[times.size() * 9 / 10])
      .value();
}

}  // namespace demo
