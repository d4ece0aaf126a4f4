package dev.mynah.server.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An SMTP server on loopback (RFC 5321): refuses {@code refused@} for good and {@code later@} once. */
final class SmtpStub implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<String> mails = new CopyOnWriteArrayList<>();
    private volatile boolean busy = true;

    SmtpStub() throws IOException {
        Thread.ofVirtual().start(() -> {
            while (!socket.isClosed()) {
                try {
                    Socket client = socket.accept();
                    Thread.ofVirtual().start(() -> serve(client));
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    int port() {
        return socket.getLocalPort();
    }

    /** The mails that were taken. */
    List<String> mails() {
        return mails;
    }

    private void serve(Socket client) {
        try (client;
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
                PrintStream out = new PrintStream(client.getOutputStream(), true, StandardCharsets.UTF_8)) {
            out.print("220 stub\r\n");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith("DATA")) {
                    out.print("354 go on\r\n");
                    StringBuilder mail = new StringBuilder();
                    for (String next = in.readLine(); !next.equals("."); next = in.readLine()) {
                        mail.append(next).append('\n');
                    }
                    mails.add(mail.toString());
                }
                out.print(answer(line) + "\r\n");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String answer(String line) {
        if (line.startsWith("RCPT TO:<refused@")) {
            return "550 no such user";
        }
        if (line.startsWith("RCPT TO:<later@") && busy) {
            busy = false;
            return "451 try again";
        }
        return line.startsWith("QUIT") ? "221 bye" : "250 ok";
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
