# The shapes of target that the project has.

# folio_precompiled(NAME LIBS...) compiles cmake/precompiled/NAME.h once, for the targets that folio_use_precompiled
# names: reading the headers of others is most of the time that a source takes. LIBS are those whose definitions the
# headers read.
function(folio_precompiled name)
  set(target folio_precompiled_${name})
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${target}.cc CONTENT "")
  add_library(${target} OBJECT ${CMAKE_CURRENT_BINARY_DIR}/${target}.cc)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${target} PRIVATE folio_warnings folio_proto ${ARGN})
  target_precompile_headers(${target} PRIVATE <cmake/precompiled/${name}.h>)
endfunction()

# folio_use_precompiled(TARGET NAME): the target must be compiled with the same options as the header is.
function(folio_use_precompiled target name)
  target_precompile_headers(${target} REUSE_FROM folio_precompiled_${name})
  if(CCACHE)
    # So that ccache sees which one is used. Not where it is made: ccache would read the one before, not the headers.
    target_compile_options(${target} PRIVATE -fpch-preprocess)
  endif()
endfunction()

# folio_compile_options(OPTIONS SOURCES...) gives some sources of this folder options of their own.
function(folio_compile_options options)
  set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS "${options}" SKIP_PRECOMPILE_HEADERS ON)
endfunction()

# Those below take every .cc file of their own folder: presence is membership. Libraries use the precompiled header
# that FOLIO_PRECOMPILED names, where it does.

function(folio_sources name shape)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  add_library(${name} ${shape} ${sources})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${ARGN} PRIVATE folio_warnings)
  if(FOLIO_PRECOMPILED)
    folio_use_precompiled(${name} ${FOLIO_PRECOMPILED})
  endif()
endfunction()

# folio_library(NAME LIBS...) is a static library of this folder's sources.
function(folio_library name)
  folio_sources(${name} STATIC ${ARGN})
endfunction()

# folio_objects(NAME LIBS...) is the same as objects, for sources that register themselves and must not be dropped.
function(folio_objects name)
  folio_sources(${name} OBJECT ${ARGN})
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
  folio_use_precompiled(${name} tests)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 900)
endfunction()
