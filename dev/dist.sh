#!/usr/bin/env bash
# make dist: the release archive for PGXN, journey-VERSION.zip beside the tree,
# of what is committed (HEAD).  Refuses where the version is named in one way in
# one place and in another elsewhere.
set -euo pipefail
cd "$(dirname "$0")/.."
version=$(sed -n "s/^default_version *= *'\(.*\)'.*/\1/p" journey.control)
for claim in "META.json:\"version\": \"$version\"" "CHANGELOG.md:## $version"; do
	git show "HEAD:${claim%%:*}" | grep -qF -- "${claim#*:}" || { echo "${claim%%:*} does not say ${claim#*:}" >&2; exit 1; }
done
[ -z "$(git status --porcelain)" ] || echo "note: changes that are not committed are not in the archive" >&2
if git show HEAD:CHANGELOG.md | grep -qF "## $version (unreleased)"; then echo "note: CHANGELOG.md still says $version (unreleased)" >&2; fi
git archive --format=zip --prefix="journey-$version/" -o "journey-$version.zip" HEAD
echo "journey-$version.zip: $(unzip -l "journey-$version.zip" 2>/dev/null | tail -1 | sed 's/^ *//' || true)"
