package dev.mynah.server.mail;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How mails leave.
 *
 * @param from   the sender
 * @param folder where mails are put as files while there is no server
 * @param server the SMTP server, or null for files
 */
public record MailSettings(
        String from, Path folder, @Nullable Server server) {
    private static final String PREFIX = "MYNAH_SMTP_";
    private static final String FOLDER = "outbox";
    private static final int MAX_PORT = 65_535;

    /** How the connection is secured. */
    public enum Security {
        STARTTLS(587),
        TLS(465),
        NONE(25);

        private final int port;

        Security(int port) {
            this.port = port;
        }
    }

    /**
     * An SMTP server.
     *
     * @param user who signs in there, or empty for nobody
     */
    public record Server(String host, int port, Security security, String user, String password) {}

    /** @throws IllegalArgumentException if a setting is wrong, with its name */
    public static MailSettings of(Map<String, String> environment, Path dataDir) {
        String from = environment.getOrDefault(PREFIX + "FROM", "Mynah <mynah@localhost>");
        try {
            new InternetAddress(from, true);
        } catch (AddressException e) {
            throw new IllegalArgumentException(PREFIX + "FROM must be an e-mail address, not \"" + from + "\"", e);
        }
        String host = environment.getOrDefault(PREFIX + "HOST", "");
        if (!host.isEmpty() && !environment.containsKey(PREFIX + "FROM")) {
            throw new IllegalArgumentException(
                    PREFIX + "HOST needs " + PREFIX + "FROM beside it, the address that mails come from");
        }
        return new MailSettings(from, dataDir.resolve(FOLDER), host.isEmpty() ? null : server(host, environment));
    }

    private static Server server(String host, Map<String, String> environment) {
        Security security = switch (environment.getOrDefault(PREFIX + "SECURITY", "starttls")) {
            case "starttls" -> Security.STARTTLS;
            case "tls" -> Security.TLS;
            case "none" -> Security.NONE;
            default -> throw new IllegalArgumentException(PREFIX + "SECURITY must be one of starttls, tls, none");
        };
        String port = environment.getOrDefault(PREFIX + "PORT", String.valueOf(security.port));
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > MAX_PORT) {
            throw new IllegalArgumentException(PREFIX + "PORT must be a port, not \"" + port + "\"");
        }
        return new Server(
                host,
                Integer.parseInt(port),
                security,
                environment.getOrDefault(PREFIX + "USER", ""),
                environment.getOrDefault(PREFIX + "PASSWORD", ""));
    }

    /** The way out that these settings name. */
    public Mailer mailer() {
        return server == null ? new FileMailer(from, folder) : new SmtpMailer(from, server);
    }
}
