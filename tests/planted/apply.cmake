# cmake -DSOURCE=... -DPATCH=... -DCHANGED=... -P apply.cmake: writes the changed source.
# No fuzz: lines that only resemble those of the patch may not be the ones it meant.
execute_process(
  COMMAND patch --quiet --fuzz=0 --reject-file=- --output=${CHANGED} ${SOURCE} ${PATCH}
  RESULT_VARIABLE failed)
if(failed)
  file(REMOVE ${CHANGED})
  message(FATAL_ERROR "${PATCH} doesn't apply to ${SOURCE} any more: mend the patch")
endif()
