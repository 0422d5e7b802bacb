# One form of a function per type of customer_id, or per number of conditions.
#
# A polymorphic column of a result takes its type from the arguments as they
# are written in the call: PostgreSQL looks neither at defaults nor at the
# names of arguments for it, so f('events') and customer_type => NULL::text
# could not both work with anyelement.  There is one form without
# customer_type, which gives bigint, and one for each type.  These take source
# as character: the worse match where customer_type is left out (text is the
# preferred string type), the only one where it is given.
#
# Between the lines "-- each customer_type" and "-- end" these words stand for
# what differs:
#	@source@	text, or character
#	@customer_argument@	nothing, or ", customer_type TYPE DEFAULT NULL"
#	@customer_signature@	nothing, or ", TYPE"
#	@customer_type@	the type of customer_id
# A line with @comment@ belongs to the first form only; the others say what
# they differ in.
#
# Between "-- each number of conditions" and "-- end" a block stands for 2 to 8
# conditions that are arguments of their own, so that no array is built:
#	@n@	how many
#	@conditions NAME@	NAME_1 boolean, ..., NAME_n boolean
#	@booleans@	boolean, ..., boolean
#
# Between "-- each @a@ = x y; @b@ = z w" and "-- end" a block stands for every
# combination of the words (x z, x w, y z, y w), put in the place of @a@ and
# @b@.  A line "-- text WORD = ..." keeps a text; @text WORD@ is replaced by it
# after the words, so @text @a@@ is the text of the word of @a@.
function texts(line,    word) {
	while (match(line, /@text [a-z_0-9]+@/)) {
		word = substr(line, RSTART + 6, RLENGTH - 7)
		line = substr(line, 1, RSTART - 1) text[word] substr(line, RSTART + RLENGTH)
	}
	return line
}
function combinations(set,    i, k, n, words, line, saved) {
	if (set > sets) {
		for (i = 1; i <= count; i++) {
			line = template[i]
			for (k = 1; k <= sets; k++)
				gsub(names[k], chosen[k], line)
			print texts(line)
		}
		return
	}
	n = split(values[set], words, " ")
	for (k = 1; k <= n; k++) {
		chosen[set] = words[k]
		combinations(set + 1)
	}
}
function conditions(n,    i, k, line, list, types, name) {
	for (i = 1; i <= count; i++) {
		line = template[i]
		types = "boolean"
		for (k = 2; k <= n; k++)
			types = types ", boolean"
		gsub(/@booleans@/, types, line)
		gsub(/@n@/, n, line)
		if (match(line, /@conditions [a-z]+@/)) {
			name = substr(line, RSTART + 12, RLENGTH - 13)
			list = name "_1 boolean"
			for (k = 2; k <= n; k++)
				list = list ", " name "_" k " boolean"
			sub(/@conditions [a-z]+@/, list, line)
		}
		print line
	}
}
function form(source, argument, signature, type, first,    i, line) {
	for (i = 1; i <= count; i++) {
		line = template[i]
		if (line ~ /@comment@/) {
			if (first)
				sub(/@comment@/, "", line)
			else
				line = "'As the form without customer_type, whose value does not matter: customer_id is of type " type ".';"
		}
		gsub(/@source@/, source, line)
		gsub(/@customer_argument@/, argument, line)
		gsub(/@customer_signature@/, signature, line)
		gsub(/@customer_type@/, type, line)
		print line
	}
}
/^-- each customer_type$/ { inside = 1; count = 0; next }
/^-- each number of conditions$/ { inside = 2; count = 0; next }
/^-- text [a-z_0-9]+ = / {
	word = $3
	sub(/^-- text [a-z_0-9]+ = /, "")
	text[word] = $0
	next
}
/^-- each @/ {
	inside = 3
	count = 0
	sub(/^-- each /, "")
	sets = split($0, parts, "; ")
	for (s = 1; s <= sets; s++) {
		names[s] = parts[s]
		sub(/ = .*/, "", names[s])
		values[s] = parts[s]
		sub(/^@[a-z_]+@ = /, "", values[s])
	}
	next
}
/^-- end$/ && inside == 3 {
	inside = 0
	combinations(1)
	next
}
/^-- end$/ && inside == 2 {
	inside = 0
	for (c = 2; c <= 8; c++)
		conditions(c)
	next
}
/^-- end$/ && inside {
	inside = 0
	form("text", "", "", "bigint", 1)
	n = split("bigint integer uuid text", types, " ")
	for (t = 1; t <= n; t++)
		form("character", ", customer_type " types[t] " DEFAULT NULL", ", " types[t], types[t], 0)
	next
}
inside { template[++count] = $0; next }
{ print }
