# cmake -DCASE=<file.cpp> -DCOMPILER=<c++> -DROOT=<include> -P RunReject.cmake
cmake_minimum_required(VERSION 3.25)
set(first_lines 12)
set(ENV{LC_ALL} C)

set(command ${COMPILER} -std=c++20 -fsyntax-only -Wall -Wextra -I${ROOT} ${CASE})

execute_process(COMMAND ${command} -DTAILOR_REJECT=0 ERROR_VARIABLE message RESULT_VARIABLE code)
if(code)
  message(FATAL_ERROR "does not compile without its mistake:\n${message}")
endif()

execute_process(COMMAND ${command} -DTAILOR_REJECT=1 ERROR_VARIABLE message RESULT_VARIABLE code)
if(NOT code)
  message(FATAL_ERROR "compiles with its mistake")
endif()

# Only the top of a message is read by people.
string(REPLACE ";" "," head "${message}")
string(REPLACE "[" "(" head "${head}")
string(REPLACE "]" ")" head "${head}")
string(REPLACE "\n" ";" head "${head}")
list(SUBLIST head 0 ${first_lines} head)
string(REPLACE ";" "\n" head "${head}")

file(STRINGS ${CASE} expectations REGEX "^// expect: ")
if(NOT expectations)
  message(FATAL_ERROR "has no `// expect:` line")
endif()
foreach(text IN LISTS expectations)
  string(REGEX REPLACE "^// expect: " "" text "${text}")
  string(REPLACE ";" "," text "${text}")
  string(REPLACE "[" "(" text "${text}")
  string(REPLACE "]" ")" text "${text}")
  string(FIND "${head}" "${text}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "the first ${first_lines} lines do not say `${text}`:\n${message}")
  endif()
endforeach()
