#ifndef TAILOR_CORE_THREAD_POOL_HPP
#define TAILOR_CORE_THREAD_POOL_HPP

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <system_error>
#include <thread>
#include <type_traits>
#include <vector>

#include "config.hpp"
#include "contract.hpp"

namespace tailor::inline v0 {

/// How many threads this machine runs at once; at least 1.
[[nodiscard]] inline std::size_t hardware_threads() {
  return (std::max)(std::size_t{1}, static_cast<std::size_t>(std::thread::hardware_concurrency()));
}

/// Keeps threads that wait for loops. The calling thread takes part as worker 0, so a pool of n has
/// n - 1 threads of its own. Chunks are handed out one by one from an atomic counter.
///
/// Calls from several threads run one after the other. A call from inside a chunk of the same pool
/// runs on the spot, under the worker number of that chunk; two pools that call into each other in
/// a circle wait for ever. An exception that leaves a chunk ends the program.
class thread_pool {
 public:
  /// `threads` counts the caller. Where the system refuses a thread the pool goes on with those it
  /// has; see concurrency(). Precondition: threads > 0.
  explicit thread_pool(std::size_t threads) {
    TAILOR_EXPECTS(threads > 0);
    threads_.reserve(threads - 1);
    while (threads_.size() + 1 < threads && start_one()) {
    }
  }

  ~thread_pool() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    work_.notify_all();
    for (std::thread& t : threads_) t.join();
  }

  thread_pool(const thread_pool&) = delete;
  thread_pool& operator=(const thread_pool&) = delete;

  [[nodiscard]] std::size_t concurrency() const { return threads_.size() + 1; }

  /// As `executor` says. Cost beside f: an atomic addition per chunk and, when there is more than
  /// one chunk, waking the threads (some microseconds). Allocates nothing.
  template <class F>
  void for_each_chunk(std::size_t n, std::size_t grain, F&& f) {
    TAILOR_EXPECTS(grain > 0);
    if (n == 0) return;
    const auto call = [](const void* body, std::size_t begin, std::size_t end,
                         std::size_t worker) noexcept {
      using body_type = std::remove_reference_t<F>;
      (*static_cast<body_type*>(const_cast<void*>(body)))(begin, end, worker);
    };
    run({.body = &f, .call = call, .n = n, .grain = grain, .chunks = (n - 1) / grain + 1});
  }

 private:
  struct loop {
    const void* body = nullptr;
    void (*call)(const void*, std::size_t, std::size_t, std::size_t) noexcept = nullptr;
    std::size_t n = 0;
    std::size_t grain = 1;
    std::size_t chunks = 0;

    void run_chunk(std::size_t chunk, std::size_t worker) const {
      const std::size_t begin = chunk * grain;
      call(body, begin, begin + (std::min)(grain, n - begin), worker);
    }
  };

  void run(const loop& job) {
    std::size_t worker = 0;
    if (is_inside(worker)) {
      for (std::size_t chunk = 0; chunk < job.chunks; ++chunk) job.run_chunk(chunk, worker);
      return;
    }
    const std::lock_guard one_at_a_time(callers_);
    caller_.store(std::this_thread::get_id(), std::memory_order_relaxed);
    if (threads_.empty() || job.chunks == 1) {
      for (std::size_t chunk = 0; chunk < job.chunks; ++chunk) job.run_chunk(chunk, 0);
    } else {
      share(job);
    }
    caller_.store(std::thread::id{}, std::memory_order_relaxed);
  }

  void share(const loop& job) {
    {
      const std::lock_guard lock(mutex_);
      job_ = &job;
      ++round_;
      next_.store(0, std::memory_order_relaxed);
    }
    work_.notify_all();
    take_chunks(job, 0);
    // No chunk is left. Threads that did not wake up in time need not come any more.
    std::unique_lock lock(mutex_);
    job_ = nullptr;
    done_.wait(lock, [this] { return busy_ == 0; });
  }

  void take_chunks(const loop& job, std::size_t worker) {
    for (;;) {
      const std::size_t chunk = next_.fetch_add(1, std::memory_order_relaxed);
      if (chunk >= job.chunks) return;
      job.run_chunk(chunk, worker);
    }
  }

  void wait_for_work(std::size_t worker) {
    std::uint64_t last_round = 0;
    std::unique_lock lock(mutex_);
    for (;;) {
      work_.wait(lock, [&] { return stopping_ || (job_ != nullptr && round_ != last_round); });
      if (stopping_) return;
      last_round = round_;
      const loop& job = *job_;
      ++busy_;
      lock.unlock();
      take_chunks(job, worker);
      lock.lock();
      if (--busy_ == 0) done_.notify_one();
    }
  }

  /// Whether the calling thread is running a chunk of this pool, and as which worker. Compares ids:
  /// a thread_local would be another variable in each shared library.
  [[nodiscard]] bool is_inside(std::size_t& worker) const {
    const std::thread::id self = std::this_thread::get_id();
    if (caller_.load(std::memory_order_relaxed) == self) return true;
    for (std::size_t i = 0; i < threads_.size(); ++i) {
      if (threads_[i].get_id() == self) {
        worker = i + 1;
        return true;
      }
    }
    return false;
  }

  bool start_one() {
    const std::size_t worker = threads_.size() + 1;
#if defined(__cpp_exceptions)
    try {
      threads_.emplace_back([this, worker] { wait_for_work(worker); });
    } catch (const std::system_error&) {
      return false;
    }
#else
    threads_.emplace_back([this, worker] { wait_for_work(worker); });
#endif
    return true;
  }

  alignas(64) std::atomic<std::size_t> next_{0};  // on a line of its own: all workers write it
  alignas(64) std::mutex callers_;                // held by the thread whose loop runs
  std::atomic<std::thread::id> caller_{};
  std::mutex mutex_;  // guards the five below
  std::condition_variable work_;
  std::condition_variable done_;
  const loop* job_ = nullptr;
  std::uint64_t round_ = 0;
  std::size_t busy_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace tailor::inline v0

#endif  // TAILOR_CORE_THREAD_POOL_HPP
