package dev.mynah.server.account;

import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.converter.AttestedCredentialDataConverter;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.credential.CredentialRecordImpl;
import com.webauthn4j.data.AuthenticationData;
import com.webauthn4j.data.AuthenticationParameters;
import com.webauthn4j.data.PublicKeyCredentialParameters;
import com.webauthn4j.data.PublicKeyCredentialType;
import com.webauthn4j.data.RegistrationData;
import com.webauthn4j.data.RegistrationParameters;
import com.webauthn4j.data.attestation.authenticator.AttestedCredentialData;
import com.webauthn4j.data.attestation.authenticator.AuthenticatorData;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.attestation.statement.NoneAttestationStatement;
import com.webauthn4j.data.client.CollectedClientData;
import com.webauthn4j.data.client.Origin;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import com.webauthn4j.server.ServerProperty;
import com.webauthn4j.util.exception.WebAuthnException;
import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Transactions;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Passkeys (W3C Web Authentication, level 3): keys that a device has, and uses only after it has checked who holds it. One is thus both factors. The challenge is a one-time token, so
 * no answer is good twice.
 */
@Component
public final class Passkeys {
    private static final Logger LOG = LoggerFactory.getLogger(Passkeys.class);
    private static final String CREATE = "passkey-create";
    private static final String GET = "passkey-get";
    private static final Duration LIFETIME = Duration.ofMinutes(5);
    private static final int MAX_PASSKEYS = 20;
    private static final String TYPE = "public-key";
    private static final List<PublicKeyCredentialParameters> ALGORITHMS = List.of(
            new PublicKeyCredentialParameters(PublicKeyCredentialType.PUBLIC_KEY, COSEAlgorithmIdentifier.ES256),
            new PublicKeyCredentialParameters(PublicKeyCredentialType.PUBLIC_KEY, COSEAlgorithmIdentifier.EdDSA),
            new PublicKeyCredentialParameters(PublicKeyCredentialType.PUBLIC_KEY, COSEAlgorithmIdentifier.RS256));

    private final PasskeyRepository passkeys;
    private final UserRepository users;
    private final SignIn signIn;
    private final OneTimeTokens tokens;
    private final PublicUrl url;
    private final Transactions transactions;
    private final AuditLog audit;
    private final Clock clock;
    private final ObjectConverter converter = new ObjectConverter();
    private final AttestedCredentialDataConverter credentials = new AttestedCredentialDataConverter(converter);
    private final WebAuthnManager webAuthn = WebAuthnManager.createNonStrictWebAuthnManager(converter);

    Passkeys(
            PasskeyRepository passkeys,
            UserRepository users,
            SignIn signIn,
            OneTimeTokens tokens,
            PublicUrl url,
            Transactions transactions,
            AuditLog audit,
            Clock clock) {
        this.passkeys = passkeys;
        this.users = users;
        this.signIn = signIn;
        this.tokens = tokens;
        this.url = url;
        this.transactions = transactions;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * What a browser needs to make a passkey ({@code PublicKeyCredentialCreationOptionsJSON}).
     *
     * @throws IllegalArgumentException if the user has as many as there may be
     */
    public Map<String, ?> creationOptions(User user) {
        List<PasskeyRepository.Passkey> own = passkeys.ofUser(user.id());
        if (own.size() >= MAX_PASSKEYS) {
            throw new IllegalArgumentException("an account has at most " + MAX_PASSKEYS + " passkeys");
        }
        String challenge = transactions.call(() -> tokens.issue(CREATE, user.id(), "", LIFETIME));
        return Map.of(
                "challenge",
                challenge,
                "rp",
                Map.of("id", url.host(), "name", "Mynah"),
                "user",
                Map.of("id", base64(handle(user.id())), "name", user.email(), "displayName", user.name()),
                "pubKeyCredParams",
                ALGORITHMS.stream()
                        .map(algorithm ->
                                Map.of("type", TYPE, "alg", algorithm.getAlg().getValue()))
                        .toList(),
                "excludeCredentials",
                own.stream()
                        .map(passkey -> Map.of("type", TYPE, "id", passkey.credentialId()))
                        .toList(),
                "authenticatorSelection",
                Map.of("residentKey", "required", "requireResidentKey", true, "userVerification", "required"),
                "attestation",
                "none",
                "timeout",
                LIFETIME.toMillis());
    }

    /**
     * Keeps the passkey that a browser made; empty where it did not make it for this user, here and just now.
     *
     * @param response {@code RegistrationResponseJSON}
     */
    public Optional<PasskeyRepository.Passkey> add(String userId, String name, String response) {
        return checked(() -> {
            RegistrationData data = parsed(() -> webAuthn.parseRegistrationResponseJSON(response));
            String challenge = challenge(data.getCollectedClientData());
            requireToken(CREATE, challenge, userId);
            webAuthn.verify(data, new RegistrationParameters(server(challenge), ALGORITHMS, true, true));
            return insert(
                    userId,
                    name,
                    Objects.requireNonNull(data.getAttestationObject()).getAuthenticatorData());
        });
    }

    private PasskeyRepository.Passkey insert(String userId, String name, AuthenticatorData<?> made) {
        AttestedCredentialData credential = Objects.requireNonNull(made.getAttestedCredentialData());
        PasskeyRepository.Passkey passkey = new PasskeyRepository.Passkey(
                Ids.next("passkey_"),
                userId,
                name,
                base64(credential.getCredentialId()),
                base64(credentials.convert(credential)),
                made.getSignCount(),
                made.isFlagBE(),
                made.isFlagBS(),
                clock.instant(),
                null);
        transactions.run(() -> {
            if (!passkeys.insert(passkey)) {
                throw new IllegalArgumentException("this passkey is registered already");
            }
            audit.record(userId, "user.passkey", passkey.id(), "added");
        });
        return passkey;
    }

    /** What a browser needs to sign in ({@code PublicKeyCredentialRequestOptionsJSON}), whoever it is: the device knows. */
    public Map<String, ?> requestOptions() {
        String challenge = transactions.call(() -> tokens.issue(GET, null, "", LIFETIME));
        return Map.of(
                "challenge", challenge,
                "rpId", url.host(),
                "allowCredentials", List.of(),
                "userVerification", "required",
                "timeout", LIFETIME.toMillis());
    }

    /**
     * Signs in with a passkey; empty where it is not one of ours, or did not sign here and just now.
     *
     * @param response {@code AuthenticationResponseJSON}
     */
    public Optional<SignIn.SignedIn> signIn(String response, Client client) {
        return checked(() -> {
            AuthenticationData data = parsed(() -> webAuthn.parseAuthenticationResponseJSON(response));
            String challenge = challenge(data.getCollectedClientData());
            requireToken(GET, challenge, null);
            PasskeyRepository.Passkey passkey = passkeys.find(base64(data.getCredentialId()))
                    .orElseThrow(() -> new IllegalArgumentException("the passkey is unknown"));
            if (!Arrays.equals(data.getUserHandle(), handle(passkey.userId()))) {
                throw new IllegalArgumentException("the passkey is another user's");
            }
            webAuthn.verify(data, new AuthenticationParameters(server(challenge), record(passkey), null, true, true));
            return in(passkey, Objects.requireNonNull(data.getAuthenticatorData()), client);
        });
    }

    private SignIn.SignedIn in(PasskeyRepository.Passkey passkey, AuthenticatorData<?> shown, Client client) {
        return transactions.call(() -> {
            User user = users.find(passkey.userId())
                    .filter(found -> found.state() == UserState.ACTIVE)
                    .orElseThrow(() -> new IllegalArgumentException("the user may not come in"));
            if (!passkeys.use(passkey, shown.getSignCount(), shown.isFlagBS(), clock.instant())) {
                throw new IllegalArgumentException("the passkey's counter went back");
            }
            return signIn.in(user, client, true);
        });
    }

    /** Removes a passkey; false where the user has none of this name. */
    public boolean remove(String id, String userId) {
        return transactions.call(() -> {
            boolean removed = passkeys.delete(id, userId);
            if (removed) {
                audit.record(userId, "user.passkey", id, "removed");
            }
            return removed;
        });
    }

    private static <T> Optional<T> checked(Supplier<T> work) {
        try {
            return Optional.of(work.get());
        } catch (WebAuthnException | IllegalArgumentException e) {
            LOG.info("a passkey was refused: {}", e.toString());
            return Optional.empty();
        }
    }

    /** The library takes it that no part of a response is missing. */
    private static <T> T parsed(Supplier<T> parse) {
        try {
            return parse.get();
        } catch (NullPointerException e) {
            throw new IllegalArgumentException("the response is incomplete", e);
        }
    }

    private static String challenge(@Nullable CollectedClientData client) {
        if (client == null) {
            throw new IllegalArgumentException("the response has no client data");
        }
        return base64(client.getChallenge().getValue());
    }

    private void requireToken(String purpose, String challenge, @Nullable String userId) {
        boolean good = transactions.call(() -> tokens.take(purpose, challenge)
                .map(kept -> Objects.equals(kept.userId(), userId))
                .orElse(false));
        if (!good) {
            throw new IllegalArgumentException("the challenge is unknown, used or too old");
        }
    }

    private ServerProperty server(String challenge) {
        return ServerProperty.builder()
                .origin(Origin.create(url.origin()))
                .rpId(url.host())
                .challenge(new DefaultChallenge(challenge))
                .build();
    }

    private CredentialRecordImpl record(PasskeyRepository.Passkey passkey) {
        return new CredentialRecordImpl(
                new NoneAttestationStatement(),
                true,
                passkey.backupEligible(),
                passkey.backedUp(),
                passkey.signCount(),
                credentials.convert(Base64.getUrlDecoder().decode(passkey.credential())),
                null,
                null,
                null,
                null);
    }

    private static byte[] handle(String userId) {
        return userId.getBytes(StandardCharsets.UTF_8);
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
