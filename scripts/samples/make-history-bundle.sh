#!/usr/bin/env bash
# Writes samples/history.bundle: this repository's own history without sounds and pictures, for checkouts that are no clone.
# The code step of the sample evening attributes it when there is no .git. Usage: scripts/samples/make-history-bundle.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git init -q --bare "$work/history.git"
git fast-export --reencode=no HEAD -- packages apps package.json tsconfig.base.json | sed 's#^commit HEAD$#commit refs/heads/main#; s#^reset HEAD$#reset refs/heads/main#; s#^from HEAD$#from refs/heads/main#' | git -C "$work/history.git" fast-import --quiet
git -C "$work/history.git" symbolic-ref HEAD refs/heads/main
git -C "$work/history.git" bundle create -q "$PWD/samples/history.bundle" HEAD main
ls -l samples/history.bundle
