#!/bin/sh
# perfstudio @VERSION@ for Linux, in one file: this script, and an archive behind it.
set -eu
umask 022
name=$0
bytes=$((1@BYTES@ - 10000000)) size=@SIZE@ sha256=@SHA256@ glibc=@GLIBC@

usage() {
    cat <<'END'
perfstudio @VERSION@

    sh perfstudio.run                  install for me, below ~/.local (as root: for everybody, below /usr/local)
    sh perfstudio.run --prefix DIR     install below DIR
    sh perfstudio.run --extract DIR    unpack into DIR, and no more
    sh perfstudio.run --help           this

To remove it again:  PREFIX/lib/perfstudio/remove.sh     Takes, settings and keys stay where they are.
END
}
say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }
archive() { tail -c +"$((bytes + 1))" "$name"; }

if [ "$(id -u)" = 0 ]; then prefix=/usr/local; else prefix=${HOME:?}/.local; fi
only=
while [ $# -gt 0 ]; do
    case $1 in
        --prefix) [ $# -gt 1 ] || fail "--prefix needs a folder."; prefix=$2; shift 2 ;;
        --extract) [ $# -gt 1 ] || fail "--extract needs a folder."; only=$2; shift 2 ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
done

command -v xz >/dev/null || fail "xz is missing: install the package xz-utils (Debian, Ubuntu) or xz, then run this again."
[ "$(archive | wc -c)" -eq "$size" ] || fail "This file is not whole. Fetch it again."
found=$(archive | sha256sum | cut -d ' ' -f 1)
[ "$found" = "$sha256" ] || fail "This file is damaged: its content has the hash $found and should have $sha256. Fetch it again."
[ "$(uname -m)" = "@MACHINE@" ] || fail "This file is for computers with an @MACHINE@ processor."

# What has to be the system's own.
has() { ldconfig -p 2>/dev/null | grep -qF "	$1 " || /sbin/ldconfig -p 2>/dev/null | grep -qF "	$1 "; }
missing='' apt='' dnf='' pacman=''
while read -r library of_apt of_dnf of_pacman; do
    if [ -n "$library" ] && ! has "$library"; then
        missing="$missing $library" apt="$apt $of_apt" dnf="$dnf $of_dnf" pacman="$pacman $of_pacman"
    fi
done <<'END'
@NEEDS@
END
if [ -n "$missing" ]; then
    say "Missing on this computer:$missing"
    if command -v apt-get >/dev/null; then say "Install it, then run this again:  sudo apt-get install$apt"
    elif command -v dnf >/dev/null; then say "Install it, then run this again:  sudo dnf install$dnf"
    elif command -v pacman >/dev/null; then say "Install it, then run this again:  sudo pacman -S --needed$pacman"
    else say "Install the packages with these libraries, then run this again."; fi
    exit 1
fi

unpack() { mkdir -p "$1" && archive | tar -C "$1" --strip-components=1 --no-same-owner -xJf -; }
if [ -n "$only" ]; then
    unpack "$only" || fail "It could not be unpacked into $only. What tar said stands above."
    say "Unpacked: $only/program/perfstudio"
    exit 0
fi

case $prefix in /*) ;; *) prefix=$PWD/$prefix ;; esac
home=$prefix/lib/perfstudio
mkdir -p "$prefix/lib" "$prefix/bin" "$prefix/share" || fail "$prefix cannot be written to. Choose another folder with --prefix."
new=$(mktemp -d "$prefix/lib/perfstudio-new-XXXXXX")
trap 'rm -rf "$new"' EXIT
say "Unpacking ..."
unpack "$new" || fail "It could not be unpacked below $prefix: is there room for @MB@ MB?"
tried=$(mktemp -d)
say "Trying it ..."
if ! (cd "$tried" && PERFSTUDIO_HOME=$tried/takes "$new/program/perfstudio" self-test >"$tried/said" 2>&1); then
    cat "$tried/said" >&2; rm -rf "$tried"
    fail "perfstudio does not work on this computer (it needs a C library of version $glibc or later). Nothing was installed."
fi
tail -n 1 "$tried/said" >&2
rm -rf "$tried"

if [ -x "$home/remove.sh" ]; then "$home/remove.sh" --quiet; fi
[ ! -e "$home" ] || fail "$home is there already and was not put there by this file. Nothing was installed."
chmod 755 "$new"
(cd "$new/share" && find . -type f) | sed "s|^\.|$prefix/share|" >"$new/installed"
cp -R "$new/share/." "$prefix/share/"
rm -rf "$new/share"
# Without a desktop xdg-open knows no quotation marks: they stand only where the path needs them.
start=$(printf '%s' "$home/program/perfstudio" | sed 's/%/%%/g')
case $start in
    *[[:space:]\"\'\\\<\>~\|\&\;\$*?\#\(\)\`]*) start=\"$(printf '%s' "$start" | sed 's/\\/\\\\\\\\/g; s/["`$]/\\\\&/g')\" ;;
esac
sed -i "s|^Exec=perfstudio|Exec=$(printf '%s' "$start" | sed 's/[&|\\]/\\&/g')|" "$prefix/share/applications/perfstudio.desktop"
mv "$new" "$home"
trap - EXIT
chmod 755 "$home/remove.sh"
ln -sf ../lib/perfstudio/program/perfstudio "$prefix/bin/perfstudio"
"$home/remove.sh" --refresh
say "Installed: $prefix/bin/perfstudio, and perfstudio among your programs. To remove it: $home/remove.sh"
exit 0
