#!/bin/sh
# Takes perfstudio away again. Takes, settings and keys stay where they are.
set -eu
home=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
prefix=$(dirname "$(dirname "$home")")

refresh() {
    if command -v update-desktop-database >/dev/null; then update-desktop-database -q "$prefix/share/applications" || :; fi
    if command -v update-mime-database >/dev/null; then update-mime-database "$prefix/share/mime" || :; fi
    if command -v gtk-update-icon-cache >/dev/null; then gtk-update-icon-cache -qtf "$prefix/share/icons/hicolor" || :; fi
}
if [ "${1:-}" = --refresh ]; then refresh; exit 0; fi

while IFS= read -r file; do
    rm -f "$file"
    folder=$(dirname "$file")
    while [ "$folder" != "$prefix" ] && rmdir "$folder" 2>/dev/null; do folder=$(dirname "$folder"); done
done <"$home/installed"
if [ "$(readlink "$prefix/bin/perfstudio" || :)" = ../lib/perfstudio/program/perfstudio ]; then rm -f "$prefix/bin/perfstudio"; fi
rm -rf "$home"
if [ "${1:-}" != --quiet ]; then
    refresh
    for folder in lib bin share; do rmdir "$prefix/$folder" 2>/dev/null || :; done
    echo "perfstudio is removed. Takes, settings and keys are where they were."
fi
