# Bugs on purpose (README.md). OMZIEN_PLANT names them, or says `all`. Each gives a program
# planted_NAME: the test program that should catch it, with NAME.patch in the one source that it
# changes. Libraries, and so the server, stay as they are: nothing that is shipped can hold a bug.

set(omzien_bugs
  acknowledge_before_sync
  consent_covers_all
  ended_offer_fits
  failed_sync_ignored
  idempotency_in_second_commit
  lost_precondition
  missing_index_row
  no_is_forgotten
  page_token_skips_row
  retry_answered_before_durable
  skipped_figure
  unsealed_field
  view_without_batch_in_flight
  volunteers_get_minors)
# Only seen under ThreadSanitizer.
set(omzien_races lost_lock)

set(omzien_planted ${OMZIEN_PLANT})
if(OMZIEN_PLANT STREQUAL "all")
  if(OMZIEN_SANITIZE STREQUAL "thread")
    set(omzien_planted ${omzien_races})
  elseif(OMZIEN_SANITIZE)
    set(omzien_planted)
  else()
    set(omzien_planted ${omzien_bugs})
  endif()
endif()

# A patch that stands in neither list would never be tried.
file(GLOB omzien_patches RELATIVE ${CMAKE_CURRENT_LIST_DIR} ${CMAKE_CURRENT_LIST_DIR}/*.patch)
foreach(patch IN LISTS omzien_patches)
  string(REGEX REPLACE "\\.patch$" "" bug ${patch})
  if(NOT bug IN_LIST omzien_bugs AND NOT bug IN_LIST omzien_races)
    message(FATAL_ERROR "tests/planted/${patch} stands in no list of plant.cmake")
  endif()
endforeach()

# What a line of the bug's patch says after `start`.
function(omzien_read_patch bug start result)
  set(patch ${CMAKE_SOURCE_DIR}/tests/planted/${bug}.patch)
  if(NOT bug IN_LIST omzien_bugs AND NOT bug IN_LIST omzien_races)
    message(FATAL_ERROR
      "OMZIEN_PLANT: there is no bug '${bug}', but ${omzien_bugs};${omzien_races}")
  endif()
  set_property(DIRECTORY ${CMAKE_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${patch})
  file(STRINGS ${patch} line REGEX "^${start}")
  list(LENGTH line lines)
  if(NOT lines EQUAL 1)
    message(FATAL_ERROR "${patch}: one line begins with '${start}', not ${lines}")
  endif()
  string(REGEX REPLACE "^${start}" "" line "${line}")
  set(${result} "${line}" PARENT_SCOPE)
endfunction()

set(omzien_planted_sources)
foreach(bug IN LISTS omzien_planted)
  omzien_read_patch(${bug} "\\+\\+\\+ b/" source)
  list(APPEND omzien_planted_sources ${source})
endforeach()

# Sources that a bug changes are compiled by themselves, so that the changed one can take the place
# of its object.
function(omzien_keep_apart)
  file(RELATIVE_PATH folder ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  foreach(source IN LISTS ARGN)
    if("${folder}/${source}" IN_LIST omzien_planted_sources)
      set_source_files_properties(${source} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    endif()
  endforeach()
endfunction()
