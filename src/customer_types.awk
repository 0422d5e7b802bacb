# One form of a function per type of customer_id.
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
