package dev.mynah.server.backup;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A table of the service's database.
 *
 * @param columns what they hold, by name, in order
 * @param key     the columns of its primary key
 * @param own     the columns that refer to other rows of the same table
 * @param parents the other tables that it refers to
 */
record Table(String name, Map<String, ColumnKind> columns, List<String> key, Set<String> own, Set<String> parents) {
    private static final String HISTORY = "flyway_schema_history";

    /** All tables but that of the migrations, those before others that these refer to. */
    static List<Table> all(Connection connection) throws SQLException {
        DatabaseMetaData data = connection.getMetaData();
        String schema = connection.getSchema();
        Map<String, Table> tables = new TreeMap<>();
        try (ResultSet rows = data.getTables(null, schema, "%", new String[] {"TABLE", "BASE TABLE"})) {
            while (rows.next()) {
                String name = rows.getString("TABLE_NAME");
                if (!name.equals(HISTORY)) {
                    tables.put(name, read(data, schema, name));
                }
            }
        }
        return ordered(tables);
    }

    private static Table read(DatabaseMetaData data, String schema, String name) throws SQLException {
        Map<String, ColumnKind> columns = new LinkedHashMap<>();
        try (ResultSet rows = data.getColumns(null, schema, name, "%")) {
            while (rows.next()) {
                columns.put(rows.getString("COLUMN_NAME"), ColumnKind.of(rows.getString("TYPE_NAME")));
            }
        }
        Map<Integer, String> key = new TreeMap<>();
        try (ResultSet rows = data.getPrimaryKeys(null, schema, name)) {
            while (rows.next()) {
                key.put(rows.getInt("KEY_SEQ"), rows.getString("COLUMN_NAME"));
            }
        }
        Set<String> own = new TreeSet<>();
        Set<String> parents = new TreeSet<>();
        try (ResultSet rows = data.getImportedKeys(null, schema, name)) {
            while (rows.next()) {
                String parent = rows.getString("PKTABLE_NAME");
                if (parent.equals(name)) {
                    own.add(rows.getString("FKCOLUMN_NAME"));
                } else {
                    parents.add(parent);
                }
            }
        }
        return new Table(name, columns, new ArrayList<>(key.values()), own, parents);
    }

    private static List<Table> ordered(Map<String, Table> tables) {
        Set<Table> ordered = new LinkedHashSet<>();
        Set<String> done = new TreeSet<>();
        while (done.size() < tables.size()) {
            int before = done.size();
            for (Table table : tables.values()) {
                if (!done.contains(table.name) && done.containsAll(table.parents)) {
                    ordered.add(table);
                    done.add(table.name);
                }
            }
            if (done.size() == before) {
                throw new IllegalStateException("tables refer to each other in a circle, beside " + done);
            }
        }
        return List.copyOf(ordered);
    }
}
