package dev.mynah.server.mail;

import dev.mynah.server.config.ServiceConfig;
import dev.mynah.server.config.ServiceConfig.Security;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.nio.file.Path;
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
    private static final String FOLDER = "outbox";

    /**
     * An SMTP server.
     *
     * @param user who signs in there, or empty for nobody
     */
    public record Server(String host, int port, Security security, String user, String password) {}

    /** @throws IllegalArgumentException if the sender is no address */
    public static MailSettings of(ServiceConfig.Smtp config, Path dataDir) {
        String from = config.from().isBlank() ? "Mynah <mynah@localhost>" : config.from();
        try {
            new InternetAddress(from, true);
        } catch (AddressException e) {
            throw new IllegalArgumentException(
                    "smtp.from (MYNAH_SMTP_FROM) must be an e-mail address, not \"" + from + "\"", e);
        }
        return new MailSettings(from, dataDir.resolve(FOLDER), config.host().isBlank() ? null : server(config));
    }

    private static Server server(ServiceConfig.Smtp config) {
        int usual = switch (config.security()) {
            case STARTTLS -> 587;
            case TLS -> 465;
            case NONE -> 25;
        };
        return new Server(
                config.host(),
                config.port() == null ? usual : config.port(),
                config.security(),
                config.user(),
                config.password());
    }

    /** The way out that these settings name. */
    public Mailer mailer() {
        return server == null ? new FileMailer(from, folder) : new SmtpMailer(from, server);
    }
}
