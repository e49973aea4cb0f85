#ifndef TAILOR_RECOMMEND_HPP
#define TAILOR_RECOMMEND_HPP

// All of recommend/: sources, filters, merchandising, order, receipts.

#include "recommend/answer.hpp"
#include "recommend/answers_of.hpp"
#include "recommend/blend.hpp"
#include "recommend/calibrated.hpp"
#include "recommend/catalogue.hpp"
#include "recommend/context.hpp"
#include "recommend/dpp.hpp"
#include "recommend/explain.hpp"
#include "recommend/filter.hpp"
#include "recommend/filter_desk.hpp"
#include "recommend/list_of.hpp"
#include "recommend/merchandise.hpp"
#include "recommend/merchandising.hpp"
#include "recommend/mmr.hpp"
#include "recommend/neighbours_of.hpp"
#include "recommend/page.hpp"
#include "recommend/part.hpp"
#include "recommend/placing.hpp"
#include "recommend/receipt.hpp"
#include "recommend/recent_of.hpp"
#include "recommend/reranker.hpp"
#include "recommend/rule_faults.hpp"
#include "recommend/seeds.hpp"
#include "recommend/shuffled.hpp"
#include "recommend/slot.hpp"
#include "recommend/source.hpp"
#include "recommend/strategies.hpp"
#include "recommend/taste.hpp"
#include "recommend/weights_of.hpp"
#include "recommend/why_not.hpp"
#include "recommend/write_receipt.hpp"
#include "recommend/xquad.hpp"

#endif  // TAILOR_RECOMMEND_HPP
