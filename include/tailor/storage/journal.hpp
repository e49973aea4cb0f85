#ifndef TAILOR_STORAGE_JOURNAL_HPP
#define TAILOR_STORAGE_JOURNAL_HPP

#include <algorithm>
#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "log.hpp"

namespace tailor::inline v0::storage {

/// What can be kept in a journal: written whole by `encode` and put back by `restore`, which trusts
/// no byte, and told again what was done to it. `replay` reads one operation and does it; same
/// state, same operation, same new state.
template <class S>
concept replayable =
    std::movable<S> && requires(S& s, const S& c, byte_writer& out, byte_reader& in) {
      c.encode(out);
      { s.restore(in) } -> std::same_as<status>;
      { s.replay(in) } -> std::same_as<status>;
    };

/// What an answer outlives before it is given: the process, or a power cut too.
enum class durability : std::uint8_t { process, power };

struct journal_options {
  durability answers = durability::process;
  std::uint64_t compact_bytes = std::uint64_t{4} << 20;  ///< the log is rewritten beyond that, or
                                                         ///< twice its size after the last time
  log_options log{};
};

/// A state and the log beneath it: what is done to the state is in the log before it is answered,
/// and is done again when the journal is opened. For any number of threads; operations of threads
/// that wait at the same time are written, and synced, together. After a fault of the disk every
/// answer is that fault until the journal is opened again: what had no answer by then may have been
/// done or not. A log that grew is rewritten as one snapshot of the state.
template <class State, class Files = posix_log_files>
class journal {
  static_assert(
      replayable<State>,
      "journal<State>: State needs encode(byte_writer&) const, status restore(byte_reader&) "
      "and status replay(byte_reader&)  [storage::replayable]");

 public:
  /// An operation takes no more bytes than that.
  static constexpr std::size_t max_operation = 256;

  /// Opens the log at `path` and brings the state up to it; a new log begins with `initial`.
  /// Errors: those of `log::open`; corrupt, with the offset of the record, when its operations
  /// cannot be done; conflict when `restore` or `replay` says so.
  [[nodiscard]] static result<journal> open(Files files, std::string path, State initial,
                                            const journal_options& options = {}) {
    bool first = true;
    const auto visit = [&](const log_record& r) -> status {
      byte_reader in(r.payload);
      const std::uint8_t kind = in.u8();
      status done;
      if (kind == snapshot_kind && first) {
        done = initial.restore(in);
        if (done) in.expect_end();
      } else if (kind == operations_kind && !first) {
        while (done && in.remaining() > 0) done = initial.replay(in);
      } else {
        done = errc::corrupt;
      }
      first = false;
      if (done && in.ok()) return {};
      if (done.code() == errc::conflict) return done;  // sound, but not what `initial` is
      return error{errc::corrupt, "journal record", r.at};
    };
    result<log<Files>> opened =
        log<Files>::open(std::move(files), std::move(path), visit, options.log);
    if (!opened) return opened.error();
    journal out(std::move(initial), *std::move(opened), options);
    // After a crash nobody knows which records are on the disk: a new file is.
    if (first || !out.log_.report().clean) {
      if (const status done = out.compact(); !done) return done.error();
    }
    return out;
  }

  /// Moved only while nobody uses it.
  journal(journal&& other) noexcept
      : state_(std::move(other.state_)),
        log_(std::move(other.log_)),
        options_(other.options_),
        compact_at_(other.compact_at_),
        pending_(std::move(other.pending_)),
        broken_(other.broken_) {}
  journal& operator=(journal&&) = delete;
  ~journal() = default;

  /// Calls `act(State&, byte_writer&)`, which does something to the state and writes the operation
  /// by which `replay` does the same, or nothing when nothing changed. Its answer, a result or a
  /// status, is given when everything that it may rest on is in the log.
  template <class Act>
  auto run(Act&& act) -> decltype(act(std::declval<State&>(), std::declval<byte_writer&>())) {
    std::unique_lock guard(mutex_);
    if (broken_.code != errc::ok) return broken_;
    pending_.reserve(pending_.size() + max_operation);  // nothing can fail once it is done
    const std::size_t before = pending_.size();
    byte_writer writer(pending_);
    auto answer = act(state_, writer);
    TAILOR_EXPECTS(pending_.size() - before <= max_operation);
    if (pending_.size() != before) ++submitted_;
    const std::uint64_t mine = submitted_;
    while (written_ < mine && broken_.code == errc::ok) {
      if (writing_) {
        wait(guard);
      } else {
        write(guard);
      }
    }
    if (broken_.code != errc::ok) return broken_;
    return answer;
  }

  /// Calls `f(State&)` and gives back what it returns: for questions that change nothing.
  template <class F>
  auto read(F&& f) {
    const std::lock_guard guard(mutex_);
    return f(state_);
  }

  /// Puts another state in its place and rewrites the log.
  status replace(State state) {
    return alone([&]() -> status {
      state_ = std::move(state);
      const status done = compact();
      if (!done) broken_ = done.error();
      return done;
    });
  }

  /// Rewrites the log as one snapshot, synced.
  status checkpoint() {
    return alone([&] { return compact(); });
  }

  /// Ends the log with its closing record. Afterwards every answer is io.
  status close() {
    return alone([&]() -> status {
      const status done = log_.close();
      broken_ = error{errc::io, "journal is closed", 0};
      return done;
    });
  }

  /// What was found at opening.
  [[nodiscard]] log_report report() {
    const std::lock_guard guard(mutex_);
    return log_.report();
  }
  /// Bytes of the log.
  [[nodiscard]] std::uint64_t bytes() {
    const std::lock_guard guard(mutex_);
    return log_.bytes();
  }

 private:
  static constexpr std::uint8_t snapshot_kind = 'S';
  static constexpr std::uint8_t operations_kind = 'O';

  journal(State state, log<Files> opened, const journal_options& options)
      : state_(std::move(state)),
        log_(std::move(opened)),
        options_(options),
        compact_at_((std::max)(options.compact_bytes, 2 * log_.bytes())) {
    pending_.push_back(std::byte{operations_kind});
  }

  /// Calls `f` while nobody writes and nothing is pending.
  template <class F>
  status alone(F&& f) {
    std::unique_lock guard(mutex_);
    while (broken_.code == errc::ok && (writing_ || written_ < submitted_)) {
      if (writing_) {
        wait(guard);
      } else {
        write(guard);
      }
    }
    if (broken_.code != errc::ok) return broken_;
    return f();
  }

  /// Writes what is pending, of all threads.
  void write(std::unique_lock<std::mutex>& guard) {
    const std::uint64_t until = submitted_;
    status done;
    if (log_.bytes() + pending_.size() > compact_at_) {
      done = compact();
      // There may be no room beside the old log, and room enough behind it.
      if (!done) compact_at_ = (std::max)(compact_at_, log_.bytes()) * 2;
    }
    if (written_ < until) {
      batch_.assign(1, std::byte{operations_kind});
      batch_.swap(pending_);
      writing_ = true;
      guard.unlock();
      done = append();
      guard.lock();
      writing_ = false;
      if (done) written_ = until;
      if (!done) broken_ = done.error();
    }
    turn_.fetch_add(1, std::memory_order_relaxed);
    turn_.notify_all();
  }

  /// Until the one who writes is done. Not a condition variable: its header is 13,000 lines.
  void wait(std::unique_lock<std::mutex>& guard) {
    const std::uint32_t turn = turn_.load(std::memory_order_relaxed);
    guard.unlock();
    turn_.wait(turn, std::memory_order_relaxed);
    guard.lock();
  }

  status append() {
    if (const result<process_durable> done = log_.append(batch_); !done) return done.error();
    if (options_.answers == durability::process) return {};
    const result<power_durable> done = log_.sync();
    return done ? status{} : done.error();
  }

  /// The state as it is, with all that is pending.
  status compact() {
    std::vector<std::byte> bytes(1, std::byte{snapshot_kind});
    byte_writer writer(bytes);
    state_.encode(writer);
    const std::span<const std::byte> payload(bytes);
    const result<power_durable> done = log_.rewrite(std::span(&payload, 1));
    if (!done) return done.error();
    compact_at_ = (std::max)(options_.compact_bytes, 2 * log_.bytes());
    pending_.resize(1);
    written_ = submitted_;
    return {};
  }

  std::mutex mutex_;
  std::atomic<std::uint32_t> turn_{0};  // counts what was written, under the lock
  State state_;
  log<Files> log_;
  journal_options options_;
  std::uint64_t compact_at_ = 0;
  std::vector<std::byte> pending_;  // operations that are done and not written
  std::vector<std::byte> batch_;    // those that are being written
  std::uint64_t submitted_ = 0;
  std::uint64_t written_ = 0;
  bool writing_ = false;
  error broken_{};
};

}  // namespace tailor::inline v0::storage

#endif  // TAILOR_STORAGE_JOURNAL_HPP
