# cmake -DNM=<nm> -DPROGRAM=<program of offers> -P CheckSymbols.cmake
# An offer is data that can only compare: a program that reads, asks and explains rules has nothing
# in it that could run, load or match a pattern.
cmake_minimum_required(VERSION 3.25)
execute_process(COMMAND ${NM} -C ${PROGRAM} OUTPUT_VARIABLE symbols RESULT_VARIABLE code)
if(NOT code EQUAL 0 OR NOT symbols MATCHES "tailor::")
  message(FATAL_ERROR "${PROGRAM} shows no symbols")
endif()
string(REGEX MATCHALL
       "[^\n]* (dlopen|dlsym|system|popen|posix_spawn|fork|exec[lv][pe]*|regcomp|regexec|setlocale|getenv|socket|connect|std::[^\n]*basic_regex)(@[^\n]*)?\n"
       found "${symbols}")
if(found)
  message(FATAL_ERROR "offers reach ${found}")
endif()
message("nothing that runs, loads or matches patterns")
