package dev.mynah.server.provider;

import dev.mynah.engine.Watermark;
import dev.mynah.server.config.ServiceConfig;
import dev.mynah.server.store.ServerSecret;
import java.util.HexFormat;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The mark in what the local model writes, whose key comes of the server's secret: replicas that share that know each other's texts. */
@Component
public final class Watermarking {
    private final Watermark mark;
    private final boolean enabled;

    Watermarking(ServiceConfig config, ServerSecret secret) {
        byte[] key = HexFormat.of().parseHex(secret.hash("watermark"));
        mark = new Watermark(key, config.watermark().gamma(), config.watermark().delta());
        enabled = config.watermark().enabled();
    }

    /** What texts are marked with, if they are. */
    public Optional<Watermark> applied() {
        return enabled ? Optional.of(mark) : Optional.empty();
    }

    /** What texts may have been marked with. */
    public Watermark mark() {
        return mark;
    }
}
