# The three shapes of target that the project has. Each takes every .cc file of its own folder: presence is membership.

# folio_library(NAME LIBS...) is a static library of this folder's sources.
function(folio_library name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${ARGN} PRIVATE folio_warnings)
endfunction()

# folio_objects(NAME LIBS...) is the same as objects, for sources that register themselves and must not be dropped.
function(folio_objects name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  add_library(${name} OBJECT ${sources})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${ARGN} PRIVATE folio_warnings)
endfunction()

# folio_test(NAME LIBS...) is one test program of this folder's *_test.cc and helpers, run by ctest.
function(folio_test name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  add_executable(${name} ${sources})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${ARGN} folio_warnings GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE FOLIO_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  # Tests are compiled once and run once: optimising them costs more than it gains.
  target_compile_options(${name} PRIVATE -O0)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 900)
endfunction()
