/*
 * Runs the queries of a file through JDBC.  One line per column, separated by
 * tabs: query, place, column, type of the server as the driver names it, class
 * of the first value that is neither NULL nor empty, that value (numbers, booleans and texts
 * as they are, timestamps as seconds since 1970).
 *	java -cp postgresql.jar Query.java queries.sql
 */
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.*;
import java.util.Properties;

public class Query {
	static String text(Object value) {
		if (value instanceof Timestamp t)
			return BigDecimal.valueOf(t.getTime() / 1000).toString() + String.format(".%03d", Math.floorMod(t.getTime(), 1000));
		return value.toString().replaceAll("[\\t\\n\\\\]", " ");
	}

	public static void main(String[] args) throws Exception {
		Properties login = new Properties();
		login.setProperty("user", System.getenv("PGUSER"));
		if (System.getenv("PGPASSWORD") != null)
			login.setProperty("password", System.getenv("PGPASSWORD"));
		String url = "jdbc:postgresql://" + System.getenv("PGHOST") + ":" + System.getenv("PGPORT") + "/" + System.getenv("PGDATABASE");
		try (Connection connection = DriverManager.getConnection(url, login); Statement statement = connection.createStatement()) {
			for (String block : ("\n" + Files.readString(Path.of(args[0]))).split("\n-- name: ")) {
				String[] parts = block.split("\n", 2);
				if (parts.length < 2 || block.startsWith("\n"))
					continue;
				if (!statement.execute(parts[1]))
					continue;
				try (ResultSet rows = statement.getResultSet()) {
					ResultSetMetaData about = rows.getMetaData();
					int n = about.getColumnCount();
					Object[] first = new Object[n];
					while (rows.next())
						for (int i = 0; i < n; i++)
							if (first[i] == null || first[i].equals(""))
								first[i] = rows.getObject(i + 1);
					for (int i = 0; i < n; i++)
						System.out.println(String.join("\t", parts[0], "" + (i + 1), about.getColumnLabel(i + 1), about.getColumnTypeName(i + 1),
							first[i] == null ? "" : first[i].getClass().getName(), first[i] == null ? "" : text(first[i])));
				}
			}
		}
	}
}
