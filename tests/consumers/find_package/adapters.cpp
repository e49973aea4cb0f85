// With the components, the headers of the adapters compile and their libraries link.
#include <tailor/adapters/arrow.hpp>
#include <tailor/adapters/csv.hpp>
#include <tailor/adapters/ndjson.hpp>
#include <tailor/adapters/offer_json.hpp>
#include <tailor/adapters/offer_json_write.hpp>
#include <tailor/adapters/segment_json.hpp>
#include <tailor/adapters/segment_json_write.hpp>
