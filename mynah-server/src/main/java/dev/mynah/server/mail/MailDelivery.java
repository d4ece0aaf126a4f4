package dev.mynah.server.mail;

import dev.mynah.server.ops.RepeatedTask;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Sends what the outbox has, with pauses that double. A mail is sent once, unless the process is killed between the server's answer and the database: then it comes again, under the same
 * {@code Message-ID}.
 */
@Component
final class MailDelivery extends RepeatedTask {
    private static final Logger LOG = LoggerFactory.getLogger(MailDelivery.class);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int MAX_ATTEMPTS = 9;

    private final MailOutbox outbox;
    private final Mailer mailer;

    MailDelivery(MailOutbox outbox, MailSettings settings) {
        super("sending mails", PAUSE);
        this.outbox = outbox;
        this.mailer = settings.mailer();
        LOG.info("mails go to {}", mailer.destination());
    }

    @Override
    protected void once() {
        outbox.due().stream().filter(outbox::claim).forEach(this::attempt);
    }

    private void attempt(MailOutbox.Waiting waiting) {
        Mail mail = waiting.mail();
        try {
            if (!mail.to().isEmpty()) {
                mailer.send(mail);
            }
            outbox.remove(mail.id());
        } catch (MailRefusedException e) {
            LOG.warn("mail {} was refused for good: {}", mail.id(), e.getMessage());
            outbox.remove(mail.id());
        } catch (MessagingException | IOException e) {
            boolean last = waiting.attempts() + 1 >= MAX_ATTEMPTS;
            LOG.warn("mail {} could not be sent{}: {}", mail.id(), last ? ", and is given up" : "", e.toString());
            if (last) {
                outbox.remove(mail.id());
            }
        }
    }
}
