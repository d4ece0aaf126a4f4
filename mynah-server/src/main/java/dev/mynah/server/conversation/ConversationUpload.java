package dev.mynah.server.conversation;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/** Finds {@code conversations.json} in what a user uploads: the file itself, or ChatGPT's ZIP of it. What unpacks to far more than it is, is refused. */
final class ConversationUpload {
    private static final String NAME = "conversations.json";
    private static final long MAX_UPLOAD = 200L << 20;
    private static final long MAX_UNPACKED = 1L << 30;
    // Text shrinks to a fifth, perhaps to a twentieth; a bomb to a thousandth.
    private static final int MAX_RATIO = 100;
    private static final long SMALL = 16 << 20;
    private static final int MAX_ENTRIES = 10_000;

    private ConversationUpload() {}

    /** What is done with the file. */
    interface Reader<T> {
        T read(InputStream json) throws IOException;
    }

    /** @throws IllegalArgumentException if it is too large, no ZIP though it begins as one, or has no such file */
    static <T> T open(InputStream body, Reader<T> reader) throws IOException {
        BoundedInput upload = new BoundedInput(body, MAX_UPLOAD, "the upload");
        BufferedInputStream in = new BufferedInputStream(upload);
        in.mark(2);
        boolean zip = in.read() == 'P' && in.read() == 'K';
        in.reset();
        if (!zip) {
            return reader.read(in);
        }
        try (ZipInputStream archive = new ZipInputStream(in)) {
            return unzip(archive, upload, reader);
        } catch (ZipException e) {
            throw new IllegalArgumentException("the ZIP file is damaged: " + e.getMessage(), e);
        }
    }

    private static <T> T unzip(ZipInputStream archive, BoundedInput upload, Reader<T> reader) throws IOException {
        InputStream unpacked = new Unpacked(archive, upload);
        int entries = 0;
        for (ZipEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
            if (++entries > MAX_ENTRIES) {
                throw new IllegalArgumentException("the ZIP file has more than " + MAX_ENTRIES + " files");
            }
            if (entry.getName().equals(NAME) || entry.getName().endsWith("/" + NAME)) {
                return reader.read(unpacked);
            }
            unpacked.transferTo(OutputStream.nullOutputStream());
        }
        throw new IllegalArgumentException("the ZIP file has no " + NAME);
    }

    /** What comes out of an archive, while it stays in proportion to what went in. */
    private static final class Unpacked extends InputStream {
        private final BoundedInput out;
        private final BoundedInput upload;

        Unpacked(InputStream archive, BoundedInput upload) {
            out = new BoundedInput(archive, MAX_UNPACKED, "what the ZIP file unpacks to");
            this.upload = upload;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int count = out.read(into, from, length);
            if (out.bytesRead() > SMALL + MAX_RATIO * upload.bytesRead()) {
                throw new IllegalArgumentException(
                        "the ZIP file unpacks to more than " + MAX_RATIO + " times its size, which no text does");
            }
            return count;
        }
    }
}
