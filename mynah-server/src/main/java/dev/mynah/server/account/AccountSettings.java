package dev.mynah.server.account;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the environment says about accounts.
 *
 * @param publicUrl        where people reach the service, without a slash at the end; null for this machine
 * @param verifyEmail      whether models answer only those whose address is confirmed
 * @param openSignUp       whether anybody may make an account, not only who is invited
 * @param signUpsOfAddress how many accounts may be made from one network address before it must wait
 * @param signUpsOfDomain  how many with addresses of one mail domain
 * @param secondFactor     whether operators and administrators have their rights only after a second factor
 */
public record AccountSettings(
        @Nullable String publicUrl,
        boolean verifyEmail,
        boolean openSignUp,
        int signUpsOfAddress,
        int signUpsOfDomain,
        boolean secondFactor) {
    private static final String PUBLIC_URL = "MYNAH_PUBLIC_URL";
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");

    /** @throws IllegalArgumentException if a setting is wrong, with its name */
    public static AccountSettings of(Map<String, String> environment) {
        return new AccountSettings(
                publicUrl(environment.getOrDefault(PUBLIC_URL, "")).orElse(null),
                flag(environment, "MYNAH_VERIFY_EMAIL", "no", "yes"),
                !flag(environment, "MYNAH_SIGN_UP", "open", "invitation"),
                number(environment, "MYNAH_SIGN_UPS_PER_ADDRESS", 200),
                number(environment, "MYNAH_SIGN_UPS_PER_DOMAIN", 1000),
                flag(environment, "MYNAH_SECOND_FACTOR", "optional", "administrators"));
    }

    private static Optional<String> publicUrl(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (!text.matches("https?://[^/?#\\s]+/?") || URI.create(text).getHost() == null) {
            throw new IllegalArgumentException(
                    PUBLIC_URL + " must be like https://chat.example.com, without a path, not \"" + text + "\"");
        }
        return Optional.of(text.replaceFirst("/$", ""));
    }

    /** Whether a setting has its second value; the first is what it has unless said otherwise. */
    private static boolean flag(Map<String, String> environment, String name, String first, String second) {
        String text = environment.getOrDefault(name, first);
        if (!text.equals(first) && !text.equals(second)) {
            throw new IllegalArgumentException(
                    name + " must be \"" + first + "\" or \"" + second + "\", not \"" + text + "\"");
        }
        return text.equals(second);
    }

    private static int number(Map<String, String> environment, String name, int otherwise) {
        String text = environment.getOrDefault(name, String.valueOf(otherwise));
        if (!NUMBER.matcher(text).matches()) {
            throw new IllegalArgumentException(name + " must be a whole number from 1, not \"" + text + "\"");
        }
        return Integer.parseInt(text);
    }
}
