package dev.mynah.server.moderation;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What a text may be about that it should not: OpenAI's categories, and three of our own at the end. */
public enum Category {
    HARASSMENT("harassment"),
    HARASSMENT_THREATENING("harassment/threatening"),
    HATE("hate"),
    HATE_THREATENING("hate/threatening"),
    ILLICIT("illicit"),
    ILLICIT_VIOLENT("illicit/violent"),
    SELF_HARM("self-harm"),
    SELF_HARM_INTENT("self-harm/intent"),
    SELF_HARM_INSTRUCTIONS("self-harm/instructions"),
    SEXUAL("sexual"),
    SEXUAL_MINORS("sexual/minors"),
    VIOLENCE("violence"),
    VIOLENCE_GRAPHIC("violence/graphic"),
    /** Numbers that harm their owner when they leak: identity cards, payment cards, accounts. */
    PERSONAL_DATA("personal-data"),
    /** How to reach somebody: e-mail and IP addresses, telephone numbers. */
    PERSONAL_DATA_CONTACT("personal-data/contact"),
    /** What an operator forbids here. */
    CUSTOM("custom");

    private final String id;

    Category(String id) {
        this.id = id;
    }

    /** Its name in the API. */
    public String id() {
        return id;
    }

    /** @throws IllegalArgumentException if there is none of this name */
    public static Category of(String id) {
        return Arrays.stream(values())
                .filter(category -> category.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("category \"" + id + "\" is none of "
                        + Arrays.stream(values()).map(Category::id).collect(Collectors.joining(", "))));
    }
}
