package dev.mynah.server.mail;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.util.Date;

/** Mails in the form of RFC 5322 and MIME. */
final class Messages {
    private Messages() {}

    static MimeMessage of(Mail mail, String from, Session session) throws MessagingException {
        String domain = new InternetAddress(from).getAddress().replaceFirst(".*@", "");
        MimeMessage message = new MimeMessage(session) {
            @Override
            protected void updateMessageID() throws MessagingException {
                // The same at every attempt: who gets a mail twice may know it by that.
                setHeader("Message-ID", "<" + mail.id() + "@" + domain + ">");
            }
        };
        message.setFrom(new InternetAddress(from));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress(mail.to(), true));
        message.setSubject(mail.subject(), StandardCharsets.UTF_8.name());
        message.setSentDate(Date.from(mail.createdAt()));
        // RFC 3834: no automatic answers to this.
        message.setHeader("Auto-Submitted", "auto-generated");
        message.setText(mail.text(), StandardCharsets.UTF_8.name());
        message.saveChanges();
        return message;
    }
}
