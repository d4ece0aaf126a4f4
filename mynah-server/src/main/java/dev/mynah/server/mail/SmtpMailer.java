package dev.mynah.server.mail;

import dev.mynah.server.config.ServiceConfig.Security;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.jspecify.annotations.Nullable;

/** Sends mails through an SMTP server (RFC 5321), a connection each. */
final class SmtpMailer implements Mailer {
    private static final String TIMEOUT_MS = "10000";
    private static final int PERMANENT = 500;

    private final String from;
    private final MailSettings.Server server;
    private final Session session;

    SmtpMailer(String from, MailSettings.Server server) {
        this.from = from;
        this.server = server;
        Properties properties = new Properties();
        properties.setProperty("mail.smtp.host", server.host());
        properties.setProperty("mail.smtp.port", String.valueOf(server.port()));
        properties.setProperty("mail.smtp.auth", String.valueOf(!server.user().isEmpty()));
        properties.setProperty("mail.smtp.connectiontimeout", TIMEOUT_MS);
        properties.setProperty("mail.smtp.timeout", TIMEOUT_MS);
        properties.setProperty("mail.smtp.writetimeout", TIMEOUT_MS);
        properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
        boolean startTls = server.security() == Security.STARTTLS;
        properties.setProperty("mail.smtp.starttls.enable", String.valueOf(startTls));
        // Without it, who sits between could keep the connection in the clear.
        properties.setProperty("mail.smtp.starttls.required", String.valueOf(startTls));
        properties.setProperty("mail.smtp.ssl.enable", String.valueOf(server.security() == Security.TLS));
        session = Session.getInstance(properties);
    }

    @Override
    public void send(Mail mail) throws MailRefusedException, MessagingException {
        MimeMessage message = Messages.of(mail, from, session);
        try (Transport transport = session.getTransport("smtp")) {
            if (server.user().isEmpty()) {
                transport.connect();
            } else {
                transport.connect(server.user(), server.password());
            }
            transport.sendMessage(message, message.getAllRecipients());
        } catch (SendFailedException e) {
            if (isForGood(e)) {
                throw new MailRefusedException(e);
            }
            throw e;
        }
    }

    /** Whether the recipient or the mail was answered with 5xx (RFC 5321, section 4.2.1). */
    private static boolean isForGood(SendFailedException failure) {
        Address @Nullable [] invalid = failure.getInvalidAddresses();
        return (invalid != null && invalid.length > 0)
                || (failure instanceof SMTPSendFailedException answered && answered.getReturnCode() >= PERMANENT);
    }

    @Override
    public String destination() {
        return server.host() + ":" + server.port();
    }
}
