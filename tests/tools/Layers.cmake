# The layer table of the library: a header includes its own folder and lower layers.
set(layer_core 0)
set(layer_events 1)
set(layer_storage 2)
set(layer_privacy 2)
set(layer_segment 3)
set(layer_similar 3)
set(layer_offer 3)
set(layer_recommend 3)
set(layer_evaluate 3)
set(layer_experiment 3)
set(layer_compose 4)
set(layer_umbrella 5)
# Leaves: they may include every layer below the umbrellas, and nobody includes them.
set(layer_adapters leaf)
set(layer_testing leaf)

# Standard headers that every host would pay for.
set(no_standard_headers execution iostream random regex source_location)
foreach(folder IN ITEMS core events segment similar recommend evaluate compose)
  set(no_standard_headers_${folder} chrono filesystem functional memory ranges)
endforeach()

# Headers that may include Eigen.
set(may_include_eigen "^(segment/eigen|similar/ease)")

# What the umbrella of its folder leaves out, and says so.
set(not_in_umbrella core/thread_pool.hpp segment/eigen.hpp similar/ease.hpp similar/ease_inverse.hpp)

set(max_lines 300)
