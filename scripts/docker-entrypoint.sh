#!/bin/sh
# For images that hold an application and limbeck: migrates, then becomes the application.
#
#   COPY --from=limbeck /usr/local/bin/limbeck /usr/local/bin/
#   COPY docker-entrypoint.sh /usr/local/bin/
#   ENTRYPOINT ["docker-entrypoint.sh"]
#   CMD ["node", "server.js"]
#
# LIMBECK_UPGRADE   what to run instead of `upgrade head --wait 60s`: other arguments of limbeck; empty: nothing
#
# When limbeck fails, the application does not start, and the container ends with limbeck's exit code. When the container
# is stopped meanwhile, limbeck is: the first process of a container, a shell, would hear of it and do nothing.
set -eu

# The words of the variable are arguments: it is not quoted.
# shellcheck disable=SC2086
if [ -n "${LIMBECK_UPGRADE-upgrade head --wait 60s}" ]; then
  stopped=
  trap 'stopped=1; kill -TERM "${!-}" 2>/dev/null || exit 143' TERM INT HUP
  limbeck ${LIMBECK_UPGRADE-upgrade head --wait 60s} &
  limbeck=$!
  code=0
  wait "$limbeck" || code=$?
  # A signal ends the waiting, not limbeck.
  while kill -0 "$limbeck" 2>/dev/null; do
    code=0
    wait "$limbeck" || code=$?
  done
  [ "$code" -eq 0 ] || exit "$code"
  # It was done when it heard.
  [ -z "$stopped" ] || exit 143
  trap - TERM INT HUP
fi

exec "$@"
