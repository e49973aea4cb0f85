# cmake -DROOT=<include> -DCOMPILER=<c++> [-DEIGEN=<include>] -P CheckSize.cmake
# Counts the preprocessed lines of each header without adapters, which is exact where seconds are
# not, and fails over budget. The budgets hold for the standard library of g++ 12.
cmake_minimum_required(VERSION 3.25)
set(budget_small 10000)  # concepts, ids, enums
set(budget_component 54000)  # the timeline, <map> and <cmath> together
set(budget_threads 55000)
set(budget_umbrella 100000)  # our own lines are 28,000 of 88,000 and grow with every module
set(budget_eigen 110000)
set(small
    core/config.hpp core/contract.hpp core/errc.hpp core/ids.hpp core/time.hpp
    events/event.hpp events/kind.hpp events/traits.hpp)
set(threads core/thread_pool.hpp)

set(eigen_option "")
if(EIGEN)
  set(eigen_option -I${EIGEN})
endif()
set(faults 0)
set(largest 0)
file(GLOB_RECURSE headers RELATIVE ${ROOT}/tailor ${ROOT}/tailor/*.hpp)
list(FILTER headers EXCLUDE REGEX "^adapters/")
foreach(header IN LISTS headers)
  set(budget ${budget_component})
  if(header IN_LIST small)
    set(budget ${budget_small})
  elseif(header IN_LIST threads)
    set(budget ${budget_threads})
  elseif(header MATCHES "^(segment/eigen|similar/ease)")
    if(NOT EIGEN)
      continue()
    endif()
    set(budget ${budget_eigen})
  elseif(NOT header MATCHES "/")
    set(budget ${budget_umbrella})
  endif()
  execute_process(COMMAND ${COMPILER} -std=c++20 -E -P -x c++ -I${ROOT} ${eigen_option} ${ROOT}/tailor/${header}
                  COMMAND wc -l
                  OUTPUT_VARIABLE lines RESULTS_VARIABLE codes)
  if(NOT codes STREQUAL "0;0")
    message(FATAL_ERROR "${header} does not preprocess")
  endif()
  string(STRIP "${lines}" lines)
  if(lines GREATER budget)
    math(EXPR faults "${faults} + 1")
    message("${header}: ${lines} preprocessed lines, at most ${budget}")
  endif()
  message(VERBOSE "${header} ${lines}")
  if(lines GREATER largest)
    set(largest ${lines})
    set(largest_header ${header})
  endif()
endforeach()
if(faults)
  message(FATAL_ERROR "${faults} headers are over budget")
endif()
message("largest: ${largest_header}, ${largest} preprocessed lines")
