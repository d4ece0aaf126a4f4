package dev.mynah.server;

import dev.mynah.server.account.AccountSettings;
import dev.mynah.server.account.Administrators;
import dev.mynah.server.account.Administrators.FirstStart;
import dev.mynah.server.account.OidcSettings;
import dev.mynah.server.answer.AnswerDrain;
import dev.mynah.server.answer.Sweeper;
import dev.mynah.server.batch.BatchRunner;
import dev.mynah.server.batch.BatchSettings;
import dev.mynah.server.billing.Billing;
import dev.mynah.server.billing.Money;
import dev.mynah.server.config.ServiceConfig;
import dev.mynah.server.file.FileSettings;
import dev.mynah.server.finetuning.FineTuningOptions;
import dev.mynah.server.finetuning.FineTuningSettings;
import dev.mynah.server.finetuning.JobRunner;
import dev.mynah.server.mail.MailSettings;
import dev.mynah.server.moderation.ModerationSettings;
import dev.mynah.server.payment.PaymentSettings;
import dev.mynah.server.provider.ModelOpener;
import dev.mynah.server.provider.ModelProvider;
import dev.mynah.server.provider.Models;
import dev.mynah.server.store.DatabaseLocation;
import dev.mynah.server.store.EmbeddedDatabase;
import dev.mynah.server.store.ServerSecret;
import dev.mynah.server.studio.RunFolders;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.support.GenericApplicationContext;

/** The service while it runs. */
public final class Server implements AutoCloseable {
    // The administrator's own play money: 1,000 USD.
    private static final Money OPENING_CREDIT = new Money(1_000_000_000L, "USD");

    private final ServletWebServerApplicationContext context;
    private final Optional<FirstStart> firstStart;
    private final CountDownLatch closed = new CountDownLatch(1);

    private Server(ServletWebServerApplicationContext context, Optional<FirstStart> firstStart) {
        this.context = context;
        this.firstStart = firstStart;
        context.addApplicationListener((ContextClosedEvent event) -> closed.countDown());
    }

    /**
     * Starts the service; it answers when this returns. Closing it closes the providers.
     *
     * @throws IllegalArgumentException if another process serves from the data folder, or a setting is wrong
     */
    public static Server start(ServerOptions options, ModelProvider... providers) throws IOException {
        DataFolder folder = DataFolder.take(options.dataDir())
                .orElseThrow(() ->
                        new IllegalArgumentException(options.dataDir() + " is in use: another process serves from it"));
        try {
            return start(options, List.of(providers), folder);
        } catch (IOException | RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    private static Server start(ServerOptions options, List<ModelProvider> providers, DataFolder folder)
            throws IOException {
        ServerSecret secret = ServerSecret.in(options.dataDir().resolve(ServerSecret.FILE));
        ServiceConfig config = ServiceConfig.read(options.dataDir(), options.environment());
        DatabaseLocation database = DatabaseLocation.of(config.database(), options.dataDir(), secret);
        AccountSettings accounts = AccountSettings.of(config);
        OidcSettings oidc = new OidcSettings(config.oidc());
        MailSettings mail = MailSettings.of(config.smtp(), options.dataDir());
        ModerationSettings moderation = ModerationSettings.of(config.moderation(), options.dataDir());
        FileSettings files = FileSettings.of(config.files(), options.dataDir());
        FineTuningSettings fineTuning = FineTuningSettings.of(config.fineTuning(), options.dataDir());
        BatchSettings batches = BatchSettings.of(config.batch());
        PaymentSettings payments = PaymentSettings.of(config);
        SpringApplication application = new SpringApplication(ServerApplication.class);
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        application.setDefaultProperties(properties(options, config, database, files));
        application.addInitializers(context -> {
            GenericApplicationContext beans = (GenericApplicationContext) context;
            beans.registerBean(ServerSecret.class, () -> secret);
            beans.registerBean(DatabaseLocation.class, () -> database);
            for (ModelProvider provider : providers) {
                beans.registerBean("provider of " + provider.models(), ModelProvider.class, () -> provider);
            }
            beans.registerBean(ServerOptions.class, () -> options);
            beans.registerBean(ServiceConfig.class, () -> config);
            beans.registerBean(DataFolder.class, () -> folder);
            beans.registerBean(FileSettings.class, () -> files);
            beans.registerBean(ModerationSettings.class, () -> moderation);
            beans.registerBean(BatchSettings.class, () -> batches);
            beans.registerBean(FineTuningOptions.class, options::fineTuning);
            beans.registerBean(FineTuningSettings.class, () -> fineTuning);
            beans.registerBean(ModelOpener.class, options::opener);
            beans.registerBean(PaymentSettings.class, () -> payments);
            beans.registerBean(AccountSettings.class, () -> accounts);
            beans.registerBean(OidcSettings.class, () -> oidc);
            beans.registerBean(MailSettings.class, () -> mail);
            beans.registerBean(RunFolders.class, () -> new RunFolders(options.runs()));
        });
        ServletWebServerApplicationContext context = (ServletWebServerApplicationContext) application.run();
        try {
            return new Server(context, prepare(context, database));
        } catch (RuntimeException e) {
            context.close();
            throw e;
        }
    }

    private static Map<String, Object> properties(
            ServerOptions options, ServiceConfig config, DatabaseLocation database, FileSettings files) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("server.port", options.port());
        if (!config.trustedProxies().isEmpty()) {
            properties.put("server.forward-headers-strategy", "native");
            properties.put("server.tomcat.remoteip.internal-proxies", config.trustedProxies());
        }
        properties.put("spring.datasource.url", database.url());
        properties.put("spring.datasource.username", database.user());
        properties.put("spring.datasource.password", database.password());
        properties.put(
                "spring.datasource.hikari.maximum-pool-size", config.database().poolSize());
        properties.put(
                "spring.lifecycle.timeout-per-shutdown-phase",
                AnswerDrain.longest(config.shutdown()).plusSeconds(10).toSeconds() + "s");
        properties.put("spring.servlet.multipart.max-file-size", files.maxBytes() + "B");
        properties.put("spring.servlet.multipart.max-request-size", files.maxForm() + "B");
        return properties;
    }

    private static Optional<FirstStart> prepare(ServletWebServerApplicationContext context, DatabaseLocation database) {
        Clock clock = context.getBean(Clock.class);
        Billing billing = context.getBean(Billing.class);
        if (database.embedded()) {
            EmbeddedDatabase.surviveSignals();
            // Nobody else generates on this database: what is open was left by a process that is gone.
            context.getBean(Sweeper.class).sweep(clock.instant().plus(Duration.ofDays(1)));
            context.getBean(JobRunner.class).takeOver();
            context.getBean(BatchRunner.class).takeOver();
        }
        context.getBean(Models.class).registerOwn();
        return context.getBean(Administrators.class)
                .ensureFirst(organisation -> billing.grant(
                        organisation.id(), OPENING_CREDIT, "opening:" + organisation.id(), clock.instant()));
    }

    /** Where the service listens. */
    public String url() {
        return "http://localhost:"
                + Objects.requireNonNull(context.getWebServer()).getPort();
    }

    /** How to come in, on the first start only. */
    public Optional<FirstStart> firstStart() {
        return firstStart;
    }

    /** A component of the service. */
    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** Waits until the service is stopped from outside. */
    public void await() throws InterruptedException {
        closed.await();
    }

    /** Lets running requests end, then stops. */
    @Override
    public void close() {
        context.close();
    }
}
