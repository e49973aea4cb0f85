#ifndef TAILOR_CORE_EXECUTOR_HPP
#define TAILOR_CORE_EXECUTOR_HPP

#include <concepts>
#include <cstddef>

#include "config.hpp"
#include "contract.hpp"

namespace tailor::inline v0 {

namespace detail {

struct any_chunk {
  void operator()(std::size_t, std::size_t, std::size_t) const {}
};

}  // namespace detail

/// Runs loops, on one thread or many. `x.for_each_chunk(n, grain, f)` cuts [0, n) into chunks
/// [0, grain), [grain, 2 grain), … and calls `f(begin, end, worker)` once for each; it returns when
/// all are done. Where the cuts are depends on n and grain alone, never on the number of threads.
/// `worker < x.concurrency()`, and no two calls with one worker number run at the same time, so
/// scratch memory may be kept per worker. Which worker gets which chunk, and in which order, is not
/// promised: an `f` that gives the same answer for any thread count writes by index.
/// Precondition: grain > 0. Models: serial_executor, and thread_pool of core/thread_pool.hpp.
template <class X>
concept executor = requires(X& x, std::size_t n, detail::any_chunk f) {
  { x.concurrency() } -> std::same_as<std::size_t>;
  x.for_each_chunk(n, n, f);
};

/// Runs every chunk on the calling thread, in ascending order.
struct serial_executor {
  [[nodiscard]] constexpr std::size_t concurrency() const { return 1; }

  template <class F>
  constexpr void for_each_chunk(std::size_t n, std::size_t grain, F&& f) const {
    TAILOR_EXPECTS(grain > 0);
    for (std::size_t begin = 0; begin < n;) {
      const std::size_t end = n - begin > grain ? begin + grain : n;
      f(begin, end, std::size_t{0});
      begin = end;
    }
  }
};

}  // namespace tailor::inline v0

#endif  // TAILOR_CORE_EXECUTOR_HPP
