# pages.awk: what stands in a page of documentation (see dev/pages.sh).
#   awk -v step=script  -f pages.awk PAGE PAGE	the page as a psql script, line by line
#   awk -v step=compare -f pages.awk PAGE OUTPUT PAGE	TAP: is what is printed what psql printed?
#   awk -v step=write   -f pages.awk PAGE OUTPUT PAGE	the page with what psql printed
#   awk -v step=shell   -f pages.awk PAGE PAGE	the lines of its sh blocks
#   awk -v step=others -v page=PAGE -f pages.awk PAGE PAGE	what is neither statement nor result
#
# A block marked sql (or hidden, "<!-- sql" to "-->") is run.  A block marked
# text or mermaid, or without mark, before the next sql block or heading is
# what it prints: all of it, or its last results.  In it a line of dots stands
# for any lines, and the sign of three dots within a line for any text.
# A line "<!-- not run: why -->" above a block lets it stand as it is.
# R-PAG-1 every printed block is compared; R-PAG-2 no block is neither run nor
# compared nor excused; R-PAG-3 a page with statements shows a result.
function trim(s,	n) { for (n = length(s); n && index(" \t\r", substr(s, n, 1)); n--) { } return substr(s, 1, n) }
function footer(s) { return s ~ /^\([0-9]+ rows?\)$/ }
function dots(s) { return s ~ /^ *(\.\.\.|…)$/ }

# The fences of the page, read first: block b from line first[b] to last[b].
FNR == 1 { file++ }
file == 1 {
	if (inside) {
		if ((kind[blocks] == "hidden") ? /^-->/ : /^ *```/) { last[blocks] = FNR; inside = 0 }
		else { text[blocks, ++lines[blocks]] = trim($0) }
	} else if (/^ *```/ || /^<!-- sql$/) {
		inside = 1; first[++blocks] = FNR; lines[blocks] = 0; excused[blocks] = before ~ /^ *<!-- not run: .+-->$/
		kind[blocks] = $0; sub(/^ *```/, "", kind[blocks]); if (/^<!--/) { kind[blocks] = "hidden" }
		if (kind[blocks] == "sql") { asked = blocks; statements++ }
		else if (kind[blocks] == "" || kind[blocks] == "text" || kind[blocks] == "mermaid") {
			if (asked && !excused[blocks]) { prints[asked] = blocks; asks[blocks] = asked }
			asked = 0
		} else if (kind[blocks] != "hidden") { asked = 0 }
	} else if (/^#/) { asked = 0 }
	before = $0
	next
}
file == 2 && !ready { ready = 1; for (b = 1; b <= blocks; b++) { at[first[b]] = b; till[last[b]] = b } }

function table(p) { return text[p, 2] ~ /^[-+]+$/ || text[p, 1] ~ /^-\[ RECORD/ || !lines[p] }
# psql meta-commands in place of the fence: print as the page shows it.
function opening(b,	p, how) {
	p = prints[b]
	if (p && text[p, 1] ~ /^-\[ RECORD/) { how = " \\\\ \\x on" }
	else if (!p || table(p)) { how = "" }
	else { how = " \\\\ \\t on \\\\ \\pset format unaligned \\\\ \\pset fieldsep ' | '" }
	return "\\echo @@" first[b] how
}
step == "script" {
	if (FNR in at) { b = at[FNR]; run = kind[b] == "sql" || kind[b] == "hidden"; print run ? opening(b) : "" }
	else if (FNR in till) { print run ? "\\x off \\\\ \\t off \\\\ \\pset format aligned \\\\ \\echo @@0" : ""; run = 0 }
	else { print run ? $0 : "" }
	next
}
# PAGE | what: commands, and blocks in other languages
step == "others" {
	if (FNR in at) { b = at[FNR] } else if (FNR in till) { b = 0 } else if (b && NF) {
		if (kind[b] == "sh") { sub(/^ +/, ""); print page " | " $0 }
		else if (FNR == first[b] + 1 && !(b in asks) && !excused[b] && kind[b] !~ /^(sql|text|hidden|)$/) { print page " | ```" kind[b] }
	}
	next
}
step == "shell" { if (FNR in at) { b = at[FNR] } else if (FNR in till) { b = 0 } else if (b && kind[b] == "sh" && NF) { sub(/^ +/, ""); print }; next }

# What psql printed for the block at line "from", blank lines squeezed.
file == 2 {
	if (/^@@[0-9]+$/) { from = substr($0, 3) + 0; next }
	$0 = trim($0)
	if (footer($0) || ($0 == "" && (got[from] == 0 || out[from, got[from]] == ""))) { next }
	out[from, ++got[from]] = $0
	next
}
FNR == 1 { for (k in got) { while (got[k] > 0 && out[k, got[k]] == "") { got[k]-- } } }

function same_line(want, have,	part, n, i, k) {
	if (index(want, "…") == 0) { return want == have }
	n = split(want, part, "…")
	if (substr(have, 1, length(part[1])) != part[1]) { return 0 }
	for (i = 1; i <= n; i++) {
		k = index(have, part[i])
		if (part[i] != "" && k == 0) { return 0 }
		if (part[i] != "") { have = substr(have, k + length(part[i])) }
	}
	return part[n] == "" || have == ""
}
# Lines i.. of block p against lines j.. of what was printed at line s.
function same(p, i, s, j) {
	for (; i <= lines[p]; i++) {
		if (dots(text[p, i])) {
			for (; j <= got[s] + 1; j++) { if (same(p, i + 1, s, j)) { return 1 } }
			return 0
		}
		if (footer(text[p, i])) { continue }
		if (j > got[s] || !same_line(text[p, i], out[s, j])) { return 0 }
		j++
	}
	return j == got[s] + 1
}
function holds(p,	s, j, want, have) {
	s = first[asks[p]]
	if (!table(p)) {
		for (j = 1; j <= lines[p]; j++) { want = want " " (dots(text[p, j]) ? "…" : text[p, j]) }
		for (j = 1; j <= got[s]; j++) { have = have " " out[s, j] }
		gsub(/[ \t]+/, " ", want); gsub(/[ \t]+/, " ", have)
		return same_line(trim(want), trim(have))
	}
	while (lines[p] > 0 && text[p, lines[p]] == "") { lines[p]-- }
	if (!lines[p]) { return !got[s] }
	for (j = 1; j <= got[s]; j++) { if ((j == 1 || out[s, j - 1] == "") && same(p, 1, s, j)) { return 1 } }
	return 0
}
step == "write" {
	if ((FNR in at) && (at[FNR] in asks) && !holds(at[FNR])) {
		print; p = at[FNR]; s = first[asks[p]]
		# the last result only, where there are several
		for (j = got[s]; j > 1 && out[s, j - 1] != ""; j--) { }
		for (; j <= got[s]; j++) { print out[s, j] }
		skip = 1
	} else if (FNR in till) { skip = 0; print }
	else if (!skip) { print }
	next
}
END {
	if (step != "compare") { exit }
	for (p = 1; p <= blocks; p++) {
		if (p in asks) {
			compared++
			if (holds(p)) { continue }
			bad++; s = first[asks[p]]
			print "# line " first[p] " prints"; for (i = 1; i <= lines[p] && i <= 12; i++) { print "#   " text[p, i] }
			print "# psql printed"; for (i = 1; i <= got[s] && i <= 20; i++) { print "#   " out[s, i] }
		} else if ((kind[p] == "" || kind[p] == "text") && !excused[p]) {
			bad++; print "# line " first[p] ": neither run nor what a statement prints; name its language, or say <!-- not run: why --> above"
		}
	}
	print (bad ? "not ok" : "ok") " 0 - " page " prints what psql prints (" compared + 0 " of " statements + 0 " blocks)"
	if (statements) print (compared ? "ok" : "not ok") " 0 - " page " shows a result"
}
