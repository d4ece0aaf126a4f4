package dev.mynah.server.config;

import dev.mynah.files.config.Config;
import dev.mynah.files.config.ConfigReference;
import dev.mynah.files.config.Default;
import dev.mynah.files.config.Doc;
import dev.mynah.files.config.Range;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is set when the service starts: from {@value #FILE} in the data folder, over which the environment goes. The key {@code database.url} is the variable {@code
 * MYNAH_DATABASE_URL}, and so on for every key.
 */
public record ServiceConfig(
        @Doc("Where the service listens; 0 for any free port.") @Default("8080") @Range(min = 0, max = 65_535)
        int port,

        @Doc("The database.") Database database,

        @Doc("Moderation.") Moderation moderation,

        @Doc("How customers pay.") Payments payments,

        @Doc("Figures for monitoring.") Metrics metrics,

        @Doc("What happens when the service is told to end (SIGTERM).")
        Shutdown shutdown,

        @Doc("Back-ups that the service makes itself.") Backup backup,

        @Doc("How long things are kept; 0 for ever.") Retention retention,

        @Doc("What is uploaded.") Files files,

        @Doc("Fine-tuning jobs.") FineTuning fineTuning,

        @Doc("Batches.") Batch batch,

        @Doc("A statistical mark in what the local model writes (Kirchenbauer et al. 2023, \"A Watermark for Large"
                + " Language Models\").")
        Watermark watermark) {
    /** The file in the data folder, which need not be there. */
    public static final String FILE = "mynah.yaml";

    private static final String PREFIX = "MYNAH_";
    private static final String URL = "https?://[^\\s?#]+";

    /** Where the database is. */
    public record Database(
            @Doc("A PostgreSQL, jdbc:postgresql://HOST/DATABASE; without it an embedded database in the data folder.")
            @Nullable
            String url,

            @Doc("The user of PostgreSQL.") @Default("mynah")
            String user,

            @Doc("The password of PostgreSQL.") @Default("") String password,

            @Doc("Connections to the database that this process holds at most.")
            @Default("16")
            @Range(min = 2, max = 1_000)
            int poolSize) {
        public Database {
            url = url == null || url.isBlank() ? null : url;
            if (url != null && !url.startsWith("jdbc:postgresql:")) {
                throw new IllegalArgumentException(
                        "database.url (MYNAH_DATABASE_URL) must begin with jdbc:postgresql:, unlike \""
                                + url.replaceAll("\\?.*", "") + "\"");
            }
        }
    }

    /** Strikes, and where alarms go. */
    public record Moderation(
            @Doc("The strike from which on a refusal warns.") @Default("2") @Range(min = 1, max = 1_000_000)
            int warnAt,

            @Doc("The strike that suspends.") @Default("5") @Range(min = 1, max = 1_000_000)
            int suspendAt,

            @Doc("How long a strike counts, in minutes.") @Default("60") @Range(min = 1, max = 1_000_000)
            int windowMinutes,

            @Doc("How long a suspension lasts, in minutes.") @Default("60") @Range(min = 1, max = 1_000_000)
            int suspensionMinutes,

            @Doc("Violations a minute, over all accounts, that pull the emergency stop; 0 for never.")
            @Default("0")
            @Range(min = 0, max = 1_000_000)
            int stopRate,

            @Doc("Where alarms are posted as JSON; needs alarm_secret.") @Nullable
            String alarmUrl,

            @Doc("What alarms are signed with (HMAC-SHA-256).") @Default("")
            String alarmSecret) {
        public Moderation {
            alarmUrl = alarmUrl == null || alarmUrl.isBlank() ? null : alarmUrl;
            if (alarmUrl != null && (!alarmUrl.matches("https?://\\S+") || alarmSecret.isEmpty())) {
                throw new IllegalArgumentException(
                        "moderation.alarm_url (MYNAH_MODERATION_ALARM_URL) must begin with http:// or https://, and"
                                + " needs alarm_secret (MYNAH_MODERATION_ALARM_SECRET) beside it");
            }
        }
    }

    /** How much may be uploaded. */
    public record Files(
            @Doc("The most bytes of one file.") @Default("536_870_912") @Range(min = 1)
            long maxBytes,

            @Doc("The most bytes of all files of an organisation.") @Default("10_737_418_240") @Range(min = 1)
            long quotaBytes) {}

    /** What jobs may take of the machine. */
    public record FineTuning(
            @Doc("Jobs that run at once in this process; 0 for none.") @Default("1") @Range(min = 0, max = 1_000)
            int parallel,

            @Doc("Heap of a job, in MB.") @Default("1024") @Range(min = 64, max = 10_000_000)
            int heapMb,

            @Doc("The most private memory of a job in MB, heap included; without it half of the machine's.")
            @Nullable
            @Range(min = 256, max = 10_000_000)
            Integer memoryMb,

            @Doc("Threads with which a job computes; without it half of the processors.")
            @Nullable
            @Range(min = 1, max = 4_096)
            Integer threads,

            @Doc("Where jobs compute: cpu or cuda.") @Default("cpu")
            String device) {}

    /** How batches are answered. */
    public record Batch(
            @Doc("Lines that this process answers at once; 0 for none.") @Default("4") @Range(min = 0, max = 1_000)
            int parallel,

            @Doc("Percent of the usual price.") @Default("50") @Range(min = 0, max = 100)
            int pricePercent) {}

    /** How payments are taken. */
    public record Payments(
            @Doc(
                    "Who takes them: off for nobody, test for a page that says that no money moves (anybody may have credit for nothing), or stripe.")
            @Default("off")
            String provider,

            @Doc("Where customers reach this service; Stripe sends them back there.") @Nullable
            String publicUrl,

            @Doc("Stripe's secret key, sk_...") @Default("") String stripeSecretKey,

            @Doc("What Stripe signs its events with, whsec_...") @Default("")
            String stripeWebhookSecret,

            @Doc("Where Stripe's API is.") @Default("https://api.stripe.com")
            String stripeApiUrl) {
        public Payments {
            if (!provider.matches("off|test|stripe")) {
                throw new IllegalArgumentException(
                        "payments.provider (MYNAH_PAYMENTS_PROVIDER) must be one of off, test, stripe, not \""
                                + provider + "\"");
            }
            if (provider.equals("stripe")
                    && (publicUrl == null
                            || !publicUrl.matches(URL)
                            || !stripeApiUrl.matches(URL)
                            || stripeSecretKey.isBlank()
                            || stripeWebhookSecret.isBlank())) {
                throw new IllegalArgumentException(
                        "payments.provider stripe needs stripe_secret_key, stripe_webhook_secret and public_url (MYNAH_PAYMENTS_STRIPE_SECRET_KEY and so on); addresses begin with http:// or https://");
            }
        }
    }

    /** Who may scrape. */
    public record Metrics(
            @Doc("With it as a bearer token /metrics may be read, beside administrators; at least 16 characters.")
            @Nullable
            String token) {
        private static final int SHORTEST = 16;

        public Metrics {
            token = token == null || token.isBlank() ? null : token;
            if (token != null && token.length() < SHORTEST) {
                throw new IllegalArgumentException("metrics.token (MYNAH_METRICS_TOKEN) must have at least " + SHORTEST
                        + " characters, such as of openssl rand -hex 32");
            }
        }
    }

    /** The end of the process. */
    public record Shutdown(
            @Doc("How long the service goes on as before, no longer ready, so that balancers see it, in seconds.")
            @Default("0")
            @Range(min = 0, max = 600)
            int delaySeconds,

            @Doc("How long running answers may go on then, in seconds; what still runs is kept and marked as"
                    + " interrupted.")
            @Default("20")
            @Range(min = 0, max = 3_600)
            int graceSeconds) {}

    /** Back-ups before an embedded database is changed by a new version. */
    public record Backup(
            @Doc("Back-ups before migrations of the embedded database that are kept, the newest ones; 0 for none made.")
            @Default("5")
            @Range(min = 0, max = 1_000)
            int keep) {}

    /** Days. */
    public record Retention(
            @Doc("Days that archived conversations are kept after their last change.")
            @Default("0")
            @Range(min = 0, max = 36_500)
            int archivedConversationDays,

            @Doc("Days that ratings and rankings of answers are kept after their last change.")
            @Default("0")
            @Range(min = 0, max = 36_500)
            int feedbackDays,

            @Doc("Days that findings of moderation are kept once they were decided.")
            @Default("0")
            @Range(min = 0, max = 36_500)
            int moderationDays,

            @Doc("Days that the audit log is kept; never fewer than 90.") @Default("0") @Range(min = 0, max = 36_500)
            int auditDays) {
        private static final int LEAST_AUDIT = 90;

        public Retention {
            if (auditDays > 0 && auditDays < LEAST_AUDIT) {
                throw new IllegalArgumentException("retention.audit_days must be 0 or at least " + LEAST_AUDIT);
            }
        }
    }

    /** The mark. */
    public record Watermark(
            @Doc("Whether what is written is marked.") @Default("false")
            boolean enabled,

            @Doc("Share of the vocabulary that is preferred after each token.")
            @Default("0.25")
            @Range(above = 0, below = 1)
            double gamma,

            @Doc("By how much the logits of preferred tokens are raised.") @Default("2") @Range(above = 0, max = 20)
            double delta) {}

    /** The keys, for people. */
    public static String reference() {
        return "Keys of D/" + FILE
                + ". Each may be given by the environment instead: database.url is MYNAH_DATABASE_URL.\n\n"
                + ConfigReference.text(ServiceConfig.class);
    }

    /**
     * The configuration of a data folder.
     *
     * @throws dev.mynah.files.config.ConfigException if a key is unknown or a value not allowed
     */
    public static ServiceConfig read(Path dataDir, Map<String, String> environment) throws IOException {
        return Config.read(ServiceConfig.class, dataDir.resolve(FILE), PREFIX, environment);
    }
}
