#ifndef TAILOR_OFFER_DURABLE_COUPONS_HPP
#define TAILOR_OFFER_DURABLE_COUPONS_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "../core/bytes.hpp"
#include "../core/hash.hpp"
#include "../core/ids.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "../storage/journal.hpp"
#include "coupon.hpp"

namespace tailor::inline v0::offer {
namespace detail {

/// A pool that is told again what was done to it, each step with its time.
class logged_coupons {
 public:
  enum class step : std::uint8_t { load = 1, remove = 2, assign = 3, redeem = 4, forget = 5 };

  explicit logged_coupons(coupon_pool p) : pool_(std::move(p)) {}

  [[nodiscard]] coupon_pool& pool() { return pool_; }
  [[nodiscard]] const coupon_pool& pool() const { return pool_; }

  void encode(byte_writer& out) const {
    const coupon_pool::options& o = pool_.settings();
    out.u64(check(o.secret));
    out.i64(o.uses);
    out.i64(o.until.us);
    out.i64(o.after_assignment.us);
    pool_.encode(out);
  }

  /// The limits that held then; the secret is not in the file. conflict when it is another one.
  status restore(byte_reader& in) {
    coupon_pool::options o = pool_.settings();
    if (in.u64() != check(o.secret) && in.ok()) return error{errc::conflict, "coupon secret", 0};
    o.uses = in.i64();
    o.until.us = in.i64();
    o.after_assignment.us = in.i64();
    o.max_codes = std::size_t{1} << 31;
    const result<coupon_record> record = coupon_record::decode(in);
    if (!record) return record.error();
    result<coupon_pool> made = coupon_pool::from(*record, o);
    if (!made) return made.error();
    pool_ = *std::move(made);
    return {};
  }

  void write(byte_writer& out, step s, std::string_view code, std::optional<user_id> shopper,
             request_key order = {}) const {
    out.u8(static_cast<std::uint8_t>(s));
    out.i64(pool_.latest().us);
    out.text(code);
    out.u8(shopper ? 1 : 0);
    out.u64(shopper ? raw(*shopper) : 0);
    out.u64(order.high);
    out.u64(order.low);
  }

  status replay(byte_reader& in) {
    const step s{in.u8()};
    const timestamp at{in.i64()};
    const std::string_view code = in.text();
    const bool known = in.u8() != 0;
    const user_id who{in.u64()};
    request_key order;
    order.high = in.u64();
    order.low = in.u64();
    if (!in.ok()) return in.error();
    return again(s, at, code, known ? std::optional(who) : std::nullopt, order) ? status{}
                                                                                : errc::corrupt;
  }

 private:
  [[nodiscard]] static std::uint64_t check(hash_key secret) {
    return siphash24(secret, "tailor coupons");
  }

  bool again(step s, timestamp at, std::string_view code, std::optional<user_id> shopper,
             request_key order) {
    switch (s) {
      case step::load:
        return static_cast<bool>(pool_.load(code));
      case step::remove:
        return static_cast<bool>(pool_.remove(code));
      case step::assign: {
        if (!shopper) return false;
        const result<std::string_view> got = pool_.assign(*shopper, at);
        return got && *got == code;
      }
      case step::redeem:
        return static_cast<bool>(pool_.redeem(code, shopper, order, at));
      case step::forget:
        if (shopper) pool_.forget(*shopper);
        return shopper.has_value();
    }
    return false;
  }

  coupon_pool pool_;
};

}  // namespace detail

/// A coupon pool that survives: each step is in the log before it is answered, so that neither a
/// crash nor a retry gives a code to two or uses it twice. The answers are those of `coupon_pool`;
/// besides, io or no_space when the log could not be written, as `storage::journal` says. For any
/// number of threads.
template <class Files = storage::posix_log_files>
class durable_coupons {
 public:
  /// What the log says it holds.
  static constexpr std::uint32_t content = 0x6E706F63;

  /// Opens the pool at `path`, or begins an empty one. Other limits than before hold from now on.
  /// conflict when the secret is another one. Errors besides: those of `coupon_pool::make` and
  /// `storage::journal::open`.
  [[nodiscard]] static result<durable_coupons> open(Files files, std::string path,
                                                    const coupon_pool::options& o,
                                                    storage::journal_options options = {}) {
    options.log.content = content;
    result<coupon_pool> fresh = coupon_pool::make(o);
    if (!fresh) return fresh.error();
    auto opened = kept::open(std::move(files), std::move(path), logged(*std::move(fresh)), options);
    if (!opened) return opened.error();
    durable_coupons out(*std::move(opened));
    if (const status done = out.adopt(o); !done) return done.error();
    return out;
  }
  [[nodiscard]] static result<durable_coupons> open(std::string path, const coupon_pool::options& o,
                                                    const storage::journal_options& options = {}) {
    return open(Files{}, std::move(path), o, options);
  }

  status load(std::string_view code) {
    return journal_.run([&](logged& c, byte_writer& out) {
      const status done = c.pool().load(code);
      if (done) c.write(out, step::load, code, {});
      return done;
    });
  }
  status remove(std::string_view code) {
    return journal_.run([&](logged& c, byte_writer& out) {
      const status done = c.pool().remove(code);
      if (done) c.write(out, step::remove, code, {});
      return done;
    });
  }
  [[nodiscard]] result<coupon_code> assign(user_id shopper, timestamp now) {
    return journal_.run([&](logged& c, byte_writer& out) -> result<coupon_code> {
      const std::size_t stock = c.pool().stock();
      const result<std::string_view> code = c.pool().assign(shopper, now);
      if (!code) return code.error();
      if (c.pool().stock() != stock) c.write(out, step::assign, *code, shopper);
      return coupon_code::parse(*code);
    });
  }
  status redeem(std::string_view code, std::optional<user_id> shopper, request_key order,
                timestamp now) {
    return journal_.run([&](logged& c, byte_writer& out) {
      const std::size_t orders = c.pool().orders();
      const status done = c.pool().redeem(code, shopper, order, now);
      if (c.pool().orders() != orders) c.write(out, step::redeem, code, shopper, order);
      return done;
    });
  }
  /// Afterwards the shopper's id is in no byte of the file: it is rewritten.
  status forget(user_id shopper) {
    const status done = journal_.run([&](logged& c, byte_writer& out) {
      c.pool().forget(shopper);
      c.write(out, step::forget, {}, shopper);
      return status{};
    });
    return done ? journal_.checkpoint() : done;
  }

  /// Calls `f(const coupon_pool&)` and gives back what it returns, a value.
  template <class F>
  auto read(F&& f) {
    return journal_.read([&](const logged& c) { return f(c.pool()); });
  }
  [[nodiscard]] coupon_record record() {
    return read([](const coupon_pool& p) { return p.record(); });
  }

  /// See `storage::journal`.
  status checkpoint() { return journal_.checkpoint(); }
  status close() { return journal_.close(); }
  [[nodiscard]] storage::log_report report() { return journal_.report(); }
  [[nodiscard]] std::uint64_t log_bytes() { return journal_.bytes(); }

 private:
  using logged = detail::logged_coupons;
  using step = logged::step;
  using kept = storage::journal<logged, Files>;

  explicit durable_coupons(kept j) : journal_(std::move(j)) {}

  status adopt(const coupon_pool::options& o) {
    const auto [same, record] = read([&](const coupon_pool& p) {
      const coupon_pool::options& was = p.settings();
      return std::pair(
          o.uses == was.uses && o.until == was.until && o.after_assignment == was.after_assignment,
          p.record());
    });
    result<coupon_pool> made = coupon_pool::from(record, o);
    if (!made) return made.error();
    if (!same) return journal_.replace(logged(*std::move(made)));
    return journal_.read([&](logged& c) -> status {
      c = logged(*std::move(made));
      return {};
    });
  }

  kept journal_;
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_DURABLE_COUPONS_HPP
