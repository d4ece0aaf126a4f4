package dev.mynah.server;

import dev.mynah.server.answer.AnswerRepository;
import dev.mynah.server.answer.Answers;
import dev.mynah.server.answer.Sweeper;
import dev.mynah.server.billing.Billing;
import dev.mynah.server.billing.LedgerRepository;
import dev.mynah.server.billing.QuotaRepository;
import dev.mynah.server.billing.RateLimits;
import dev.mynah.server.billing.ReservationRepository;
import dev.mynah.server.billing.SpendCaps;
import dev.mynah.server.billing.Wallets;
import dev.mynah.server.conversation.ConversationRepository;
import dev.mynah.server.conversation.MessageSettler;
import dev.mynah.server.notice.Notices;
import dev.mynah.server.ops.AuditReport;
import dev.mynah.server.ops.Books;
import dev.mynah.server.ops.ServiceState;
import dev.mynah.server.store.DatabaseLocation;
import dev.mynah.server.store.ServerSecret;
import dev.mynah.server.store.Transactions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Work on a service's database from outside, whether the service runs or not. */
public final class Maintenance {
    private final Path dataDir;
    private final DatabaseLocation database;
    private final DriverManagerDataSource dataSource;
    private final JdbcTransactionManager manager;
    private final Clock clock = Clock.systemUTC();

    private Maintenance(Path dataDir, DatabaseLocation database) {
        this.dataDir = dataDir;
        this.database = database;
        dataSource = new DriverManagerDataSource(database.url(), database.user(), database.password());
        manager = new JdbcTransactionManager(dataSource);
    }

    /**
     * Work on the database of a data folder.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Maintenance on(Path dataDir, Map<String, String> environment) throws IOException {
        Path secret = dataDir.resolve(ServerSecret.FILE);
        if (!Files.exists(secret)) {
            throw new IllegalArgumentException(
                    dataDir + " is no data folder of the service: it has no " + ServerSecret.FILE);
        }
        DatabaseLocation database = DatabaseLocation.of(environment, dataDir, ServerSecret.in(secret));
        return new Maintenance(dataDir, database);
    }

    /** Adds up the books. What a killed service left open is settled first where no service runs on the embedded database; a running one, or a replica, does so itself. */
    public AuditReport audit() throws IOException {
        int swept = 0;
        Optional<DataFolder> unused = database.embedded() ? DataFolder.take(dataDir) : Optional.empty();
        if (unused.isPresent()) {
            try (DataFolder folder = unused.get()) {
                swept = sweeper().sweep(clock.instant().plus(Duration.ofDays(1)));
            }
        }
        TransactionTemplate snapshot = new TransactionTemplate(manager);
        // H2 keeps a snapshot of a table from its first use on at REPEATABLE READ, and of all tables only above it.
        snapshot.setIsolationLevel(
                database.embedded()
                        ? TransactionDefinition.ISOLATION_SERIALIZABLE
                        : TransactionDefinition.ISOLATION_REPEATABLE_READ);
        int settled = swept;
        Books books = new Books(JdbcClient.create(dataSource));
        return snapshot.execute(status -> books.check(clock.instant(), settled));
    }

    private Sweeper sweeper() {
        JdbcClient client = JdbcClient.create(dataSource);
        Transactions transactions = new Transactions(manager);
        AnswerRepository repository = new AnswerRepository(client, new JdbcTemplate(dataSource));
        ReservationRepository reservations = new ReservationRepository(client);
        LedgerRepository ledger = new LedgerRepository(client);
        Billing billing = new Billing(
                new RateLimits(new QuotaRepository(client), clock),
                ledger,
                new Wallets(ledger, new Notices(client)),
                new SpendCaps(client),
                reservations);
        Answers answers = new Answers(
                repository,
                billing,
                reservations,
                List.of(new MessageSettler(new ConversationRepository(client))),
                new ServiceState(client),
                transactions,
                clock);
        return new Sweeper(answers, repository, transactions, clock);
    }
}
