package dev.mynah.server;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The mails that a service puts into its folder, read as a mail program reads them. */
public final class Mailbox {
    private static final Pattern TOKEN = Pattern.compile("https?://\\S+#(\\S+)");

    private final Path folder;

    Mailbox(Path dataDir) {
        folder = dataDir.resolve("outbox");
    }

    /** A mail. */
    public record Received(String to, String subject, String text) {
        /** The token in its link. */
        public String token() {
            Matcher token = TOKEN.matcher(text);
            if (!token.find()) {
                throw new IllegalStateException(text);
            }
            return token.group(1);
        }
    }

    /** Waits until so many mails have come to an address, and gives the last. */
    public Received await(String address, int count) {
        for (; ; ) {
            List<Received> mails = to(address);
            if (mails.size() >= count) {
                return mails.get(count - 1);
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    /** The mails that have come to an address, the oldest first. */
    public List<Received> to(String address) {
        return all().stream().filter(mail -> mail.to().equals(address)).toList();
    }

    private List<Received> all() {
        List<Received> mails = new ArrayList<>();
        if (!Files.exists(folder)) {
            return mails;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".eml"))
                    .sorted()
                    .toList()) {
                mails.add(read(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return mails;
    }

    private static Received read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MimeMessage message = new MimeMessage(Session.getInstance(new Properties()), in);
            return new Received(
                    message.getAllRecipients()[0].toString(),
                    message.getSubject(),
                    String.valueOf(message.getContent()));
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }
}
