package dev.mynah.server.config;

import dev.mynah.files.config.Config;
import dev.mynah.files.config.ConfigReference;
import dev.mynah.files.config.Default;
import dev.mynah.files.config.Doc;
import dev.mynah.files.config.Range;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is set when the service starts: from {@value #FILE} in the data folder, over which the environment goes. The key {@code database.url} is the variable {@code
 * MYNAH_DATABASE_URL}, and so on for every key.
 */
public record ServiceConfig(
        @Doc("Where the service listens; 0 for any free port.") @Default("8080") @Range(min = 0, max = 65_535)
        int port,

        @Doc("Where people reach the service, such as https://chat.example.com: links in mails, passkeys, providers and"
                + " payments use it, never what a request says of itself; without it this machine.")
        @Nullable
        String publicUrl,

        @Doc("The addresses of proxies in front, as a regular expression: what they say in X-Forwarded-For and"
                + " X-Forwarded-Proto is believed. Without it, nobody is: all requests come from who connects.")
        @Default("")
        String trustedProxies,

        @Doc("Who may make an account: anybody, or only who is invited.") @Default("open")
        SignUp signUp,

        @Doc("Accounts from one network address before it must wait, in waits that double.")
        @Default("200")
        @Range(min = 1, max = 999_999_999)
        int signUpsPerAddress,

        @Doc("The same for addresses of one mail domain.") @Default("1000") @Range(min = 1, max = 999_999_999)
        int signUpsPerDomain,

        @Doc("Whether models answer only those whose address is confirmed, administrators apart.") @Default("false")
        boolean verifyEmail,

        @Doc(
                "Who needs a second factor: nobody, or operators and administrators, who have their rights only in a session"
                        + " that showed one.")
        @Default("optional")
        SecondFactor secondFactor,

        @Doc(
                "Providers that people may sign in with (OpenID Connect, or OAuth 2.0), in the order in which they are offered.")
        @Default("[]")
        List<OidcProvider> oidc,

        @Doc("How mails leave.") Smtp smtp,

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

        @Doc(
                "Who runs the service, by name or by the code that GB 45438-2025 asks for: stands in the metadata of exported"
                        + " chats.")
        @Default("Mynah")
        String contentProducer,

        @Doc("A statistical mark in what the local model writes (Kirchenbauer et al. 2023, \"A Watermark for Large"
                + " Language Models\").")
        Watermark watermark) {
    /** The file in the data folder, which need not be there. */
    public static final String FILE = "mynah.yaml";

    private static final String PREFIX = "MYNAH_";
    private static final String URL = "https?://[^\\s?#]+";

    public ServiceConfig {
        if (publicUrl != null && publicUrl.isBlank()) {
            publicUrl = null;
        }
        if (publicUrl != null
                && (!publicUrl.matches("https?://[^/?#\\s]+/?")
                        || URI.create(publicUrl).getHost() == null)) {
            throw new IllegalArgumentException("public_url (MYNAH_PUBLIC_URL) must be like https://chat.example.com,"
                    + " without a path, not \"" + publicUrl + "\"");
        }
        publicUrl = publicUrl == null ? null : publicUrl.replaceFirst("/$", "");
        if (payments.provider() == PaymentProvider.STRIPE && publicUrl == null) {
            throw new IllegalArgumentException(
                    "payments.provider stripe needs public_url (MYNAH_PUBLIC_URL), where it sends customers back to");
        }
        try {
            Pattern.compile(trustedProxies);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "trusted_proxies (MYNAH_TRUSTED_PROXIES) must be a regular expression, not \"" + trustedProxies
                            + "\"",
                    e);
        }
        if (contentProducer.isBlank() || contentProducer.codePoints().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("content_producer must be one line, and not empty");
        }
        oidc = List.copyOf(oidc);
    }

    /** Who may make an account. */
    public enum SignUp {
        OPEN,
        INVITATION
    }

    /** Who needs a second factor. */
    public enum SecondFactor {
        OPTIONAL,
        ADMINISTRATORS
    }

    /** Somebody else's accounts. */
    public record OidcProvider(
            @Doc("Its name in addresses, small letters and digits; its callback is"
                    + " PUBLIC_URL/login/oauth2/code/ID.")
            String id,

            @Doc("What its button says; without it the id.") @Default("")
            String name,

            @Doc("Its address, which begins with https://.") String issuer,

            @Doc("How the service is known there.") String clientId,

            @Doc("What the service proves that with.") String clientSecret,

            @Doc(
                    "Where a provider is asked that knows OAuth 2.0 alone; without it the issuer tells by OpenID Connect's discovery.")
            @Nullable
            OAuth2 oauth2) {
        // Without TLS only to this machine.
        private static final String ISSUER = "https://\\S+|http://(localhost|127\\.0\\.0\\.1)(:\\d+)?(/\\S*)?";

        public OidcProvider {
            if (!id.matches("[a-z][a-z0-9]{0,31}")) {
                throw new IllegalArgumentException("id must be small letters and digits, unlike \"" + id + "\"");
            }
            if (!issuer.matches(ISSUER)) {
                throw new IllegalArgumentException("issuer must begin with https://, not be \"" + issuer + "\"");
            }
            if (clientId.isBlank() || clientSecret.isBlank()) {
                throw new IllegalArgumentException("client_id and client_secret must not be empty");
            }
            name = name.isBlank() ? id : name;
        }
    }

    /** The endpoints of a provider that does not tell them itself, and gives no ID tokens. */
    public record OAuth2(
            @Doc("Where people are sent to agree.") String authorizationUrl,

            @Doc("Where the code is changed for a token.") String tokenUrl,

            @Doc("What says as JSON who somebody is.") String userUrl,

            @Doc(
                    "What lists the addresses of somebody as GitHub does: email, primary, verified. Without it user_url tells email and email_verified.")
            @Default("")
            String emailsUrl,

            @Doc("The key of a user's lasting name in what user_url says.") @Default("id")
            String subject,

            @Doc("What people are asked to agree to.") @Default("[]")
            List<String> scopes) {
        public OAuth2 {
            scopes = List.copyOf(scopes);
            for (String url : List.of(authorizationUrl, tokenUrl, userUrl, emailsUrl)) {
                if (!url.isEmpty() && !url.matches(OidcProvider.ISSUER)) {
                    throw new IllegalArgumentException(
                            "its addresses must begin with https://, not be \"" + url + "\"");
                }
            }
        }
    }

    /** How the connection to a mail server is secured. */
    public enum Security {
        STARTTLS,
        TLS,
        NONE
    }

    /** A mail server. */
    public record Smtp(
            @Doc("The SMTP server; without it, mails are files in the data folder.") @Default("")
            String host,

            @Doc("Its port; without it 587 for starttls, 465 for tls, 25 for none.")
            @Nullable
            @Range(min = 1, max = 65_535)
            Integer port,

            @Doc("How the connection is secured; starttls is required then.") @Default("starttls")
            Security security,

            @Doc("Who signs in there; without it, nobody.") @Default("")
            String user,

            @Doc("The user's password.") @Default("") String password,

            @Doc("The sender, such as Mynah <mynah@example.com>; host needs it.") @Default("")
            String from) {
        public Smtp {
            if (!host.isBlank() && from.isBlank()) {
                throw new IllegalArgumentException("smtp.host (MYNAH_SMTP_HOST) needs smtp.from (MYNAH_SMTP_FROM)"
                        + " beside it, the address that mails come from");
            }
        }
    }

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

            @Doc("Jobs of an organisation that may wait, run or pause at once.")
            @Default("20")
            @Range(min = 1, max = 1_000_000)
            int open,

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

    /** Who takes payments. */
    public enum PaymentProvider {
        /** Nobody. */
        OFF,
        /** The test provider, with which no money moves. */
        TEST,
        STRIPE
    }

    /** How payments are taken. */
    public record Payments(
            @Doc(
                    "Who takes them: off for nobody, test for a page that says that no money moves (anybody may have credit for nothing), or stripe, which needs public_url.")
            @Default("off")
            PaymentProvider provider,

            @Doc("Stripe's secret key, sk_...") @Default("") String stripeSecretKey,

            @Doc("What Stripe signs its events with, whsec_...") @Default("")
            String stripeWebhookSecret,

            @Doc("Where Stripe's API is.") @Default("https://api.stripe.com")
            String stripeApiUrl) {
        public Payments {
            if (provider == PaymentProvider.STRIPE
                    && (!stripeApiUrl.matches(URL) || stripeSecretKey.isBlank() || stripeWebhookSecret.isBlank())) {
                throw new IllegalArgumentException(
                        "payments.provider stripe needs stripe_secret_key and stripe_webhook_secret (MYNAH_PAYMENTS_STRIPE_SECRET_KEY and so on); stripe_api_url begins with http:// or https://");
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

    /** Back-ups before the database is changed by a new version. */
    public record Backup(
            @Doc(
                    "Back-ups before migrations of the database that are kept, the newest ones; 0 for none made, such as where"
                            + " PostgreSQL's own tools make them.")
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

            @Doc("Days that stored responses and chat completions are kept; 30 at most in any case.")
            @Default("0")
            @Range(min = 0, max = 36_500)
            int responseDays,

            @Doc("Days that files are kept, uploaded ones and results.") @Default("0") @Range(min = 0, max = 36_500)
            int fileDays,

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
                + ". Each may be given by the environment instead: database.url is MYNAH_DATABASE_URL; a list is given as YAML.\n\n"
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
