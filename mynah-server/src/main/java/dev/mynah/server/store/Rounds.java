package dev.mynah.server.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ColumnMapRowMapper;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.SqlTypeValue;
import org.springframework.jdbc.core.StatementCreatorUtils;
import org.springframework.stereotype.Component;

/**
 * Sends several statements to the database at once and waits for it once, where what one of them does decides nothing about the others. PostgreSQL's protocol pipelines them; the embedded database, which is
 * no message away, takes them one after the other.
 */
@Component
public final class Rounds {
    private final JdbcTemplate jdbc;
    private final boolean pipelined;

    public Rounds(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
        pipelined = "PostgreSQL".equals(jdbc.execute((ConnectionCallback<String>)
                connection -> connection.getMetaData().getDatabaseProductName()));
    }

    /**
     * What a statement did.
     *
     * @param count rows that an update changed, or that a query found
     * @param rows  what a query found, by the columns' names
     */
    public record Result(int count, List<Map<String, @Nullable Object>> rows) {}

    /** Runs statements in their order, within the transaction of the caller, and gives the result of each. */
    @SuppressWarnings("NullAway") // what the callback returns, which is never null
    public List<Result> run(List<Sql> statements) {
        return jdbc.execute((ConnectionCallback<List<Result>>)
                connection -> pipelined ? together(connection, statements) : oneByOne(connection, statements));
    }

    /**
     * As {@link #run}, and lets the commit of the transaction return before it is on the disk of PostgreSQL. It is there at the latest when the next commit that waits for the disk returns, whoever makes it; until
     * then a crash of the database, though not one of this process, undoes it.
     */
    public List<Result> runWithoutWaiting(List<Sql> statements) {
        if (!pipelined) {
            return run(statements);
        }
        List<Sql> all = new ArrayList<>(statements);
        all.addFirst(Sql.of("set local synchronous_commit to off"));
        List<Result> results = run(all);
        return results.subList(1, results.size());
    }

    /** The whole number that a row of a result has in a column. */
    public static long number(Map<String, @Nullable Object> row, String column) {
        return ((Number) Objects.requireNonNull(row.get(column))).longValue();
    }

    private static List<Result> together(Connection connection, List<Sql> statements) throws SQLException {
        String text = statements.stream().map(Sql::text).collect(Collectors.joining(";\n"));
        try (PreparedStatement statement = connection.prepareStatement(text)) {
            int index = 0;
            for (Sql sql : statements) {
                index = set(statement, index, sql);
            }
            List<Result> results = new ArrayList<>();
            boolean query = statement.execute();
            for (int i = 0; i < statements.size(); i++) {
                results.add(result(statement, query));
                query = statement.getMoreResults();
            }
            return results;
        }
    }

    private static List<Result> oneByOne(Connection connection, List<Sql> statements) throws SQLException {
        List<Result> results = new ArrayList<>();
        for (Sql sql : statements) {
            try (PreparedStatement statement = connection.prepareStatement(sql.text())) {
                set(statement, 0, sql);
                results.add(result(statement, statement.execute()));
            }
        }
        return results;
    }

    private static int set(PreparedStatement statement, int index, Sql sql) throws SQLException {
        int next = index;
        for (Object value : sql.values()) {
            StatementCreatorUtils.setParameterValue(statement, ++next, SqlTypeValue.TYPE_UNKNOWN, value);
        }
        return next;
    }

    private static Result result(PreparedStatement statement, boolean query) throws SQLException {
        if (!query) {
            return new Result(statement.getUpdateCount(), List.of());
        }
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        try (ResultSet set = statement.getResultSet()) {
            ColumnMapRowMapper mapper = new ColumnMapRowMapper();
            while (set.next()) {
                rows.add(mapper.mapRow(set, rows.size()));
            }
        }
        return new Result(rows.size(), rows);
    }
}
