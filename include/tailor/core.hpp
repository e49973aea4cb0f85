#ifndef TAILOR_CORE_HPP
#define TAILOR_CORE_HPP

// core/: ids, time, money, results, hashing, random draws, bytes. Left out, because it brings in
// the threads of the standard library: core/thread_pool.hpp.

#include "core/beta.hpp"
#include "core/bytes.hpp"
#include "core/comparison.hpp"
#include "core/config.hpp"
#include "core/contract.hpp"
#include "core/crc32c.hpp"
#include "core/decimal.hpp"
#include "core/distributions.hpp"
#include "core/draw_table.hpp"
#include "core/errc.hpp"
#include "core/executor.hpp"
#include "core/flat_table.hpp"
#include "core/hash.hpp"
#include "core/ids.hpp"
#include "core/int128.hpp"
#include "core/interner.hpp"
#include "core/iso8601.hpp"
#include "core/json_writer.hpp"
#include "core/money.hpp"
#include "core/observer.hpp"
#include "core/published.hpp"
#include "core/random.hpp"
#include "core/result.hpp"
#include "core/sorted_runs.hpp"
#include "core/statistic.hpp"
#include "core/sync.hpp"
#include "core/time.hpp"
#include "core/topk.hpp"
#include "core/utf8.hpp"

#endif  // TAILOR_CORE_HPP
