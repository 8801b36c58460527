#!/bin/sh
# Make sure that commands and libraries are there: need.sh NAME[:DEBIAN-PACKAGE] …
# What is missing is installed from Debian when the user may; else it is said what to install, and this fails.
set -u

missing=""
for need in "$@"; do
    command=${need%%:*}
    package=${need##*:}
    case $command in
        python3-venv) ;; # a part of Python, not a command
        lib*) PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null | grep -q "$command" && continue ;;
        *) command -v "$command" >/dev/null 2>&1 && continue ;;
    esac
    missing="$missing $package"
done
[ -z "$missing" ] && exit 0

may=""
if command -v apt-get >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ]; then
        may="env DEBIAN_FRONTEND=noninteractive"
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        may="sudo env DEBIAN_FRONTEND=noninteractive"
    fi
fi
if [ -z "$may" ]; then
    echo "These are needed and not installed:$missing" >&2
    echo "Install them, on Debian or Ubuntu with: sudo apt-get install$missing" >&2
    exit 1
fi

echo "Installing$missing …"
# shellcheck disable=SC2086  # words on purpose
$may apt-get update -qq && $may apt-get install -y -qq --no-install-recommends $missing >/dev/null || {
    echo "These could not be installed:$missing. Install them by hand and try again." >&2
    exit 1
}
