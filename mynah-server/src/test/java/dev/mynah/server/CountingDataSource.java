package dev.mynah.server;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.slf4j.MDC;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Notes what requests send to the database, and how often they wait for it to have committed. What the service does of itself is not noted. */
final class CountingDataSource extends DelegatingDataSource {
    /** What was sent since the list was cleared: the text of statements, and {@code commit}. */
    final List<String> sent = new CopyOnWriteArrayList<>();

    private CountingDataSource(DataSource target) {
        super(target);
    }

    /** Stands between a server and its database from now on. */
    static CountingDataSource in(TestServer server) {
        CountingDataSource counting = new CountingDataSource(server.bean(DataSource.class));
        server.bean(JdbcTemplate.class).setDataSource(counting);
        server.bean(DataSourceTransactionManager.class).setDataSource(counting);
        return counting;
    }

    long commits() {
        return sent.stream().filter("commit"::equals).count();
    }

    long statements() {
        return sent.size() - commits();
    }

    @Override
    public Connection getConnection() throws SQLException {
        return counted(super.getConnection());
    }

    private Connection counted(Connection connection) {
        return proxy(Connection.class, connection, (method, arguments, result) -> switch (method) {
            case "commit" -> {
                note("commit");
                yield result;
            }
            case "prepareStatement" ->
                statement(PreparedStatement.class, result, String.valueOf(arguments[0]), connection);
            case "createStatement" -> statement(Statement.class, result, "", connection);
            default -> result;
        });
    }

    private Object statement(Class<? extends Statement> type, Object statement, String text, Connection connection) {
        return proxy(type, statement, (method, arguments, result) -> {
            if (method.startsWith("execute")) {
                note(text.isEmpty() ? String.valueOf(arguments[0]) : text);
                if (connection.getAutoCommit()) {
                    note("commit");
                }
            }
            return result;
        });
    }

    private void note(String text) {
        // Set while a request is served, by the thread that does.
        if (MDC.get("request_id") != null) {
            sent.add(text);
        }
    }

    /** Sees the result of a call, and says what is given instead. */
    private interface Seen {
        Object of(String method, Object[] arguments, Object result) throws SQLException;
    }

    private static <T> T proxy(Class<T> type, Object target, Seen seen) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> {
                    try {
                        return seen.of(method.getName(), arguments, method.invoke(target, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
