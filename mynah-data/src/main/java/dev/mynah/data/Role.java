package dev.mynah.data;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Who speaks in a conversation. */
public enum Role {
    SYSTEM,
    DEVELOPER,
    USER,
    ASSISTANT,
    TOOL;

    /** The names of all roles, for messages. */
    static final String NAMES = Arrays.stream(values()).map(Role::id).collect(Collectors.joining(", "));

    /** The role's name in data and templates, such as {@code assistant}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role that is called {@code id}. */
    static Optional<Role> of(String id) {
        return Arrays.stream(values()).filter(role -> role.id().equals(id)).findFirst();
    }

    /** The role of a name that ShareGPT files and their kin use for {@code from}. */
    static Optional<Role> ofShareGpt(String from) {
        return switch (from) {
            case "human" -> Optional.of(USER);
            case "gpt", "chatgpt", "bing", "bard" -> Optional.of(ASSISTANT);
            case "observation" -> Optional.of(TOOL);
            default -> of(from);
        };
    }
}
