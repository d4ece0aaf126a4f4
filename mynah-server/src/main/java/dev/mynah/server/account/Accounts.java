package dev.mynah.server.account;

import dev.mynah.server.store.Ids;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/** Makes users, each with an organisation and a project of its own. To be called within a transaction. */
@Component
public final class Accounts {
    private static final Pattern EMAIL = Pattern.compile("[^\\s@\\p{Cntrl}]{1,64}@[^\\s@\\p{Cntrl}]{1,255}");
    private static final int MIN_PASSWORD = 10;
    private static final int MAX_PASSWORD = 200;

    private final UserRepository users;
    private final OrganisationRepository organisations;
    private final Clock clock;
    private final PasswordEncoder passwords = Argon2PasswordEncoder.defaultsForSpringSecurity_v5_8();

    public Accounts(UserRepository users, OrganisationRepository organisations, Clock clock) {
        this.users = users;
        this.organisations = organisations;
        this.clock = clock;
    }

    /**
     * What a new account is made of.
     *
     * @param passwordHash       or null for an account without a password
     * @param mustChangePassword whether somebody else chose the password
     */
    public record Order(
            String email,
            String name,
            @Nullable String passwordHash,
            boolean mustChangePassword,
            Role role,
            String planId) {}

    /** A user with the organisation and project that were made for it. */
    public record Created(User user, Organisation organisation, Project project) {}

    /** Makes an account; empty where the address is taken. */
    public Optional<Created> create(Order order) {
        Instant now = clock.instant();
        User user = new User(
                Ids.next("user_"), email(order.email()), order.name(), order.role(), UserState.ACTIVE, now, null);
        if (!users.insert(user)) {
            return Optional.empty();
        }
        @Nullable String hash = order.passwordHash();
        if (hash != null) {
            users.setPassword(user.id(), new UserRepository.Password(hash, order.mustChangePassword()), now);
        }
        Organisation organisation = new Organisation(Ids.next("org_"), order.name(), order.planId());
        organisations.insert(organisation, now);
        organisations.addMember(organisation.id(), user.id(), OrganisationRepository.OWNER);
        organisations.setOwn(user.id(), organisation.id());
        Project project = new Project(Ids.next("proj_"), organisation.id(), "Default");
        organisations.insert(project, now);
        return Optional.of(new Created(user, organisation, project));
    }

    /** Argon2id takes its time by design: call it outside of transactions. */
    public String hash(String password) {
        if (password.length() < MIN_PASSWORD || password.length() > MAX_PASSWORD) {
            throw new IllegalArgumentException(
                    "a password has " + MIN_PASSWORD + " to " + MAX_PASSWORD + " characters, not " + password.length());
        }
        return String.valueOf(passwords.encode(password));
    }

    public boolean matches(String password, String hash) {
        return passwords.matches(password, hash);
    }

    /** The address as it is compared and stored. */
    public static String email(String text) {
        String email = text.strip().toLowerCase(Locale.ROOT);
        if (!EMAIL.matcher(email).matches()) {
            throw new IllegalArgumentException("\"" + email + "\" is no e-mail address");
        }
        return email;
    }
}
