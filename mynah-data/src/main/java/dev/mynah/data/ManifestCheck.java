package dev.mynah.data;

import dev.mynah.data.ShardManifest.Shard;
import dev.mynah.data.ShardManifest.SplitPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Holds a manifest against the files beside it; after this its counts can be trusted. */
final class ManifestCheck {

    /** Plain names only, so that no manifest leads out of its folder. */
    private static final Pattern SHARD_NAME = Pattern.compile("[a-z]+-[0-9]{5,9}\\.bin");

    private ManifestCheck() {}

    /** @throws ShardFormatException that says what is wrong */
    static void check(Path folder, ShardManifest manifest) throws IOException {
        if (manifest.formatVersion() != ShardManifest.FORMAT_VERSION) {
            throw bad(
                    folder,
                    "format version " + manifest.formatVersion() + ", known is " + ShardManifest.FORMAT_VERSION);
        }
        int vocabSize = manifest.vocabSize();
        if (vocabSize < 1 || manifest.endOfDocumentId() < 0 || manifest.endOfDocumentId() >= vocabSize) {
            throw bad(folder, "end-of-document id " + manifest.endOfDocumentId() + " in a vocabulary of " + vocabSize);
        }
        if (!manifest.dtype().equals(ShardWriter.dtype(vocabSize))) {
            throw bad(
                    folder,
                    "dtype " + manifest.dtype() + " with a vocabulary of " + vocabSize + "; it must be "
                            + ShardWriter.dtype(vocabSize));
        }
        for (Split split : Split.values()) {
            SplitPart part = manifest.splits().get(split.key());
            if (part == null) {
                throw bad(folder, "no split '" + split.key() + "'");
            }
            check(folder, split, part, ShardWriter.bytesPerToken(vocabSize));
        }
    }

    private static void check(Path folder, Split split, SplitPart part, int bytesPerToken) throws IOException {
        long tokens = 0;
        for (Shard shard : part.shards()) {
            check(folder, shard, bytesPerToken);
            // No overflow: each count has been held against the size of a file.
            tokens += shard.tokens();
        }
        if (tokens != part.tokens()) {
            throw bad(
                    folder,
                    "split '" + split.key() + "' claims " + part.tokens() + " tokens, its shards hold " + tokens);
        }
        if (part.documents() < 0 || part.documents() > tokens || part.textBytes() < 0) {
            throw bad(
                    folder,
                    "split '" + split.key() + "' claims " + part.documents() + " documents of " + part.textBytes()
                            + " bytes in " + tokens + " tokens");
        }
    }

    private static void check(Path folder, Shard shard, int bytesPerToken) throws IOException {
        if (!SHARD_NAME.matcher(shard.file()).matches()) {
            throw bad(folder, "'" + shard.file() + "' is no name of a shard");
        }
        Path file = folder.resolve(shard.file());
        if (!Files.isRegularFile(file)) {
            throw new ShardFormatException(file + " is missing");
        }
        long bytes = Files.size(file);
        if (bytes % bytesPerToken != 0 || bytes / bytesPerToken != shard.tokens()) {
            throw new ShardFormatException(file + " has " + bytes + " bytes; the manifest claims " + shard.tokens()
                    + " tokens of " + bytesPerToken + " bytes");
        }
    }

    private static ShardFormatException bad(Path folder, String what) {
        return new ShardFormatException(folder.resolve(ManifestFile.NAME) + ": " + what);
    }
}
