package dev.mynah.text.chat;

import dev.mynah.text.MarkedText.Origin;
import dev.mynah.text.TokenizerConfig;
import dev.mynah.text.chat.ChatMessage.Role;
import dev.mynah.text.jinja.JinjaTemplate;
import dev.mynah.text.jinja.Rendering;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes a conversation as a model was trained to read it, with the model's own Jinja template. Gives the text of Hugging
 * Face transformers' {@code apply_chat_template}.
 *
 * <p>Nobody can forge a turn: every string that comes from outside keeps its origin, character by character, through
 * all that a template does with it, and special tokens are only found in text that the template itself wrote.
 * Immutable, for any number of threads.
 */
public final class ChatTemplate {
    private static final String DEVELOPER = Role.DEVELOPER.id();

    private final String source;
    private final JinjaTemplate template;
    private final @Nullable JinjaTemplate toolTemplate;
    private final Map<String, String> specials;
    private final boolean knowsDeveloper;
    private final Clock clock;

    private ChatTemplate(String source, @Nullable String toolSource, Map<String, String> specials, Clock clock) {
        this.source = source;
        template = JinjaTemplate.parse(source);
        toolTemplate = toolSource == null ? null : JinjaTemplate.parse(toolSource);
        this.specials = specials;
        knowsDeveloper = source.contains(DEVELOPER);
        this.clock = clock;
    }

    /**
     * The template that stands beside a tokenizer, or {@link #plain()} where there is none.
     *
     * @throws dev.mynah.text.jinja.JinjaException if the template is damaged or uses what is not supported
     */
    public static ChatTemplate of(TokenizerConfig config) {
        String source = config.chatTemplate();
        return source == null
                ? plain()
                : new ChatTemplate(
                        source, config.toolChatTemplate(), specials(config), Clock.system(ZoneId.systemDefault()));
    }

    private static Map<String, String> specials(TokenizerConfig config) {
        Map<String, String> specials = new HashMap<>();
        if (config.bosToken() != null) {
            specials.put("bos_token", config.bosToken());
        }
        if (config.eosToken() != null) {
            specials.put("eos_token", config.eosToken());
        }
        return specials;
    }

    /**
     * For models that were never taught a conversation's form: {@code System: ...}, {@code User: ...}, {@code
     * Assistant: ...}, an empty line between them, and {@code Assistant:} for the answer. It knows no tools.
     */
    public static ChatTemplate plain() {
        return new ChatTemplate(resource("plain.jinja"), null, Map.of(), Clock.system(ZoneId.systemDefault()));
    }

    /** A file beside this class. */
    static String resource(String name) {
        try (InputStream in = ChatTemplate.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same template with another clock for {@code strftime_now}. */
    ChatTemplate withClock(Clock other) {
        return new ChatTemplate(source, null, specials, other);
    }

    /** The template's text. */
    public String source() {
        return source;
    }

    /** As {@link #render(List, List, boolean, Map)}, without tools and further variables, for the next answer. */
    public RenderedChat render(List<ChatMessage> messages) {
        return render(messages, List.of(), true, Map.of());
    }

    /**
     * Renders a conversation.
     *
     * @param tools what the assistant may call
     * @param addGenerationPrompt whether the beginning of the assistant's next message is written at the end
     * @param extra further variables that the template knows, such as {@code enable_thinking}: null, String, number,
     *     Boolean, and lists and maps of these; they count as from outside
     * @throws dev.mynah.text.jinja.JinjaException if the template fails, refuses the conversation, or wants more time
     *     or memory than is allowed
     */
    public RenderedChat render(
            List<ChatMessage> messages,
            List<ToolDefinition> tools,
            boolean addGenerationPrompt,
            Map<String, ? extends @Nullable Object> extra) {
        Map<String, @Nullable Object> variables = new LinkedHashMap<>(specials);
        extra.forEach((name, value) -> variables.put(name, JinjaTemplate.marked(value, Origin.OUTSIDE)));
        variables.put("messages", messages.stream().map(this::variables).toList());
        variables.put(
                "tools",
                tools.isEmpty()
                        ? null
                        : tools.stream()
                                .map(tool -> JinjaTemplate.marked(tool.toMap(), Origin.OUTSIDE))
                                .toList());
        variables.put("documents", null);
        variables.put("add_generation_prompt", addGenerationPrompt);
        JinjaTemplate chosen = tools.isEmpty() || toolTemplate == null ? template : toolTemplate;
        Rendering rendering = chosen.render(variables, clock);
        return new RenderedChat(rendering.text(), rendering.generated());
    }

    private @Nullable Object variables(ChatMessage message) {
        boolean heardAsSystem = message.role() == Role.DEVELOPER && !knowsDeveloper;
        Role role = heardAsSystem ? Role.SYSTEM : message.role();
        Origin origin = message.role() == Role.ASSISTANT ? Origin.MODEL : Origin.OUTSIDE;
        Map<String, @Nullable Object> map = message.toMap(role.id());
        Map<String, @Nullable Object> marked = new LinkedHashMap<>();
        map.forEach((key, value) -> marked.put(key, key.equals("role") ? value : JinjaTemplate.marked(value, origin)));
        return marked;
    }
}
