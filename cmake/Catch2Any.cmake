# tailor_catch2: Catch2 with a main, v2 (Debian 12) or v3; tailor_discover_tests(<target> ...).
find_package(Catch2 QUIET)
if(NOT Catch2_FOUND)
  message(FATAL_ERROR "tailor: the tests need Catch2, v2 or v3 (Debian: catch2); "
                      "or configure with -DTAILOR_BUILD_TESTS=OFF")
endif()
if(Catch2_VERSION VERSION_GREATER_EQUAL 3)
  add_library(tailor_catch2 INTERFACE)
  target_link_libraries(tailor_catch2 INTERFACE Catch2::Catch2WithMain)
else()
  # Compiled once, linked by every test binary.
  add_library(tailor_catch2 OBJECT ${PROJECT_SOURCE_DIR}/tests/main_v2.cpp)
  target_link_libraries(tailor_catch2 PUBLIC Catch2::Catch2)
  target_compile_features(tailor_catch2 PUBLIC cxx_std_20)
endif()
include(Catch)

# Each test case is one CTest entry. A name that selects no case is a failure, which v2 has to be
# told; so keep `;`, `[` and `]` out of the names of test cases.
function(tailor_discover_tests target)
  if(Catch2_VERSION VERSION_LESS 3)
    list(APPEND ARGN EXTRA_ARGS --warn NoTests)
  endif()
  catch_discover_tests(${target} DISCOVERY_MODE PRE_TEST ${ARGN})
endfunction()
