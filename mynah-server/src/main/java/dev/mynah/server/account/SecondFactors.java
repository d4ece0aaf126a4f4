package dev.mynah.server.account;

import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.store.ServerSecret;
import dev.mynah.server.store.Transactions;
import io.nayuki.qrcodegen.QrCode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** The second step at sign-in: codes that an app makes by the time (TOTP), each good once, and recovery codes for when it is lost. */
@Component
public final class SecondFactors {
    private static final String ISSUER = "Mynah";
    private static final int SECRET_BYTES = 20;
    private static final int RECOVERY_CODES = 10;
    private static final int RECOVERY_BYTES = 10;
    private static final int FAILURES = 5;
    private static final String RECOVERY_GROUPS = "(?<=\\G.{4})(?=.)";

    private final SecondFactorRepository factors;
    private final PasskeyRepository passkeys;
    private final LoginThrottle throttle;
    private final Transactions transactions;
    private final ServerSecret secret;
    private final AuditLog audit;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    SecondFactors(
            SecondFactorRepository factors,
            PasskeyRepository passkeys,
            LoginThrottle throttle,
            Transactions transactions,
            ServerSecret secret,
            AuditLog audit,
            Clock clock) {
        this.factors = factors;
        this.passkeys = passkeys;
        this.throttle = throttle;
        this.transactions = transactions;
        this.secret = secret;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * What an app is given.
     *
     * @param secret in Base32, to be typed
     * @param uri    the same for apps, by the convention {@code otpauth://}
     * @param qrCode the modules of the URI's QR code, line by line
     */
    public record Enrolment(String secret, String uri, List<List<Boolean>> qrCode) {}

    /** Whether this user is asked for codes. */
    public boolean isOn(String userId) {
        return factors.secret(userId)
                .map(SecondFactorRepository.Secret::confirmed)
                .orElse(false);
    }

    public int recoveryCodesLeft(String userId) {
        return factors.recoveryCodes(userId);
    }

    /** Begins: codes are asked for once one was shown. Empty where they are already. */
    public Optional<Enrolment> enrol(User user) {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        String sealed = secret.encrypt(HexFormat.of().formatHex(bytes));
        if (!transactions.call(() -> factors.begin(user.id(), sealed))) {
            return Optional.empty();
        }
        String shown = Totp.base32(bytes);
        String uri = "otpauth://totp/" + ISSUER + ":" + URLEncoder.encode(user.email(), StandardCharsets.UTF_8)
                + "?secret=" + shown + "&issuer=" + ISSUER;
        QrCode code = QrCode.encodeText(uri, QrCode.Ecc.MEDIUM);
        List<List<Boolean>> modules = Stream.iterate(0, y -> y < code.size, y -> y + 1)
                .map(y -> Stream.iterate(0, x -> x < code.size, x -> x + 1)
                        .map(x -> code.getModule(x, y))
                        .toList())
                .toList();
        return Optional.of(new Enrolment(shown, uri, modules));
    }

    /**
     * Ends the enrolment with a code of the app.
     *
     * @return the recovery codes, shown this once; empty where the code is wrong or nothing was begun
     */
    public Optional<List<String>> confirm(String userId, String code) {
        throttle.require(subject(userId), FAILURES);
        return transactions.call(() -> {
            if (!isCode(userId, code, false) || !factors.confirm(userId)) {
                return Optional.empty();
            }
            throttle.succeeded(subject(userId));
            audit.record(userId, "user.second_factor", userId, "on");
            List<String> codes =
                    Stream.generate(this::recoveryCode).limit(RECOVERY_CODES).toList();
            factors.putRecoveryCodes(
                    userId, codes.stream().map(fresh -> hash(userId, fresh)).toList());
            return Optional.of(codes);
        });
    }

    /**
     * Whether a code is the app's of this time, or one of the recovery codes. It is used up by that.
     *
     * @throws ThrottledException after too many wrong ones
     */
    public boolean check(String userId, String code) {
        throttle.require(subject(userId), FAILURES);
        boolean right = transactions.call(
                () -> isCode(userId, code, true) || factors.useRecoveryCode(userId, hash(userId, code)));
        if (right) {
            throttle.succeeded(subject(userId));
        }
        return right;
    }

    private boolean isCode(String userId, String code, boolean confirmed) {
        Optional<SecondFactorRepository.Secret> kept =
                factors.secret(userId).filter(found -> found.confirmed() == confirmed);
        if (kept.isEmpty()) {
            return false;
        }
        byte[] key = HexFormat.of().parseHex(secret.decrypt(kept.get().sealed()));
        byte[] shown = code.replace(" ", "").getBytes(StandardCharsets.UTF_8);
        long now = Totp.step(clock.instant());
        // One step to each side, for clocks that differ (RFC 6238, section 5.2).
        return LongStream.rangeClosed(now - 1, now + 1)
                .filter(step -> MessageDigest.isEqual(
                        Totp.code(key, step, Totp.DIGITS).getBytes(StandardCharsets.UTF_8), shown))
                .anyMatch(step -> factors.use(userId, step));
    }

    /** Asks for no codes any more; false where none were asked for. */
    public boolean remove(String userId, String actor) {
        return transactions.call(() -> {
            boolean was = isOn(userId);
            factors.delete(userId);
            if (was) {
                audit.record(actor, "user.second_factor", userId, "off");
            }
            return was;
        });
    }

    /** Takes all second factors from a user who has lost them, in the name of an administrator. */
    void reset(String userId, String actor) {
        transactions.run(() -> {
            factors.delete(userId);
            passkeys.deleteOfUser(userId);
            audit.record(actor, "user.reset_second_factor", userId, "");
        });
    }

    /** Four groups of four letters and digits: 80 random bits. */
    private String recoveryCode() {
        byte[] bytes = new byte[RECOVERY_BYTES];
        random.nextBytes(bytes);
        return String.join("-", Totp.base32(bytes).toLowerCase(Locale.ROOT).split(RECOVERY_GROUPS));
    }

    private String hash(String userId, String code) {
        String plain = code.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        return secret.hash("recovery:" + userId + ":" + plain);
    }

    private static String subject(String userId) {
        return "code:" + userId;
    }
}
