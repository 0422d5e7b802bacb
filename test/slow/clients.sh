# clients.sh: sourced by run.sh.  What psql, JDBC, psycopg, node-postgres and ODBC
# see of the views and row functions, the statements of the dashboard, and the
# dbt project (test/clients).
while IFS= read -r line; do
	case $line in
		'ok - '*) point 0 "${line#ok - }" ;;
		'not ok - '*) point 1 "${line#not ok - }" ;;
		*) echo "$line" ;;
	esac
done < <(bash test/clients/all.sh)
