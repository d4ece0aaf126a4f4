package dev.mynah.server.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;

/** A connection beside those that requests share, for what must not wait for requests that wait for each other: the leases of answers, and what stops them. */
@Component
public final class UrgentConnection implements DisposableBean {
    private final HikariDataSource dataSource;

    public UrgentConnection(DatabaseLocation location) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("urgent");
        config.setJdbcUrl(location.url());
        config.setUsername(location.user());
        config.setPassword(location.password());
        config.setMaximumPoolSize(1);
        // Made when it is first used: by then the database is ready.
        config.setInitializationFailTimeout(-1);
        dataSource = new HikariDataSource(config);
    }

    public JdbcTemplate jdbc() {
        return new JdbcTemplate(dataSource);
    }

    public JdbcClient client() {
        return JdbcClient.create(dataSource);
    }

    public Transactions transactions() {
        return new Transactions(new JdbcTransactionManager(dataSource));
    }

    @Override
    public void destroy() {
        dataSource.close();
    }
}
