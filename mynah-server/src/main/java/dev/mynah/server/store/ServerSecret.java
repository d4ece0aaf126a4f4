package dev.mynah.server.store;

import dev.mynah.files.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key that tokens are hashed with before they are stored: who steals the database alone can neither use nor test one. Tokens are 256 random bits, so a fast hash is enough.
 */
public final class ServerSecret {
    /** Its file in the data folder. */
    public static final String FILE = "secret.key";

    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecretKeySpec key;

    private ServerSecret(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /** The secret in {@code file}, which is made where there is none, readable by its owner only. */
    public static ServerSecret in(Path file) throws IOException {
        if (!Files.exists(file)) {
            byte[] fresh = new byte[BYTES];
            new SecureRandom().nextBytes(fresh);
            DurableFiles.write(file, HexFormat.of().formatHex(fresh) + "\n");
            restrict(file);
        }
        return parse(Files.readString(file), file.toString());
    }

    /**
     * A secret that replicas share.
     *
     * @param source where the text came from, for the message of an error
     */
    public static ServerSecret parse(String text, String source) {
        String hex = text.strip();
        if (!hex.matches("[0-9a-fA-F]{64}")) {
            throw new IllegalArgumentException(source + " must hold 64 hexadecimal digits, the server's secret");
        }
        return new ServerSecret(HexFormat.of().parseHex(hex));
    }

    private static void restrict(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view != null) {
            view.setPermissions(PosixFilePermissions.fromString("rw-------"));
        }
    }

    /** HMAC-SHA-256 of {@code text} in hexadecimal. */
    public String hash(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /** Encrypts what has to be known again, such as a key for another service (AES-256-GCM). */
    public String encrypt(String text) {
        byte[] nonce = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(nonce) + HexFormat.of().formatHex(sealed);
    }

    /**
     * What {@link #encrypt} was given.
     *
     * @throws IllegalStateException if it was encrypted with another secret
     */
    public String decrypt(String sealed) {
        byte[] bytes = HexFormat.of().parseHex(sealed);
        byte[] nonce = Arrays.copyOf(bytes, NONCE_BYTES);
        byte[] rest = Arrays.copyOfRange(bytes, NONCE_BYTES, bytes.length);
        return new String(cipher(Cipher.DECRYPT_MODE, nonce, rest), StandardCharsets.UTF_8);
    }

    private byte[] cipher(int mode, byte[] nonce, byte[] input) {
        try {
            // A key of its own, so that the two uses have nothing to do with each other.
            SecretKeySpec own = new SecretKeySpec(HexFormat.of().parseHex(hash("encryption")), "AES");
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, own, new GCMParameterSpec(TAG_BITS, nonce));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("what is stored was encrypted with another secret", e);
        }
    }
}
