#!/bin/sh
# Takes perfstudio away again. Takes, settings and keys stay where they are.
set -eu
home=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
prefix=$(dirname "$(dirname "$home")")

refresh() {
    fresh update-desktop-database -q "$prefix/share/applications"
    fresh update-mime-database "$prefix/share/mime"
    fresh gtk-update-icon-cache -qtf "$prefix/share/icons/hicolor"
}
fresh() {
    for folder; do :; done
    if [ -d "$folder" ] && command -v "$1" >/dev/null; then "$@" >/dev/null 2>&1 || :; fi
}

# What the lines above made of our files, where nobody else has any.
only() { [ -z "$(find "$1" -type f ! -name "$2" 2>/dev/null | head -n 1)" ]; }
tidy() {
    if only "$prefix/share/applications" mimeinfo.cache; then rm -rf "$prefix/share/applications"; fi
    if only "$prefix/share/icons/hicolor" icon-theme.cache; then rm -rf "$prefix/share/icons/hicolor"; fi
    if only "$prefix/share/mime/packages" ''; then rm -rf "$prefix/share/mime"; fi
    for folder in lib bin share/icons share; do rmdir "$prefix/$folder" 2>/dev/null || :; done
}
if [ "${1:-}" = --refresh ]; then refresh; exit 0; fi

while IFS= read -r file; do
    rm -f "$file"
    folder=$(dirname "$file")
    while [ "$folder" != "$prefix/share" ] && rmdir "$folder" 2>/dev/null; do folder=$(dirname "$folder"); done
done <"$home/installed"
if [ "$(readlink "$prefix/bin/perfstudio" || :)" = ../lib/perfstudio/program/perfstudio ]; then rm -f "$prefix/bin/perfstudio"; fi
rm -rf "$home"
if [ "${1:-}" != --quiet ]; then
    refresh
    tidy
    echo "perfstudio is removed. Takes, settings and keys are where they were."
fi
