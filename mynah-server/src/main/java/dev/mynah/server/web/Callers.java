package dev.mynah.server.web;

import dev.mynah.server.account.Caller;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/** Who makes the request of this thread. */
public final class Callers {
    private Callers() {}

    public static Optional<Caller> current() {
        @Nullable
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        return authentication != null && authentication.getPrincipal() instanceof Caller caller
                ? Optional.of(caller)
                : Optional.empty();
    }
}
