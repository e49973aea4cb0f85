#ifndef TAILOR_OFFER_DURABLE_BUDGET_HPP
#define TAILOR_OFFER_DURABLE_BUDGET_HPP

#include <cstdint>
#include <string>
#include <utility>

#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "../storage/journal.hpp"
#include "budget.hpp"
#include "reservation.hpp"

namespace tailor::inline v0::offer {
namespace detail {

enum class budget_step : std::uint8_t {
  reserve = 1,
  commit = 2,
  release = 3,
  give_back = 4,
  expire = 5
};

/// A budget that writes down what was done to it, with the time at which it was: a clock that jumps
/// does the same again.
class logged_budget {
 public:
  explicit logged_budget(sharded_budget b) : budget_(std::move(b)) {}

  [[nodiscard]] sharded_budget& budget() { return budget_; }

  /// Does `f(budget)` for a key and writes the step if it changed something.
  template <class F>
  auto apply(budget_step step, request_key key, std::int64_t amount, byte_writer& out, F&& f) {
    const result<reservation> before = budget_.find(key);
    const std::int64_t left = budget_.left();
    auto answer = f(budget_);
    const result<reservation> after = budget_.find(key);
    const bool changed = before && after ? *before != *after : before.code() != after.code();
    if (answer && changed) {
      write(out, step, key, amount);
    } else if (budget_.left() != left) {
      write(out, budget_step::expire, {}, 0);
    }
    return answer;
  }

  void write(byte_writer& out, budget_step step, request_key key, std::int64_t amount) const {
    out.u8(static_cast<std::uint8_t>(step));
    out.i64(budget_.latest().us);
    out.u64(key.high);
    out.u64(key.low);
    out.i64(amount);
  }

  void encode(byte_writer& out) const { budget_.encode(out); }
  /// The limits that held then: what was done under them is done again under them.
  status restore(byte_reader& in) {
    const result<budget_record> record = budget_record::decode(in);
    if (!record) return record.error();
    sharded_budget::options o = one_shard(budget_.settings());
    o.cap = record->cap;
    o.ttl = record->ttl;
    o.remember = record->remember;
    o.max_keys = reservation_ring::max_size;
    result<sharded_budget> made = sharded_budget::from(*record, o);
    if (!made) return made.error();
    budget_ = *std::move(made);
    return {};
  }

  status replay(byte_reader& in) {
    const budget_step step{in.u8()};
    const timestamp at{in.i64()};
    request_key key;
    key.high = in.u64();
    key.low = in.u64();
    const std::int64_t amount = in.i64();
    if (!in.ok()) return in.error();
    static_cast<void>(budget_.expire(at));
    return again(step, key, amount, at) ? status{} : errc::corrupt;
  }

  /// The journal's lock serves for all: one shard, whose times are exact.
  [[nodiscard]] static sharded_budget::options one_shard(sharded_budget::options o) {
    o.shards = 1;
    return o;
  }

 private:
  bool again(budget_step step, request_key key, std::int64_t amount, timestamp at) {
    switch (step) {
      case budget_step::reserve:
        return static_cast<bool>(budget_.reserve(key, amount, at));
      case budget_step::commit:
        return static_cast<bool>(budget_.commit(key, amount, at));
      case budget_step::release:
        return static_cast<bool>(budget_.release(key));
      case budget_step::give_back:
        return static_cast<bool>(budget_.give_back(key, amount));
      case budget_step::expire:
        return true;
    }
    return false;
  }

  sharded_budget budget_;
};

}  // namespace detail

/// A budget that survives: each step is in the log before it is answered, so that neither a crash
/// nor a retry grants twice or above the cap. The answers are those of `sharded_budget`, the same
/// ones also after a restart; besides, io or no_space when the log could not be written: the step
/// may have been done or not, every later answer is that error, and after opening again a retry
/// under the same key finds out. For any number of threads.
template <class Files = storage::posix_log_files>
class durable_budget {
 public:
  /// What the log says it holds.
  static constexpr std::uint32_t content = 0x67647562;

  /// Opens the budget at `path`, or begins one. Another cap, ttl or remember than before holds from
  /// now on; conflict when more is taken than the new cap. `shards` is not used. Errors besides:
  /// those of `sharded_budget::make` and `storage::journal::open`.
  [[nodiscard]] static result<durable_budget> open(Files files, std::string path,
                                                   const sharded_budget::options& o,
                                                   storage::journal_options options = {}) {
    options.log.content = content;
    const sharded_budget::options wanted = detail::logged_budget::one_shard(o);
    result<sharded_budget> fresh = sharded_budget::make(wanted);
    if (!fresh) return fresh.error();
    auto opened = kept::open(std::move(files), std::move(path),
                             detail::logged_budget(*std::move(fresh)), options);
    if (!opened) return opened.error();
    durable_budget out(*std::move(opened));
    if (const status done = out.adopt(wanted); !done) return done.error();
    return out;
  }
  [[nodiscard]] static result<durable_budget> open(std::string path,
                                                   const sharded_budget::options& o,
                                                   const storage::journal_options& options = {}) {
    return open(Files{}, std::move(path), o, options);
  }

  [[nodiscard]] result<ticket> reserve(request_key key, std::int64_t amount, timestamp now) {
    return step(detail::budget_step::reserve, key, amount,
                [&](sharded_budget& b) { return b.reserve(key, amount, now); });
  }
  status commit(request_key key, std::int64_t amount, timestamp now) {
    return step(detail::budget_step::commit, key, amount,
                [&](sharded_budget& b) { return b.commit(key, amount, now); });
  }
  status release(request_key key) {
    return step(detail::budget_step::release, key, 0,
                [&](sharded_budget& b) { return b.release(key); });
  }
  status give_back(request_key key, std::int64_t amount) {
    return step(detail::budget_step::give_back, key, amount,
                [&](sharded_budget& b) { return b.give_back(key, amount); });
  }
  [[nodiscard]] result<std::int64_t> expire(timestamp now) {
    return journal_.run([&](detail::logged_budget& b, byte_writer& out) {
      result<std::int64_t> units = b.budget().expire(now);
      if (units && *units != 0) b.write(out, detail::budget_step::expire, {}, 0);
      return units;
    });
  }

  [[nodiscard]] result<reservation> find(request_key key) {
    return journal_.read([&](detail::logged_budget& b) { return b.budget().find(key); });
  }
  [[nodiscard]] budget_totals totals() {
    return journal_.read([](detail::logged_budget& b) { return b.budget().totals(); });
  }
  /// All of it, as a plain value.
  [[nodiscard]] budget_record record() {
    return journal_.read([](detail::logged_budget& b) { return b.budget().record(); });
  }

  /// See `storage::journal`.
  status checkpoint() { return journal_.checkpoint(); }
  status close() { return journal_.close(); }
  [[nodiscard]] storage::log_report report() { return journal_.report(); }
  [[nodiscard]] std::uint64_t log_bytes() { return journal_.bytes(); }

 private:
  using kept = storage::journal<detail::logged_budget, Files>;

  explicit durable_budget(kept j) : journal_(std::move(j)) {}

  template <class F>
  auto step(detail::budget_step what, request_key key, std::int64_t amount, F&& f) {
    return journal_.run([&](detail::logged_budget& b, byte_writer& out) {
      return b.apply(what, key, amount, out, f);
    });
  }

  status adopt(const sharded_budget::options& wanted) {
    const budget_record now = record();
    result<sharded_budget> made = sharded_budget::from(now, wanted);
    if (!made) return made.error();
    const bool same =
        now.cap == wanted.cap && now.ttl == wanted.ttl && now.remember == wanted.remember;
    if (!same) return journal_.replace(detail::logged_budget(*std::move(made)));
    return journal_.read([&](detail::logged_budget& b) -> status {
      b = detail::logged_budget(*std::move(made));
      return {};
    });
  }

  kept journal_;
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_DURABLE_BUDGET_HPP
