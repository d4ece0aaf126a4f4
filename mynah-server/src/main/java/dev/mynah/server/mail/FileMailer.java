package dev.mynah.server.mail;

import dev.mynah.files.DurableFiles;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** Puts mails into a folder, each a file that mail programs open. One that is sent again takes its own place. */
final class FileMailer implements Mailer {
    private final String from;
    private final Path folder;
    private final Session session = Session.getInstance(new Properties());

    FileMailer(String from, Path folder) {
        this.from = from;
        this.folder = folder;
    }

    @Override
    public void send(Mail mail) throws MessagingException, IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Messages.of(mail, from, session).writeTo(bytes);
        Files.createDirectories(folder);
        DurableFiles.write(folder.resolve(mail.id() + ".eml"), bytes.toByteArray());
    }

    @Override
    public String destination() {
        return "files in " + folder.toAbsolutePath() + ", since smtp.host is not set";
    }
}
