package dev.mynah.cli;

import dev.mynah.engine.Generation;
import dev.mynah.engine.SamplingOptions;
import dev.mynah.files.DurableFiles;
import dev.mynah.text.chat.ChatMessage;
import dev.mynah.text.chat.ChatMessage.Role;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** A conversation at the terminal. Where input is no terminal, each of its lines is a question. */
final class ChatConsole {
    private static final String HELP = """
            /help           this list
            /reset          forget the conversation
            /system TEXT    what the model is told before it, which begins it anew
            /save FILE      write the conversation as JSON
            /quit           leave; so does Ctrl-D
            A line that ends with \\ goes on in the next. Ctrl-C stops an answer.""";

    /** Where lines come from; null at the end. */
    private interface Lines {
        @Nullable
        String read(String prompt) throws IOException;
    }

    /** The user does not want the rest of an answer. */
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final Conversation conversation;
    private final SamplingOptions options;
    private final PrintWriter out;
    private final AtomicBoolean stop = new AtomicBoolean();
    private final List<ChatMessage> messages = new ArrayList<>();

    ChatConsole(Conversation conversation, SamplingOptions options, PrintWriter out) {
        this.conversation = conversation;
        this.options = options;
        this.out = out;
    }

    @SuppressWarnings("SystemConsoleNull") // it is null where neither input nor output is a terminal
    void run(@Nullable String system) throws IOException {
        begin(system);
        Console console = System.console();
        if (console != null && console.isTerminal()) {
            try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
                terminal.handle(Terminal.Signal.INT, signal -> stop.set(true));
                out.println("Type /help for what can be typed besides questions.");
                talk(terminalLines(terminal));
            }
        } else {
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            talk(prompt -> in.readLine());
        }
    }

    private static Lines terminalLines(Terminal terminal) {
        LineReader reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .parser(new DefaultParser().quoteChars(new char[0]).escapeChars(new char[0]))
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .variable(LineReader.HISTORY_FILE, history())
                .build();
        return prompt -> {
            try {
                return reader.readLine(prompt);
            } catch (UserInterruptException e) {
                return "";
            } catch (EndOfFileException e) {
                return null;
            }
        };
    }

    /** What was typed before, among the user's state (XDG Base Directory Specification). */
    private static Path history() {
        return HubCache.xdg("XDG_STATE_HOME", ".local/state").resolve("history");
    }

    private void begin(@Nullable String system) {
        messages.clear();
        if (system != null && !system.isBlank()) {
            messages.add(ChatMessage.of(Role.SYSTEM, system));
        }
    }

    private void talk(Lines lines) throws IOException {
        while (true) {
            String line = lines.read("> ");
            while (line != null && line.endsWith("\\")) {
                String next = lines.read(". ");
                line = line.substring(0, line.length() - 1) + (next == null ? "" : "\n" + next);
            }
            if (line == null || line.strip().equals("/quit")) {
                return;
            }
            try {
                handle(line);
            } catch (IllegalArgumentException e) {
                out.println("mynah: " + e.getMessage());
            } catch (IOException e) {
                out.println("mynah: " + Failures.sentence(e));
            }
            out.flush();
        }
    }

    private void handle(String line) throws IOException {
        String[] words = line.strip().split("\\s+", 2);
        String rest = words.length > 1 ? words[1] : "";
        switch (words[0]) {
            case "" -> {}
            case "/help" -> out.println(HELP);
            case "/reset" -> begin(systemMessage());
            case "/system" -> begin(rest);
            case "/save" -> save(rest);
            default -> {
                if (words[0].matches("/[a-z]+")) {
                    throw new IllegalArgumentException("there is no command " + words[0] + "; /help lists them");
                }
                ask(line);
            }
        }
    }

    private @Nullable String systemMessage() {
        boolean told = !messages.isEmpty() && messages.getFirst().role() == Role.SYSTEM;
        return told ? messages.getFirst().content() : null;
    }

    private void ask(String question) {
        messages.add(ChatMessage.of(Role.USER, question));
        StringBuilder written = new StringBuilder();
        stop.set(false);
        try {
            Generation answer = conversation.answer(messages, options, text -> {
                written.append(text);
                out.print(text);
                out.flush();
                if (stop.get()) {
                    throw new Stopped();
                }
            });
            messages.add(ChatMessage.of(Role.ASSISTANT, answer.text()));
        } catch (Stopped e) {
            messages.add(ChatMessage.of(Role.ASSISTANT, written.toString()));
        } catch (IllegalArgumentException e) {
            messages.removeLast();
            throw e;
        }
        out.println();
    }

    private void save(String file) throws IOException {
        if (file.isBlank()) {
            throw new IllegalArgumentException("/save needs the name of a file");
        }
        Path path = Path.of(file.strip());
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            throw new IllegalArgumentException("there is no folder " + parent);
        }
        ArrayNode list = JsonMapper.shared().createArrayNode();
        messages.forEach(
                message -> list.addObject().put("role", message.role().id()).put("content", message.content()));
        DurableFiles.write(path, (list.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
        out.println("saved to " + path);
    }
}
