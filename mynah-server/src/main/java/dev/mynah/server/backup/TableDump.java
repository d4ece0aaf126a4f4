package dev.mynah.server.backup;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** The rows of a table as lines of JSON: first the names of its columns, then an array a row. */
final class TableDump {
    private static final int BATCH = 500;

    private static final JsonMapper JSON = JsonMapper.shared();

    private TableDump() {}

    /** Writes all rows; gives how many. */
    static long write(Connection connection, Table table, Writer out) throws SQLException, IOException {
        List<String> names = new ArrayList<>(table.columns().keySet());
        List<ColumnKind> kinds = new ArrayList<>(table.columns().values());
        out.write(JSON.writeValueAsString(names));
        out.write('\n');
        long count = 0;
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(BATCH);
            try (ResultSet rows = statement.executeQuery("select " + list(names) + " from " + quoted(table.name()))) {
                while (rows.next()) {
                    ArrayNode line = JSON.createArrayNode();
                    for (int i = 0; i < names.size(); i++) {
                        line.add(kinds.get(i).read(rows, i + 1));
                    }
                    out.write(JSON.writeValueAsString(line));
                    out.write('\n');
                    count++;
                }
            }
        }
        return count;
    }

    /** Adds the rows of a dump, those references that stay within the table left out; gives how many. */
    static long read(Connection connection, Table table, BufferedReader in) throws SQLException, IOException {
        List<String> names = names(table, in);
        String marks = String.join(", ", Collections.nCopies(names.size(), "?"));
        String sql = "insert into " + quoted(table.name()) + " (" + list(names) + ") values (" + marks + ")";
        return each(connection, sql, in, (statement, row) -> {
            for (int i = 0; i < names.size(); i++) {
                JsonNode value = table.own().contains(names.get(i)) ? null : row.get(i);
                kind(table, names.get(i)).write(statement, i + 1, value);
            }
            return true;
        });
    }

    /** Sets the references that stay within the table, which now has all its rows. */
    static void link(Connection connection, Table table, BufferedReader in) throws SQLException, IOException {
        List<String> names = names(table, in);
        List<String> own = List.copyOf(table.own());
        String sql =
                "update " + quoted(table.name()) + " set " + equal(own, ", ") + " where " + equal(table.key(), " and ");
        each(connection, sql, in, (statement, row) -> {
            int parameter = 1;
            for (String column : own) {
                kind(table, column).write(statement, parameter++, row.get(names.indexOf(column)));
            }
            for (String column : table.key()) {
                kind(table, column).write(statement, parameter++, row.get(names.indexOf(column)));
            }
            return own.stream()
                    .anyMatch(column -> !row.get(names.indexOf(column)).isNull());
        });
    }

    private static String equal(List<String> columns, String separator) {
        return columns.stream().map(column -> quoted(column) + " = ?").collect(Collectors.joining(separator));
    }

    private interface Filler {
        /** Sets the parameters of a row; false where there is nothing to do for it. */
        boolean fill(PreparedStatement statement, JsonNode row) throws SQLException;
    }

    private static long each(Connection connection, String sql, BufferedReader in, Filler filler)
            throws SQLException, IOException {
        long count = 0;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            Iterator<String> lines = in.lines().iterator();
            while (lines.hasNext()) {
                if (filler.fill(statement, JSON.readTree(lines.next()))) {
                    statement.addBatch();
                    if (++count % BATCH == 0) {
                        statement.executeBatch();
                    }
                }
            }
            statement.executeBatch();
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
        return count;
    }

    private static List<String> names(Table table, BufferedReader in) throws IOException {
        @Nullable String first = in.readLine();
        List<String> names = first == null
                ? List.of()
                : JSON.readTree(first).values().stream()
                        .map(JsonNode::stringValue)
                        .toList();
        if (!Set.copyOf(names).equals(table.columns().keySet())) {
            throw new IllegalArgumentException(
                    "the back-up's table " + table.name() + " has not the columns that its version has");
        }
        return names;
    }

    private static ColumnKind kind(Table table, String column) {
        return Objects.requireNonNull(table.columns().get(column));
    }

    private static String list(List<String> names) {
        return names.stream().map(TableDump::quoted).collect(Collectors.joining(", "));
    }

    static String quoted(String name) {
        return '"' + name + '"';
    }
}
