package dev.mynah.train.run;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.zip.CRC32C;

/**
 * Writes the event files that TensorBoard reads: TFRecords of {@code tensorflow.Event} messages (fields as in
 * TensorFlow's {@code event.proto} and {@code summary.proto}). A run that is gone on with gets a further file, whose
 * first event tells TensorBoard to forget the steps that are done again.
 */
public final class TensorBoardWriter implements Closeable {
    private static final int SESSION_START = 1;
    private static final int DT_STRING = 7;

    private final OutputStream out;
    private final Clock clock;

    private TensorBoardWriter(OutputStream out, Clock clock) {
        this.out = out;
        this.clock = clock;
    }

    /**
     * Begins an event file in {@code folder}, which is made where it is missing.
     *
     * @param firstStep the first step that will be written; events of this step and later ones in older files are void
     */
    public static TensorBoardWriter open(Path folder, int firstStep, Clock clock) throws IOException {
        Files.createDirectories(folder);
        OutputStream file = newFile(folder, clock.instant().getEpochSecond());
        TensorBoardWriter writer = new TensorBoardWriter(file, clock);
        writer.event(writer.stamped().text(3, "brain.Event:2"));
        writer.event(writer.stamped(firstStep).message(7, new Proto().varint(1, SESSION_START)));
        return writer;
    }

    /**
     * A name that no older file has and that sorts after theirs, since TensorBoard reads files in the order of their
     * names.
     */
    private static OutputStream newFile(Path folder, long seconds) throws IOException {
        int next;
        try (var files = Files.list(folder)) {
            next = (int) files.count();
        }
        String name = "events.out.tfevents.%010d.%05d.mynah".formatted(seconds, next);
        return Files.newOutputStream(folder.resolve(name), StandardOpenOption.CREATE_NEW);
    }

    /** Writes one point of the curve {@code tag}. */
    public void scalar(int step, String tag, double value) throws IOException {
        Proto point = new Proto().text(1, tag).fixed32(2, (float) value);
        event(stamped(step).message(5, new Proto().message(1, point)));
    }

    /** Writes a text, which TensorBoard shows as Markdown. */
    public void text(int step, String tag, String markdown) throws IOException {
        Proto shape = new Proto().message(2, new Proto().varint(1, 1));
        Proto tensor = new Proto().varint(1, DT_STRING).message(2, shape).text(8, markdown);
        Proto metadata = new Proto().message(1, new Proto().text(1, "text"));
        Proto value = new Proto().text(1, tag).message(8, tensor).message(9, metadata);
        event(stamped(step).message(5, new Proto().message(1, value)));
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    private Proto stamped() {
        Instant now = clock.instant();
        return new Proto().fixed64(1, now.getEpochSecond() + now.getNano() / 1e9);
    }

    private Proto stamped(int step) {
        return stamped().varint(2, step);
    }

    /** One record: length, its checksum, data, its checksum. */
    private void event(Proto event) throws IOException {
        byte[] data = event.toBytes();
        byte[] length = Proto.little(8).putLong(data.length).array();
        byte[] record = Proto.little(16 + data.length)
                .put(length)
                .putInt(maskedCrc(length))
                .put(data)
                .putInt(maskedCrc(data))
                .array();
        out.write(record);
        out.flush();
    }

    private static int maskedCrc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
    }
}
