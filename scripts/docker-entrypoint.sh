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
# When limbeck fails, the application does not start, and the container ends with limbeck's exit code.
set -eu

# The words of the variable are arguments: it is not quoted.
# shellcheck disable=SC2086
if [ -n "${LIMBECK_UPGRADE-upgrade head --wait 60s}" ]; then
  limbeck ${LIMBECK_UPGRADE-upgrade head --wait 60s}
fi

exec "$@"
