package dev.mynah.server.mail;

import jakarta.mail.MessagingException;
import java.io.IOException;

/** A way out for mails. */
public interface Mailer {

    /**
     * Sends a mail; when this returns, it is out of our hands.
     *
     * @throws MailRefusedException if the other side will never take it
     * @throws MessagingException   if it may be tried again
     * @throws IOException          likewise
     */
    void send(Mail mail) throws MailRefusedException, MessagingException, IOException;

    /** Where mails go, for the log. */
    String destination();
}
