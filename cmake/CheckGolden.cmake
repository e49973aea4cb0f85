# cmake -DPROGRAM= -DGOLDEN= -DARGS= -DOUT= -P CheckGolden.cmake
# Runs PROGRAM with the lines of ARGS (if that file exists) and compares its output with GOLDEN.
cmake_minimum_required(VERSION 3.25)
set(args "")
if(EXISTS ${ARGS})
  file(STRINGS ${ARGS} args)
endif()
execute_process(COMMAND ${PROGRAM} ${args} OUTPUT_FILE ${OUT} RESULT_VARIABLE code)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "${PROGRAM} failed: ${code}")
endif()
execute_process(COMMAND ${CMAKE_COMMAND} -E compare_files --ignore-eol ${OUT} ${GOLDEN}
                RESULT_VARIABLE differs)
if(differs)
  execute_process(COMMAND diff -u ${GOLDEN} ${OUT})
  message(FATAL_ERROR "the output differs from ${GOLDEN}; if it is meant to, copy ${OUT} over it")
endif()
