#ifndef TAILOR_EVENTS_HPP
#define TAILOR_EVENTS_HPP

// All of events/: vocabulary, traits of the host's rows, limits, sessions, identity, timeline.

#include "events/bulk.hpp"
#include "events/columns.hpp"
#include "events/dedupe.hpp"
#include "events/event.hpp"
#include "events/handle_book.hpp"
#include "events/identity.hpp"
#include "events/intake.hpp"
#include "events/kind.hpp"
#include "events/limits.hpp"
#include "events/line.hpp"
#include "events/line_store.hpp"
#include "events/report.hpp"
#include "events/returns.hpp"
#include "events/row_batch.hpp"
#include "events/sessions.hpp"
#include "events/shopper_rows.hpp"
#include "events/sink.hpp"
#include "events/text_event.hpp"
#include "events/timeline.hpp"
#include "events/touch_index.hpp"
#include "events/traits.hpp"
#include "events/vocabulary.hpp"

#endif  // TAILOR_EVENTS_HPP
