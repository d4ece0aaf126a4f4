package dev.mynah.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Files and readings that several tests need. */
final class TestFiles {

    private TestFiles() {}

    static Path write(Path folder, String name, String text) throws IOException {
        return write(folder, name, text.getBytes(StandardCharsets.UTF_8));
    }

    static Path write(Path folder, String name, byte[] bytes) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.resolveSibling("x").toAbsolutePath().getParent());
        return Files.write(file, bytes);
    }

    static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    static String json(String text) {
        return "{\"text\": \"" + text.replace("\n", "\\n") + "\"}\n";
    }

    /** All documents of a reader, which is then closed. */
    static List<Document> all(DocumentReader reader) throws IOException {
        List<Document> documents = new ArrayList<>();
        try (reader) {
            for (Document next; (next = reader.next()) != null; ) {
                documents.add(next);
            }
        }
        return documents;
    }

    static List<String> texts(DocumentReader reader) throws IOException {
        return all(reader).stream().map(Document::text).toList();
    }

    /** All ids of a split, and from them its documents. */
    static List<String> documents(TokenShards shards, ByteTokenizer tokenizer) {
        int[] ids = new int[Math.toIntExact(shards.tokenCount())];
        shards.read(0, ids, 0, ids.length);
        List<String> documents = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == tokenizer.eosId()) {
                documents.add(tokenizer.decode(java.util.Arrays.copyOfRange(ids, start, i)));
                start = i + 1;
            }
        }
        return documents;
    }
}
