package dev.mynah.server.account;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Where people reach the service: never what a request says of itself, which anybody can write. */
@Component
public final class PublicUrl {
    private final AccountSettings settings;
    private final Environment environment;

    PublicUrl(AccountSettings settings, Environment environment) {
        this.settings = settings;
        this.environment = environment;
    }

    /** The origin, such as {@code https://chat.example.com}; without a setting, this machine. */
    public String origin() {
        @Nullable String set = settings.publicUrl();
        return set == null ? "http://localhost:" + environment.getRequiredProperty("local.server.port") : set;
    }

    /** A page with a token, which stands behind the hash: browsers send it to nobody. */
    public String link(String path, String token) {
        return origin() + path + "#" + token;
    }

    public String host() {
        return URI.create(origin()).getHost();
    }
}
