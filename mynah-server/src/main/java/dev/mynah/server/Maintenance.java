package dev.mynah.server;

import dev.mynah.files.DurableFiles;
import dev.mynah.server.account.AccountSettings;
import dev.mynah.server.account.Accounts;
import dev.mynah.server.account.ApiKeyRepository;
import dev.mynah.server.account.ApiKeys;
import dev.mynah.server.account.OrganisationRepository;
import dev.mynah.server.account.Project;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.account.SessionRepository;
import dev.mynah.server.account.User;
import dev.mynah.server.account.UserRepository;
import dev.mynah.server.answer.AnswerMetrics;
import dev.mynah.server.answer.AnswerRepository;
import dev.mynah.server.answer.Answers;
import dev.mynah.server.answer.Sweeper;
import dev.mynah.server.backup.Backup;
import dev.mynah.server.backup.Restore;
import dev.mynah.server.billing.Billing;
import dev.mynah.server.billing.LedgerRepository;
import dev.mynah.server.billing.QuotaRepository;
import dev.mynah.server.billing.RateLimits;
import dev.mynah.server.billing.ReservationRepository;
import dev.mynah.server.billing.Wallets;
import dev.mynah.server.config.ServiceConfig;
import dev.mynah.server.conversation.ConversationRepository;
import dev.mynah.server.conversation.MessageSettler;
import dev.mynah.server.notice.Notices;
import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.ops.AuditReport;
import dev.mynah.server.ops.Books;
import dev.mynah.server.ops.ServiceState;
import dev.mynah.server.store.DatabaseLocation;
import dev.mynah.server.store.Rounds;
import dev.mynah.server.store.ServerSecret;
import dev.mynah.server.store.Tokens;
import dev.mynah.server.store.Transactions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Work on a service's database from outside, whether the service runs or not. */
public final class Maintenance {
    private final Path dataDir;
    private final ServerSecret secret;
    private final DatabaseLocation database;
    private final AccountSettings accounts;
    private final DriverManagerDataSource dataSource;
    private final JdbcTransactionManager manager;
    private final Clock clock = Clock.systemUTC();

    private Maintenance(Path dataDir, ServerSecret secret, ServiceConfig config) {
        this.dataDir = dataDir;
        this.secret = secret;
        database = DatabaseLocation.of(config.database(), dataDir, secret);
        accounts = AccountSettings.of(config);
        dataSource = new DriverManagerDataSource(database.url(), database.user(), database.password());
        manager = new JdbcTransactionManager(dataSource);
    }

    /**
     * Work on the database of a data folder.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Maintenance on(Path dataDir, Map<String, String> environment) throws IOException {
        Path file = dataDir.resolve(ServerSecret.FILE);
        if (!Files.exists(file)) {
            throw new IllegalArgumentException(
                    dataDir + " is no data folder of the service: it has no " + ServerSecret.FILE);
        }
        ServerSecret secret = ServerSecret.in(file);
        return new Maintenance(dataDir, secret, ServiceConfig.read(dataDir, environment));
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

    /** Writes all that the service keeps into {@code out}, or into a file of the folder of back-ups where that is null. */
    public Backup.Result backup(@Nullable Path out) throws IOException, SQLException {
        Instant now = clock.instant();
        Path file = out != null
                ? out
                : dataDir.resolve(Backup.FOLDER)
                        .resolve("mynah-"
                                + now.toString().replaceAll("[^0-9]", "").substring(0, 14) + ".zip");
        return new Backup(dataDir, dataSource, database.embedded()).write(file, now);
    }

    /**
     * Brings a back-up into a data folder, or into the PostgreSQL that the environment names, and adds up the books of it.
     *
     * @throws IllegalArgumentException if the back-up is damaged, or there is something already; nothing is changed then
     */
    public static AuditReport restore(Path file, Path dataDir, Map<String, String> environment)
            throws IOException, SQLException {
        if (Files.exists(dataDir.resolve(ServerSecret.FILE)) || Files.exists(dataDir.resolve(DatabaseLocation.FILE))) {
            throw new IllegalArgumentException(
                    dataDir + " has a service's data already; name a folder without, by --data-dir");
        }
        try (Restore restore = Restore.open(file);
                DataFolder folder = DataFolder.take(dataDir)
                        .orElseThrow(() -> new IllegalArgumentException(dataDir + " is in use"))) {
            Path parts = dataDir.resolve("restoring");
            DurableFiles.deleteTree(parts);
            restore.files(parts);
            Maintenance empty = on(parts, environment);
            empty.requireEmpty();
            restore.rows(empty.dataSource);
            empty.sweeper().sweep(empty.clock.instant().plus(Duration.ofDays(1)));
            AuditReport report = empty.audit();
            empty.close();
            moveInto(parts, dataDir);
            return report;
        }
    }

    private void requireEmpty() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                ResultSet tables = connection
                        .getMetaData()
                        .getTables(null, connection.getSchema(), "%", new String[] {"TABLE", "BASE TABLE"})) {
            if (tables.next()) {
                throw new IllegalArgumentException("the database has tables already; a back-up goes into an empty one");
            }
        }
    }

    private void close() {
        if (database.embedded()) {
            JdbcClient.create(dataSource).sql("shutdown").update();
        }
    }

    private static void moveInto(Path parts, Path dataDir) throws IOException {
        List<Path> all;
        try (Stream<Path> listed = Files.list(parts)) {
            all = listed.filter(path -> !path.getFileName().toString().equals(DataFolder.LOCK))
                    // The secret is what makes a data folder of it.
                    .sorted(Comparator.comparing(
                            path -> path.getFileName().toString().equals(ServerSecret.FILE)))
                    .toList();
        }
        for (Path part : all) {
            Files.move(part, dataDir.resolve(part.getFileName()));
        }
        DurableFiles.syncFolder(dataDir);
        DurableFiles.deleteTree(parts);
    }

    /**
     * Makes a key of a user, in the first project of that user.
     *
     * @return the key, which is shown this once
     */
    public String createKey(String email, String name) {
        JdbcClient client = JdbcClient.create(dataSource);
        User user = user(email);
        Project project = new OrganisationRepository(client)
                .projectsOf(user.id()).stream()
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(email + " has no project"));
        Transactions transactions = new Transactions(manager);
        ApiKeys keys = new ApiKeys(
                new ApiKeyRepository(client),
                transactions,
                new Rounds(new JdbcTemplate(dataSource)),
                accounts,
                secret,
                new AuditLog(client, clock),
                clock);
        return keys.create(new ApiKeys.Order(project.id(), user.id(), name, Scopes.ALL, null))
                .secret();
    }

    /**
     * Gives a user a new password, to be changed at the next sign-in, and ends all sessions.
     *
     * @return the password, which is shown this once
     */
    public String resetPassword(String email) {
        JdbcClient client = JdbcClient.create(dataSource);
        User user = user(email);
        UserRepository users = new UserRepository(client);
        OrganisationRepository organisations = new OrganisationRepository(client);
        String password = Tokens.next("");
        String hash = new Accounts(users, organisations, clock).hash(password);
        new Transactions(manager).run(() -> {
            users.setPassword(user.id(), new UserRepository.Password(hash, true), clock.instant());
            new SessionRepository(client).deleteOfUser(user.id());
            new AuditLog(client, clock)
                    .record(AuditLog.SYSTEM, "user.reset_password", user.id(), "by the command line");
        });
        return password;
    }

    private User user(String email) {
        return new UserRepository(JdbcClient.create(dataSource))
                .findByEmail(Accounts.email(email))
                .orElseThrow(() -> new IllegalArgumentException("there is no user " + email));
    }

    private Sweeper sweeper() {
        JdbcClient client = JdbcClient.create(dataSource);
        Transactions transactions = new Transactions(manager);
        JdbcTemplate jdbc = new JdbcTemplate(dataSource);
        Rounds rounds = new Rounds(jdbc);
        AnswerRepository repository = new AnswerRepository(client, jdbc);
        ReservationRepository reservations = new ReservationRepository(client);
        LedgerRepository ledger = new LedgerRepository(client);
        Billing billing = new Billing(
                new RateLimits(new QuotaRepository(client), rounds, clock),
                ledger,
                new Wallets(ledger, new Notices(client)),
                reservations,
                rounds);
        Answers answers = new Answers(
                repository,
                billing,
                reservations,
                List.of(new MessageSettler(new ConversationRepository(client, JsonMapper.shared()))),
                new ServiceState(client),
                transactions,
                rounds,
                new AnswerMetrics(new SimpleMeterRegistry()),
                clock);
        return new Sweeper(answers, repository, transactions, clock);
    }
}
